import argparse
from functools import partial

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from lingo import languages
from lingo.text import storable
from vocabulary import dictionaries
from vocabulary.errors import MalformedDictionary
from vocabulary.models import Gloss


class Command(BaseCommand):
    help = (
        "Load dictionaries in dictd's format, as FreeDict and Debian have them: a "
        ".index or .dict.dz file, a folder, or FreeDict's archive. Each is loaded "
        "whole or not at all; loading it again changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="+", metavar="PATH")
        parser.add_argument(
            "--language", type=language, help="of its words, if its name doesn't say it"
        )
        parser.add_argument("--native", type=language, help="of its translations")
        parser.add_argument("--licence", type=line, help="if it doesn't state its own")

    def handle(self, *, paths, language, native, licence, **options):
        for path in paths:
            try:
                self.load(path, language, native, licence)
            except MalformedDictionary as error:
                raise CommandError(str(error)) from error

    def load(self, path, language, native, licence):
        found = dictionaries.read(path)
        pair = (language or found.languages[0], native or found.languages[1])
        licence = licence or found.licence
        if None in pair or pair[0] == pair[1]:
            raise CommandError(
                f"{path}: it should be from one of Lingo's languages to another. Say "
                "which with --language and --native."
            )
        if not licence:
            raise CommandError(f"{path}: it states no licence. Say it with --licence.")
        count = Gloss.objects.load(
            found.source,
            licence,
            *pair,
            tqdm(found, "Reading", unit=" entries", disable=None),
            watch=partial(tqdm, desc="Saving", unit=" batches", disable=None),
        )
        names = (languages.LANGUAGES[code].name for code in pair)
        self.stdout.write(
            f"{count} words loaded, {' to '.join(names)}. Source: {found.source}. "
            f"Licence: {licence}."
        )


def language(name):
    """Return the code of a language as it is given to the command."""
    code = languages.resolve(name)
    if code is None:
        known = ", ".join(languages.LANGUAGES)
        raise argparse.ArgumentTypeError(f"“{name}” is none of {known}.")
    return code


def line(text):
    try:
        return dictionaries.one_line(storable(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
