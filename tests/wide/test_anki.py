"""What Anki itself makes of an exported package, and Lingo of one of Anki's."""

import pytest
from anki.collection import (
    Collection,
    ExportAnkiPackageOptions,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
)

from tests.exchanging import brought, exported
from tests.factories import LearnerFactory, introduce
from vocabulary.errors import UnreadableFile
from vocabulary.managers import NewWord
from vocabulary.models import VocabularyItem

TEXT = 'a < b & "c" [sound:x.mp3] {{c1::x}}'


@pytest.fixture
def learner(db):
    """A learner with a word of every kind."""
    learner = LearnerFactory()
    word = NewWord("casas", TEXT, "Dos <b>casas</b>.\n¡Sí!")
    introduce(learner, word, definition="Home.", phonetic="ˈkasas")
    introduce(learner, "pan", source="conversation")
    introduce(learner, NewWord("maison", "house"), language="fr")
    mine = VocabularyItem.objects.for_learner(learner)
    mine.filter(lemma="pan").update(is_suspended=True, lapses=8)
    return learner


@pytest.fixture
def anki(tmp_path):
    """An empty collection."""
    collection = Collection(str(tmp_path / "collection.anki2"))
    yield collection
    collection.close()


def bring(anki, tmp_path, data):
    """Import the package into Anki; return how many notes were new to it."""
    path = tmp_path / "lingo.apkg"
    path.write_bytes(data)
    options = ImportAnkiPackageOptions(with_scheduling=True)
    request = ImportAnkiPackageRequest(package_path=str(path), options=options)
    return len(anki.import_anki_package(request).log.new)


def notes(anki):
    found = [anki.get_note(key) for key in anki.find_notes("")]
    return {note["Lemma"]: note for note in found}


def test_imported_twice_the_same_notes_are_found(learner, anki, tmp_path):
    assert bring(anki, tmp_path, exported(learner, "apkg")) == 3
    first = {note.guid: note.id for note in notes(anki).values()}
    VocabularyItem.objects.filter(lemma="pan").update(translation="bread")

    assert bring(anki, tmp_path, exported(learner, "apkg")) == 0
    assert bring(anki, tmp_path, exported(learner, "apkg", "es")) == 0

    assert {note.guid: note.id for note in notes(anki).values()} == first
    assert [kind.name for kind in anki.models.all_names_and_ids()].count(
        "Lingo word"
    ) == 1


def test_another_learners_word_is_the_same_note(learner, anki, tmp_path):
    other = LearnerFactory()
    introduce(other, "Casa", "mesa")
    bring(anki, tmp_path, exported(learner, "apkg"))

    assert bring(anki, tmp_path, exported(other, "apkg")) == 1


def test_each_language_has_its_deck(learner, anki, tmp_path):
    bring(anki, tmp_path, exported(learner, "apkg"))

    assert len(anki.find_notes("deck:Lingo::Spanish")) == 2
    assert len(anki.find_notes("deck:Lingo::French")) == 1
    assert not anki.find_notes("deck:Default")


def test_fields_and_tags_are_those_of_the_word(learner, anki, tmp_path):
    bring(anki, tmp_path, exported(learner, "apkg"))

    casa, pan = notes(anki)["casa"], notes(anki)["pan"]
    assert dict(casa.items()) == {
        "Word": "casas",
        "Translation": 'a &lt; b &amp; "c" &#91;sound:x.mp3] &#123;&#123;c1::x}}',
        "Sentence": "Dos &lt;b&gt;casas&lt;/b&gt;.<br>¡Sí!",
        "Definition": "Home.",
        "Lemma": "casa",
        "Phonetic": "ˈkasas",
    }
    assert {"lingo::language::spanish", "lingo::source::learner"} <= set(casa.tags)
    assert {"leech", "lingo::source::conversation"} <= set(pan.tags)
    assert len(anki.find_notes("tag:lingo::difficulty::*")) == 3


def test_cards_ask_both_ways_and_show_the_sentence(learner, anki, tmp_path):
    bring(anki, tmp_path, exported(learner, "apkg"))

    forth, back = notes(anki)["casa"].cards()
    assert ">casas</p>" in forth.question()
    assert "Dos &lt;b&gt;casas&lt;/b&gt;.<br>¡Sí!" in forth.question()
    assert "Home." in forth.answer()
    assert "ˈkasas" in forth.answer()
    assert "a &lt; b" in back.question()
    assert "casas" not in back.question()
    assert "casas" in back.answer()
    assert not forth.question_av_tags()
    assert not forth.answer_av_tags()


def test_a_word_without_meaning_is_asked_one_way(learner, anki, tmp_path):
    bring(anki, tmp_path, exported(learner, "apkg"))

    (card,) = notes(anki)["pan"].cards()
    assert ">pan</p>" in card.question()
    assert card.queue == -1  # suspended, as in Lingo


def packed(anki, tmp_path, *, legacy):
    path = tmp_path / "out.apkg"
    options = ExportAnkiPackageOptions(with_scheduling=True, legacy=legacy)
    anki.export_anki_package(out_path=str(path), options=options, limit=None)
    return path.read_bytes()


def test_a_package_that_went_through_anki_comes_back(learner, anki, tmp_path):
    bring(anki, tmp_path, exported(learner, "apkg"))
    data = packed(anki, tmp_path, legacy=True)
    other = LearnerFactory()

    assert brought(other, data) == (3, [])
    assert brought(learner, data) == (0, [])

    item = VocabularyItem.objects.for_learner(other).get(lemma="casa")
    assert (item.translation, item.example) == (TEXT, "Dos <b>casas</b>.\n¡Sí!")


def test_a_deck_made_in_anki_is_read(anki, tmp_path, db):
    note = anki.new_note(anki.models.by_name("Basic"))
    note["Front"], note["Back"] = "el <b>gato</b>", "cat &amp; tomcat"
    anki.add_note(note, anki.decks.id("Spanish::A1"))
    learner = LearnerFactory()

    assert brought(learner, packed(anki, tmp_path, legacy=True)) == (1, [])

    item = VocabularyItem.objects.get()
    assert (item.language, item.word, item.translation) == (
        "es",
        "el gato",
        "cat & tomcat",
    )


def test_ankis_newest_format_says_what_to_do(anki, tmp_path, db):
    anki.add_note(anki.new_note(anki.models.by_name("Basic")), anki.decks.id("x"))
    with pytest.raises(UnreadableFile, match="Support older Anki versions"):
        brought(LearnerFactory(), packed(anki, tmp_path, legacy=False))


def test_a_text_file_from_anki_is_read(anki, tmp_path, db):
    note = anki.new_note(anki.models.by_name("Basic"))
    note["Front"], note["Back"] = "gato", "cat<br>tomcat"
    anki.add_note(note, anki.decks.id("Spanish"))
    path = tmp_path / "notes.txt"
    anki.export_note_csv(
        out_path=str(path),
        limit=None,
        with_html=True,
        with_tags=True,
        with_deck=True,
        with_notetype=True,
        with_guid=True,
    )

    assert brought(LearnerFactory(), path.read_bytes()) == (1, [])

    item = VocabularyItem.objects.get()
    assert (item.language, item.word, item.translation) == (
        "es",
        "gato",
        "cat\ntomcat",
    )
