"""Anki packages, seen from Lingo; `tests/wide/test_anki.py` asks Anki itself."""

import io
import json
import sqlite3
import tempfile
import zipfile
from pathlib import Path

import pytest

from tests.exchanging import brought, exported, found
from tests.factories import LearnerFactory, introduce
from vocabulary.errors import UnreadableFile
from vocabulary.exchange import anki_packages, html_text
from vocabulary.managers import NewWord
from vocabulary.models import VocabularyItem


def zipped(**files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name, data in files.items():
            package.writestr(name.replace("_", "."), data)
    return file.getvalue()


def collection(*statements, notes=(), models=None, decks=None):
    """Return the bytes of a collection with notes (id, model, deck, fields)."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        connection = sqlite3.connect(path)
        connection.executescript(
            "CREATE TABLE col (models, decks); CREATE TABLE cards (nid, did);"
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, mid, flds);"
        )
        basic = {"flds": [{"name": "Front"}, {"name": "Back"}]}
        models = {"1": basic, **(models or {})}
        decks = decks or {"7": {"name": "Lingo::Spanish"}}
        connection.execute(
            "INSERT INTO col VALUES (?, ?)", [json.dumps(models), json.dumps(decks)]
        )
        for key, model, deck, fields in notes:
            connection.execute(
                "INSERT INTO notes VALUES (?, ?, ?)", [key, model, fields]
            )
            connection.execute("INSERT INTO cards VALUES (?, ?)", [key, deck])
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()
        return path.read_bytes()


def cells(data):
    table = anki_packages.read(data)
    return [table.columns, *(row.cells for row in table.rows)]


TEXT = 'a < b & "c" [sound:x.mp3] {{c1::x}}\nsecond line'


def test_words_come_back_from_a_package(learner):
    word = NewWord("casas", TEXT, "Dos <b>casas</b>.")
    introduce(learner, word, definition="Home.", phonetic="ˈkasas")
    introduce(learner, "maison", language="fr")
    data = exported(learner, "apkg")
    other = LearnerFactory()

    assert brought(other, data) == (2, [])
    assert brought(other, data) == (0, [])
    assert brought(learner, data) == (0, [])

    item = VocabularyItem.objects.for_learner(other).get(language="es")
    assert (item.word, item.lemma, item.source) == ("casas", "casa", "import")
    assert (item.translation, item.example) == (TEXT, "Dos <b>casas</b>.")
    assert (item.definition, item.phonetic) == ("Home.", "ˈkasas")


def test_nothing_is_left_on_disk(learner, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    introduce(learner, "casa")

    brought(learner, exported(learner, "apkg"))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("count", [1, 50])
def test_writing_takes_the_same_queries_for_any_number(
    learner, count, django_assert_num_queries
):
    introduce(learner, *(f"zq{n}k" for n in range(count)))
    with django_assert_num_queries(3):  # languages, and twice the items
        exported(learner, "apkg")


def test_a_package_of_no_words_is_one_all_the_same(learner):
    assert cells(exported(learner, "apkg")) == [["Deck’s language"]]


def test_fields_of_all_note_types_are_columns():
    package = zipped(
        collection_anki2=collection(
            notes=[
                (1, 1, 7, "gato\x1fcat"),
                (2, 2, 8, "perro\x1fEl <i>perro</i>."),
                (3, 1, 9, "sol"),
            ],
            models={"2": {"flds": [{"name": "Front"}, {"name": "Sentence"}]}},
            decks={"7": {"name": "es"}, "8": {"name": "Deutsch::A1"}},
        )
    )
    assert cells(package) == [
        ["Front", "Back", "Sentence", "Deck’s language"],
        ["gato", "cat", "", "es"],
        ["perro", "", "El perro.", "de"],
        ["sol", "", "", ""],
    ]


def test_the_newer_of_two_collections_counts():
    package = zipped(
        collection_anki2=collection(notes=[(1, 1, 7, "Please update Anki\x1f")]),
        collection_anki21=collection(notes=[(1, 1, 7, "gato\x1fcat")]),
    )
    assert cells(package)[1] == ["gato", "cat", "es"]


def test_the_newest_format_says_what_to_do():
    package = zipped(collection_anki21b=b"x", collection_anki2=collection())
    with pytest.raises(UnreadableFile, match="Support older Anki versions"):
        anki_packages.read(package)


GOOD = zipped(collection_anki2=collection(notes=[(1, 1, 7, "gato\x1fcat")]))


@pytest.mark.parametrize(
    "data",
    [
        b"no zip",
        GOOD[:-30],
        GOOD[: len(GOOD) // 2],
        GOOD.replace(b"SQLite format 3", b"SQLite format 9"),
        zipped(other=b"x"),
        zipped(collection_anki2=b""),
        zipped(collection_anki2=b"no database"),
        zipped(collection_anki2=collection("DROP TABLE notes")),
        zipped(collection_anki2=collection("DELETE FROM col")),
        zipped(collection_anki2=collection("UPDATE col SET models = '[]'")),
        zipped(collection_anki2=collection("UPDATE col SET models = 'x'")),
        zipped(collection_anki2=collection(f"UPDATE col SET models='{'[' * 99999}'")),
        zipped(collection_anki2=collection(models={"2": {"flds": [{"name": 5}]}})),
        zipped(collection_anki2=collection(models={"2": {"flds": [{"name": "\0"}]}})),
        zipped(
            collection_anki2=collection(models={"2": {"flds": [{"name": "\ud800"}]}})
        ),
        zipped(collection_anki2=collection(notes=[(1, 99, 7, "of no note type")])),
        zipped(collection_anki2=collection(notes=[(1, 1, 7, b"gato")])),
        zipped(collection_anki2=collection(notes=[(1, 1, 7, None)])),
    ],
)
def test_a_damaged_package_is_refused(data):
    with pytest.raises(UnreadableFile, match="no Anki package"):
        anki_packages.read(data)


def test_an_encrypted_package_is_refused():
    locked = bytearray(GOOD)
    locked[6] |= 1  # the flag of the file, and of its entry in the directory
    locked[locked.find(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UnreadableFile, match="no Anki package"):
        anki_packages.read(bytes(locked))


def test_what_unpacks_to_too_much_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(anki_packages, "MOST_BYTES", 1000)
    with pytest.raises(UnreadableFile, match="too large"):
        anki_packages.read(GOOD)


def test_a_collection_that_computes_for_ever_is_broken_off(monkeypatch):
    monkeypatch.setattr(anki_packages, "MOST_SECONDS", 0.2)
    endless = collection(
        "DROP TABLE notes",
        "CREATE VIEW notes AS WITH RECURSIVE n(id) AS "
        "(SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id, 1 mid, '' flds FROM n",
    )
    with pytest.raises(UnreadableFile, match="no Anki package"):
        anki_packages.read(zipped(collection_anki2=endless))


@pytest.mark.parametrize("most", ["MOST_ROWS", "MOST_COLUMNS"])
def test_too_many_notes_or_fields_are_refused(monkeypatch, most):
    monkeypatch.setattr(anki_packages, most, 1)
    data = collection(notes=[(1, 1, 7, "gato\x1fcat"), (2, 1, 7, "sol\x1fsun")])
    with pytest.raises(UnreadableFile, match="at most"):
        anki_packages.read(zipped(collection_anki2=data))


def test_a_note_that_is_no_word_is_refused_by_its_number(learner):
    notes = [(5, 1, 7, "gato\x1fcat"), (6, 1, 7, "123\x1f"), (7, 1, 7, "a\x00b\x1fx")]
    came = found(learner, zipped(collection_anki2=collection(notes=notes)))
    assert [entry.line for entry in came.entries] == [1]
    assert [one.line for one in came.refused] == [2, 3]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("el <b>gato</b>", "el gato"),
        ("a<br>b<div>c</div>", "a\nb\nc"),
        ("a&nbsp;b &lt; c", "a b < c"),
        ("x<style>p {}</style>y<script>1</script></script>z", "xyz"),
        ("hola [sound:hola.mp3]", "hola"),
        ("{{c1::gato::animal}} y {{c2::perro}}", "gato y perro"),
        ('<img src="x.png">', ""),
        ("a < b", "a < b"),
        ("x" * 30_000, "x" * 20_000),
    ],
)
def test_fields_are_read_as_text(field, text):
    assert html_text.to_text(field) == text
