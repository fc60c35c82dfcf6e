"""Reading dictionaries in dictd's format, as FreeDict releases them.

A dictionary is two files: `NAME.index`, with a line `headword TAB offset TAB length`
for each entry, and `NAME.dict`, the texts of the entries, or `NAME.dict.dz`, the same
compressed. They are given as one of the two, as the folder with both, or as FreeDict's
archive of it. The format: https://datatracker.ietf.org/doc/html/rfc2229 and dictfmt(1).
"""

import gzip
import io
import lzma
import re
import tarfile
import textwrap
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lingo import languages
from lingo.text import storable
from vocabulary.entries import Entry
from vocabulary.errors import MalformedDictionary

# The largest file that is read, decompressed; FreeDict's largest has 100 MB.
MAX_BYTES = 300_000_000
INDEX, TEXTS, COMPRESSED = ".index", ".dict", ".dict.dz"
ARCHIVES = (".tar.xz", ".tar.gz", ".tgz")
UNREADABLE = (ValueError, EOFError, zlib.error, lzma.LZMAError, tarfile.TarError)
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
NAME_LENGTH = PHONETIC_LENGTH = 200

AVAILABILITY = re.compile(r"^Availability:\s*\n((?:[ \t]+.*\n|\n)+)", re.MULTILINE)
UNDER = re.compile(r"^.*?\bunder (?:the )?(?:terms of )?(?:the )?")

# The first line of an entry: the headword, /how it is said/, other forms, <grammar>.
HEAD = re.compile(r"(?P<word>.+?)(?: /(?P<phonetic>[^/ ][^/]*)/.*| <.*)?")
# What a headword says of its use: “etw. schaffen”, “sich (auf etw.) reimen”.
PLACEHOLDER = re.compile(
    r"(?:^|(?<=\s))(?:\([^()]*\)|(?:(?:etw|jd[mns]?|sb|sth)\.(?:'s)?/?)+)(?=\s|$)"
)
# A synthesiser that changed to another language's rules, as it shouldn't have.
OTHER_VOICE = re.compile(r"\([a-z]{2}(?:-[a-z]{2})?\).*\([a-z]{2}(?:-[a-z]{2})?\)")
SENSE = re.compile(r"(?P<number>\d{1,3})\. (?P<translations>.+)")
# Lines below an entry's translations that aren't any.
ASIDE = re.compile(r"\s+(?:Notes?|Synonyms?|see):|\s*\"|\d+\.$")
# An abbreviation, as it is glued to a translation, with how it is said.
ABBREVIATION = re.compile(r"(?:(?<=[>\]])|(?<=, )|^)(?:[^,<>\[\]]*,  /[^/]*/)+")
LABEL = re.compile(r"<[^<>]*>|\[[^\[\]]*\]")
# A comma, but none within brackets.
COMMA = re.compile(r",(?:\s+|$)(?![^()]*\))")


@dataclass(frozen=True)
class Dictionary:
    """A dictionary as it was read: its texts, and where in them its entries are.

    Going through it gives each `Entry`; that raises MalformedDictionary.
    """

    name: str
    texts: bytes
    places: list[tuple[int, int]]
    about: dict[str, tuple[int, int]]

    def __len__(self):
        return len(self.places)

    def __iter__(self):
        is_empty = True
        for place in self.places:
            if entry := parse(self._text(*place)):
                is_empty = False
                yield entry
        if is_empty:
            reason = "it has no entry with a translation"
            raise MalformedDictionary(self.name + INDEX, reason)

    def _text(self, offset, length):
        try:
            return storable(self.texts[offset : offset + length].decode())
        except ValueError as error:
            place = f"byte {offset}"
            raise MalformedDictionary(self.name + TEXTS, str(error), place) from error

    def _said(self, name):
        """Return what the entry `name`, which is about the dictionary, says."""
        lines = self._text(*self.about.get(name, (0, 0))).split("\n")
        return "\n".join(line for line in lines if not line.startswith("00"))

    @property
    def source(self):
        """Its title, without the version: a new one takes the place of the old."""
        title = self._said("00databaseshort").strip()
        return one_line(re.sub(r" ver\. .*", "", title)) or self.name

    @property
    def licence(self):
        """The licence that its information states, or "".

        That is the first sentence of the section “Availability” that speaks of one,
        from its name on: “GNU General Public License ver. 2.0 and any later version”.
        """
        section = AVAILABILITY.search(self._said("00databaseinfo"))
        text = " ".join(section[1].split()) if section else ""
        for sentence in re.split(r"(?<=\.) (?=[A-Z])", text):
            if re.search("licen[cs]e", sentence, re.IGNORECASE):
                return one_line(UNDER.sub("", sentence).rstrip("."))
        return ""

    @property
    def languages(self):
        """The codes of a name such as “spa-eng”, each None where it is none of ours."""
        return tuple(map(languages.resolve, (["", *self.name.split("-")])[-2:]))


def read(path):
    """Return the `Dictionary` at `path`. Raises MalformedDictionary."""
    name, index, texts = _files(Path(path))
    places, about = _places(name, index, len(texts))
    return Dictionary(name, texts, sorted(places), about)


def one_line(text):
    """Return the text as a source or a licence is kept: a line of 200 characters."""
    return textwrap.shorten(text, NAME_LENGTH, placeholder=" …")


def parse(text):
    """Return the `Entry` of an entry's text, or None where it translates no word.

    FreeDict's layout: the headword's line; then the translations, on one line, or on a
    line for each sense with its number. Definitions, examples, notes and references
    stand on lines below that; affixes (-able) are left out.

    >>> parse("banco /bˈanko/ <n, masc>\\n1. bench\\n2. bank, shoal")
    Entry(word='banco', senses=[['bench'], ['bank', 'shoal']], phonetic='bˈanko', ...)
    """
    first, *lines = text.strip("\n").split("\n")
    head = HEAD.fullmatch(first.strip())
    if not head or head["word"].strip("-…").strip() != head["word"]:
        return None
    word = " ".join(PLACEHOLDER.sub("", head["word"]).strip("¿?¡! ").split())
    said = head["phonetic"] or ""
    is_whole = word == head["word"] and len(said) <= PHONETIC_LENGTH
    senses = [split for line in _senses(lines) if (split := _translations(line))]
    if not senses or not any(sign.isalpha() for sign in word):
        return None
    return Entry(
        word,
        senses,
        phonetic=said if is_whole and not OTHER_VOICE.search(said) else "",
        is_special=lines[0].strip()[0] == "["
        or lines[0].strip()[-1] == "]"
        or any("Note:" in line for line in lines),
    )


def _senses(lines):
    """Yield the lines with translations, without their numbers."""
    if not lines or ASIDE.match(lines[0]):
        return
    if not SENSE.fullmatch(lines[0]):
        yield lines[0]
        return
    number = 1
    for line in lines:
        sense = SENSE.fullmatch(line)
        if sense and int(sense["number"]) == number:
            yield sense["translations"]
            number += 1


def _translations(line):
    """Return the translations of one sense, without what is said of them."""
    text = re.sub(r" 2\.$", "", line)  # where definitions of its own begin
    text = LABEL.sub(" ", ABBREVIATION.sub("", text))
    parts = (" ".join(part.split()) for part in COMMA.split(text))
    return [part for part in parts if part]


def _places(name, index, size):
    """Return the places (offset, length) of the entries, and of what is about them."""
    places, about = set(), {}
    for number, line in enumerate(index.split(b"\n"), start=1):
        if not line:
            continue
        try:
            word, *numbers = line.decode().split("\t")
            if len(numbers) < 2:
                raise ValueError("it has no offset and length")
            offset, length = map(_number, numbers[:2])
            if offset + length > size:
                raise ValueError("it points behind the end of the texts")
        except ValueError as error:
            place = f"line {number}"
            raise MalformedDictionary(name + INDEX, str(error), place) from error
        if (key := word.replace("-", "")).startswith("00database"):
            about[key] = offset, length
        else:
            places.add((offset, length))
    return places, about


def _number(digits):
    """Return a number of the index: base 64, the highest digit first."""
    if not 0 < len(digits) < 12 or any(digit not in DIGITS for digit in digits):
        raise ValueError(f"“{digits[:20]}” is no number")
    number = 0
    for digit in digits:
        number = number * 64 + DIGITS.index(digit)
    return number


def _files(path):
    """Return a dictionary's name, its index and its texts."""
    try:
        files = _in_archive(path) if path.name.endswith(ARCHIVES) else _in_folder(path)
        found = [name for name in files if name.endswith(INDEX)]
        if len(found) != 1:
            reason = f"there are {len(found)} dictionaries, and there should be one"
            raise MalformedDictionary(path, reason)
        name = found[0].removesuffix(INDEX)
        if name + TEXTS in files:
            texts = _bounded(files[name + TEXTS])
        elif name + COMPRESSED in files:
            with gzip.open(files[name + COMPRESSED]) as file:
                texts = _bounded(file)
        else:
            reason = f"there is neither {name}{TEXTS} nor {name}{COMPRESSED}"
            raise MalformedDictionary(path, reason)
        return name, _bounded(files[name + INDEX]), texts
    except OSError as error:
        raise MalformedDictionary(path, error.strerror or str(error)) from error
    except UNREADABLE as error:
        raise MalformedDictionary(path, str(error)) from error


def _in_folder(path):
    """Return the paths of the files by name: of a folder, or those beside a file."""
    if path.is_dir():
        return {file.name: file for file in path.iterdir()}
    name = path.name
    for ending in (INDEX, COMPRESSED, TEXTS):
        name = name.removesuffix(ending)
    kept = [path.with_name(name + ending) for ending in (INDEX, TEXTS, COMPRESSED)]
    return {file.name: file for file in kept if file.exists()}


def _in_archive(path):
    """Return the files of an archive by name, read in memory: nothing is unpacked."""
    decompressed = lzma.open if path.name.endswith("xz") else gzip.open
    with decompressed(path) as file:
        archive = io.BytesIO(_bounded(file))
    with tarfile.open(fileobj=archive, mode="r:") as tar:
        return {
            PurePosixPath(member.name).name: tar.extractfile(member)
            for member in tar
            if member.isfile()
        }


def _bounded(file):
    """Return the bytes of a path or of an open file. Raises ValueError on too many."""
    if isinstance(file, Path):
        with file.open("rb") as opened:
            return _bounded(opened)
    found = file.read(MAX_BYTES + 1)
    if len(found) > MAX_BYTES:
        raise ValueError(f"it is larger than {MAX_BYTES // 10**6} MB")
    return found
