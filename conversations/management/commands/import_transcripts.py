import json
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from conversations.errors import ConversationError
from conversations.models import Conversation

LINES = (".jsonl", ".ndjson")


class Refused(Exception):
    """A transcript can't be imported; the text says why."""


class Command(BaseCommand):
    help = (
        "Import transcripts from JSON files (one transcript or a list of them) and "
        "JSON Lines files (.jsonl, .ndjson). Each is saved whole or refused with a "
        "line that says why; importing it again changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)

    def handle(self, *, files, **options):
        saved = refused = 0
        found = [transcript for path in files for transcript in transcripts_in(path)]
        for place, text in tqdm(found, unit=" transcripts", disable=None):
            try:
                save(text)
                saved += 1
            except (Refused, ConversationError) as error:
                refused += 1
                self.stderr.write(f"{place}: {error}")
        self.stdout.write(f"{saved} transcripts saved, {refused} refused.")
        if refused:
            raise CommandError("Not every transcript could be imported.")


def transcripts_in(path):
    """Yield place and content of each transcript in the file.

    The content is a line of JSON, parsed JSON, or the `Refused` that says why there is
    none.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix.lower() in LINES:
            for number, line in enumerate(text.split("\n"), start=1):
                if line.strip():
                    yield f"{path}, line {number}", line
            return
        data = parse(text)
    except (OSError, UnicodeDecodeError, Refused) as error:
        yield str(path), Refused(str(error))
        return
    if isinstance(data, list):
        for number, transcript in enumerate(data, start=1):
            yield f"{path}, transcript {number}", transcript
    else:
        yield str(path), data


def parse(text):
    """Return the JSON value of `text`. Raises Refused."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(f"malformed JSON: {error}") from error


def save(content):
    """Save one transcript for the learner whom its user_id names. Raises Refused."""
    if isinstance(content, Refused):
        raise content
    data = parse(content) if isinstance(content, str) else content
    name = data.get("user_id") if isinstance(data, dict) else None
    Learner = get_user_model()
    try:
        learner = Learner.objects.named(name)
    except Learner.DoesNotExist:
        raise Refused(f"user_id {name!r} names no learner") from None
    except Learner.MultipleObjectsReturned:
        raise Refused(f"user_id {name!r} names two learners") from None
    Conversation.objects.save_transcript(learner, data)
