"""Words as Anki packages (.apkg): a deck for each language, without audio.

Anki knows a note again by its GUID, which depends on language and lemma alone: the
package may be imported as often as one likes.
"""

import io
import json
import shutil
import sqlite3
import tempfile
import time
import zipfile
import zlib
from itertools import count
from pathlib import Path

from lingo.languages import LANGUAGES
from lingo.text import storable
from vocabulary.errors import UnreadableFile
from vocabulary.exchange.html_text import to_html, to_text
from vocabulary.exchange.tables import (
    DECK,
    MOST_COLUMNS,
    MOST_ROWS,
    Row,
    Table,
    deck_language,
)

BATCH = 1000
# Ids that never change: Anki takes another id for another note type or deck.
MODEL_ID, DECK_ID = 1_836_201_749, 1_264_000_000
# The fields of Lingo's note type, and the columns of an item that fill them.
FIELDS = {
    "Word": "word",
    "Translation": "translation",
    "Sentence": "example",
    "Definition": "definition",
    "Lemma": "lemma",
    "Phonetic": "phonetic",
}

_DETAILS = """
{{#Definition}}<p class="definition">{{Definition}}</p>{{/Definition}}
{{#Phonetic}}<p class="phonetic">{{Phonetic}}</p>{{/Phonetic}}"""
_SENTENCE = '{{#Sentence}}<p class="sentence">{{Sentence}}</p>{{/Sentence}}'
_MEANING = (
    "{{#Translation}}{{Translation}}{{/Translation}}"
    "{{^Translation}}{{Definition}}{{/Translation}}"
)
TEMPLATES = [
    {
        "name": "Word → meaning",
        "qfmt": f'<p class="word">{{{{Word}}}}</p>\n{_SENTENCE}',
        "afmt": "{{FrontSide}}\n<hr id=answer>\n"
        f'<p class="translation">{{{{Translation}}}}</p>{_DETAILS}',
    },
    {
        "name": "Meaning → word",
        "qfmt": f'<p class="translation">{_MEANING}</p>',
        "afmt": "{{FrontSide}}\n<hr id=answer>\n"
        f'<p class="word">{{{{Word}}}}</p>\n{_SENTENCE}{_DETAILS}',
    },
]
CSS = """
.card { max-width: 32rem; margin: 0 auto; padding: 1rem; text-align: center;
  font: 1.125rem/1.6 Georgia, serif; color: #2a2926; background: #fbf9f5; }
.word { font-size: 1.75rem; font-weight: 600; }
.translation { font-size: 1.375rem; color: #0f6660; }
.sentence { font-style: italic; }
.definition, .phonetic { font-size: 1rem; color: #625e56; }
.nightMode.card { color: #e4e1da; background: #171918; }
.nightMode .translation { color: #6fc7bd; }
.nightMode .definition, .nightMode .phonetic { color: #a8a398; }
"""

# What reading a package may take: bytes once unpacked, bytes a text, seconds.
MOST_BYTES, LONGEST_TEXT, MOST_SECONDS = 256 * 2**20, 2**24, 20
_MALFORMED = (AttributeError, KeyError, TypeError, ValueError)
NO_PACKAGE = "This is no Anki package, or a damaged one."
NEW_FORMAT = (
    "This package is in Anki’s newest format. In Anki’s export window tick “Support "
    "older Anki versions”, and export it again."
)


def write(items, file):
    """Write the items to the binary file. They are never all in memory.

    Not with genanki's own `write_to_file`: that leaves its database behind, in a
    temporary file that anybody might read.
    """
    import genanki

    model = genanki.Model(
        MODEL_ID,
        "Lingo word",
        fields=[{"name": name} for name in FIELDS],
        templates=[dict(template) for template in TEMPLATES],
        css=CSS,
    )
    decks = [
        _deck(code, items.filter(language=code), model)
        for code in sorted(set(items.order_by().values_list("language", flat=True)))
    ]
    now = time.time()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "collection.anki2"
        connection = sqlite3.connect(path)
        try:
            package = genanki.Package(decks)
            package.write_to_db(connection.cursor(), now, count(int(now * 1000)))
            connection.commit()
        finally:
            connection.close()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
            package.write(path, path.name)
            package.writestr("media", "{}")


def _deck(language, items, model):
    import genanki

    class Notes:
        """The notes of the items, made whenever genanki goes through them."""

        def __iter__(self):
            return (_note(item, model) for item in items.iterator(chunk_size=BATCH))

    deck = genanki.Deck(
        DECK_ID + int.from_bytes(language.encode()),
        f"Lingo::{LANGUAGES[language].name}",
    )
    deck.notes = Notes()
    return deck


def _note(item, model):
    import genanki

    note = genanki.Note(
        model,
        [to_html(getattr(item, column)) for column in FIELDS.values()],
        tags=[
            f"lingo::language::{LANGUAGES[item.language].name.lower()}",
            f"lingo::difficulty::{item.difficulty_level:02}",
            f"lingo::source::{item.source}",
            *(["leech"] if item.is_leech else []),
        ],
        guid=genanki.guid_for("lingo", item.language, item.lemma),
    )
    for card in note.cards:
        card.suspend = item.is_suspended
    return note


def read(data):
    """Return the notes of a package as a `Table`; a row's line is the note's number.

    The columns are the fields of all its note types. Raises UnreadableFile.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "collection"
        _unpack(data, path)
        try:
            return _table(path)
        except (sqlite3.Error, RecursionError, *_MALFORMED) as error:
            raise UnreadableFile(NO_PACKAGE) from error


def _unpack(data, path):
    """Write the package's collection to a file."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = package.namelist()
            if "collection.anki21b" in names:
                # Beside it lies an old collection that only says: update Anki.
                raise UnreadableFile(NEW_FORMAT)
            is_newer = "collection.anki21" in names
            found = package.getinfo(f"collection.anki2{'1' if is_newer else ''}")
            if found.file_size > MOST_BYTES:
                raise UnreadableFile(
                    "This package is too large. Export fewer decks at a time."
                )
            with package.open(found) as packed, path.open("wb") as unpacked:
                shutil.copyfileobj(packed, unpacked)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        NotImplementedError,
        OSError,
        RuntimeError,
    ) as error:
        raise UnreadableFile(NO_PACKAGE) from error


def _table(path):
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        # A file from elsewhere: whatever its schema says, it can't take for ever.
        until = time.monotonic() + MOST_SECONDS
        connection.set_progress_handler(lambda: time.monotonic() > until, 100_000)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_TEXT)
        connection.execute("PRAGMA trusted_schema = OFF")
        return _notes(connection)
    finally:
        connection.close()


def _notes(connection):
    """Return the notes of an open collection (its schema 11) as a table."""
    models, decks = connection.execute("SELECT models, decks FROM col").fetchone()
    fields = {
        int(key): [storable(field["name"]) for field in model["flds"]]
        for key, model in json.loads(models).items()
    }
    languages = {
        int(key): deck_language(deck["name"]) for key, deck in json.loads(decks).items()
    }
    deck_of = dict(connection.execute("SELECT nid, did FROM cards"))
    notes = connection.execute(
        "SELECT id, mid, flds FROM notes ORDER BY id LIMIT ?", [MOST_ROWS + 1]
    ).fetchall()
    names = list(dict.fromkeys(name for _, mid, _ in notes for name in fields[mid]))
    if len(notes) > MOST_ROWS or len(names) > MOST_COLUMNS:
        raise UnreadableFile(
            f"A package has at most {MOST_ROWS} notes, and {MOST_COLUMNS} fields."
        )
    found = []
    for number, (key, mid, texts) in enumerate(notes, start=1):
        texts = dict(zip(fields[mid], texts.split("\x1f"), strict=False))
        cells = [to_text(texts.get(name, "")) for name in names]
        found.append(Row(number, [*cells, languages.get(deck_of.get(key), "")]))
    return Table([*names, DECK], found)
