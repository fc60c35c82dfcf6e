"""Importing as one act: all or nothing, never twice, at a constant price."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection
from django.utils import timezone

from lingo.models import Learner
from progress.models import LearningProgress, StudyDay
from tests.exchanging import brought, exported, found
from tests.factories import LearnerFactory, introduce
from tests.racing import assert_adds_up, at_once
from vocabulary.entries import Entry
from vocabulary.errors import UnreadableFile, UploadNotFound
from vocabulary.exchange import importing
from vocabulary.managers import UPLOADS_WAIT
from vocabulary.models import Gloss, VocabularyItem, VocabularyUpload
from vocabulary.reviewing import review


def listed(*words):
    return "\n".join(["word", *words]).encode()


def many(count):
    letters = "bcdfghjklmnpqrst"
    words = [f"x{a}{b}e{c}a" for a in letters for b in letters for c in letters]
    return words[:count]


def test_imported_words_are_new_words_of_today(learner):
    assert brought(learner, listed("casas", "pan"), language="es") == (2, [])

    item = VocabularyItem.objects.get(lemma="casa")
    assert (item.word, item.source, item.is_new) == ("casas", "import", True)
    assert item.is_due
    assert item.frequency > 4
    assert "casas" in item.search_text
    day = StudyDay.objects.get()
    assert (day.words, day.date) == (2, learner.local_date())
    assert LearningProgress.objects.get().words_learned == 2


def test_a_word_without_a_translation_gets_the_glossarys(learner):
    Gloss.objects.load("Lingo", "MIT", "es", "en", [Entry("casa", [["house"]])])
    data = b"word,translation\ncasas,\npan,bread\nsol,"

    brought(learner, data, language="es")

    items = VocabularyItem.objects.values_list("lemma", "translation", "search_text")
    assert sorted(items) == [
        ("casa", "house", "casas casa house"),
        ("pan", "bread", "pan bread"),
        ("sol", "", "sol"),
    ]


def test_importing_again_changes_nothing(learner):
    data = listed("casas", "pan")
    brought(learner, data, language="es")
    before = exported(learner, "json")

    assert brought(learner, data, language="es") == (0, [])

    assert exported(learner, "json") == before
    assert StudyDay.objects.get().words == 2
    assert LearningProgress.objects.get().words_learned == 2


@pytest.mark.parametrize(
    "words", [("casa", "Casas", "CASA"), ("café", "cafe\u0301", "Cafés")]
)
def test_a_word_comes_once_however_it_is_written(learner, words):
    assert brought(learner, listed(*words), language="es") == (1, [])
    assert brought(learner, listed(*words[::-1]), language="es") == (0, [])
    assert VocabularyItem.objects.get().word == words[0]


def test_a_word_that_is_there_stays_as_it_is(learner):
    item = introduce(learner, "casa")[0]

    data = b"word,translation\ncasas,house\n"
    assert brought(learner, data, language="es") == (0, [])

    item.refresh_from_db()
    assert (item.word, item.translation) == ("casa", "")


def test_what_others_have_is_no_matter(learner, stranger):
    introduce(stranger, "casa")
    assert brought(learner, listed("casa"), language="es") == (1, [])


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",,,", None),
        ("123,,,", "letter"),
        (",house,,", "letter"),
        ("x" * 101 + ",,,", "100 characters"),
        ("mesa," + "x" * 201 + ",,", "Translation: at most 200"),
        ("mesa,," + "x" * 2001 + ",", "Definition: at most 2000"),
        ("mesa,,," + "x" * 2001, "Example sentence: at most 2000"),
    ],
)
def test_a_row_that_is_no_word_is_refused_with_its_line(learner, row, why):
    data = f"word,translation,definition,example\n{row}\npan,bread,,\n".encode()

    new, refused = brought(learner, data, language="es")

    assert new == 1
    assert [line for line, _ in refused] == ([2] if why else [])
    assert all(why in reason for _, reason in refused)


def test_columns_can_be_told_what_they_are(learner):
    data = b"house,casa,ka-sa\n"
    meanings = ["translation", "word", "phonetic"]

    assert brought(learner, data, language="es", meanings=meanings) == (1, [])

    item = VocabularyItem.objects.get()
    assert (item.word, item.translation, item.phonetic) == ("casa", "house", "ka-sa")


def test_a_line_break_in_a_word_is_a_space(learner):
    assert brought(learner, b'word\n"el\ngato"\n', language="es") == (1, [])
    assert VocabularyItem.objects.get().word == "el gato"


def test_a_preview_counts_and_shows_but_saves_nothing(learner):
    introduce(learner, "pan")
    came = found(learner, listed("casa", "pan", "123", *many(30)), language="es")

    preview = importing.preview(learner, came)

    assert (preview.new, preview.known, len(preview.refused)) == (31, 1, 1)
    assert len(preview.shown) == 20
    assert [(entry.item["word"], new) for entry, new in preview.shown[:2]] == [
        ("casa", True),
        ("pan", False),
    ]
    assert VocabularyItem.objects.count() == 1


def failing(error, statement, times=1):
    """Return a context in which the database fails so often with such a statement."""
    left = [error] * times

    def execute(execute, sql, *args):
        if sql.startswith(statement) and left:
            raise left.pop()
        return execute(sql, *args)

    return connection.execute_wrapper(execute)


def test_it_is_all_or_nothing(learner):
    tallies = 'INSERT INTO "progress_studyday"'

    with failing(DatabaseError("disk full"), tallies), pytest.raises(DatabaseError):
        brought(learner, listed(*many(600)), language="es")

    assert not VocabularyItem.objects.exists()
    assert not LearningProgress.objects.exists()


def test_a_collision_with_another_write_is_tried_again(learner, stranger):
    review(introduce(stranger, "casa")[0], 3, client_id="1")
    archive = exported(stranger, "json")

    with failing(IntegrityError("taken"), 'INSERT INTO "vocabulary_review"'):
        assert brought(learner, archive) == (1, [])

    assert exported(learner, "json") == archive


@pytest.mark.django_db(transaction=True)
def test_imports_at_once_bring_each_word_once():
    learner = LearnerFactory()

    def call(words):
        return lambda: brought(learner, listed(*words), language="es")[0]

    new = at_once(call(many(30)), call(many(40)[::-1]), call(many(40)[20:]))

    assert sum(new) == VocabularyItem.objects.count() == 40
    assert_adds_up(learner)


def test_a_batch_takes_a_constant_number_of_statements(
    learner, django_assert_max_num_queries
):
    introduce(learner, *many(250))
    came = found(learner, listed(*many(1000)), language="es")

    with django_assert_max_num_queries(60):  # SQLite takes so many values a statement
        assert importing.bring_in(learner, came) == 750


def test_a_file_of_several_languages_counts_for_each(learner):
    data = b"word,language\ncasa,es\nmaison,fr\npan,es\n"

    assert brought(learner, data) == (3, [])

    words = StudyDay.objects.values_list("language", "words")
    assert sorted(words) == [("es", 2), ("fr", 1)]


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (b"", "", "empty"),
        (b" \n", "", "empty"),
        (b"casa", "words.apkg", "no Anki package"),
        (b"PK\x03\x04 and no more", "words.csv", "no Anki package"),
        (b"casa", "words.json", "no JSON"),
        (b"\xef\xbb\xbf {", "", "no JSON"),
        (b"\x89PNG\r\n\x1a\n", "picture.png", "UTF-8"),
    ],
)
def test_a_file_is_what_its_content_and_name_say(data, name, why):
    with pytest.raises(UnreadableFile, match=why):
        importing.read(data, name=name)


def keep(learner, data=b"casa\npan\n"):
    return VocabularyUpload.objects.keep(
        learner, name="words.csv", content=data, language="es"
    )


def test_an_upload_takes_the_place_of_the_one_before(learner, stranger):
    keep(stranger)
    keep(learner)
    upload = keep(learner)
    assert str(upload) == "words.csv"
    assert VocabularyUpload.objects.for_learner(learner).get() == upload
    assert VocabularyUpload.objects.count() == 2


def test_an_upload_is_imported_once(learner):
    upload = keep(learner)
    came = found(learner, upload.content, language="es")

    done = importing.bring_in_upload(upload, came)
    again = importing.bring_in_upload(upload, came)

    assert done.outcome == {"new": 2, "known": 0, "refused": 0, "reasons": []}
    assert again.outcome == done.outcome
    upload.refresh_from_db()
    assert (bytes(upload.content), upload.outcome) == (b"", done.outcome)


def test_an_upload_that_is_gone_brings_nothing(learner):
    upload = keep(learner)
    came = found(learner, upload.content, language="es")
    keep(learner)

    with pytest.raises(UploadNotFound):
        importing.bring_in_upload(upload, came)
    assert not VocabularyItem.objects.exists()


def test_uploads_that_nobody_came_back_to_are_forgotten(learner, stranger, capsys):
    keep(learner)
    VocabularyUpload.objects.update(created_at=timezone.now() - UPLOADS_WAIT)
    fresh = keep(stranger)

    call_command("forget_uploads")

    assert capsys.readouterr().out == "1 files deleted.\n"
    assert VocabularyUpload.objects.get() == fresh


def test_an_account_takes_its_uploads_with_it(learner):
    keep(learner)
    Learner.objects.all().delete()
    assert not VocabularyUpload.objects.exists()
