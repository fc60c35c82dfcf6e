"""The pages on which words go out and come in."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.exchanging import exported
from tests.factories import introduce
from vocabulary.managers import NewWord
from vocabulary.models import VocabularyItem, VocabularyUpload

EXPORT, IMPORT = reverse("vocabulary:export"), reverse("vocabulary:import")
CSV = b"Wort;Bedeutung\nHaus;house\nBrot;bread\n123;x\n"


def file(content=CSV, name="words.csv"):
    return SimpleUploadedFile(name, content)


def sent(client, content=CSV, name="words.csv", language="de"):
    """Upload a file; return the address of its preview."""
    data = {"file": file(content, name), "language": language}
    answer = client.post(IMPORT, data)
    assert answer.status_code == 302, answer.context["form"].errors
    return answer.url


CHOSEN = {
    "language": "de",
    "has_header": "on",
    "column_0": "word",
    "column_1": "translation",
}


def words():
    return list(VocabularyItem.objects.order_by("word").values_list("word", flat=True))


def test_the_vocabulary_list_leads_to_both(learner_client):
    page = learner_client.get(reverse("vocabulary:list")).text
    assert EXPORT in page
    assert IMPORT in page


def test_the_export_page_asks_for_format_and_language(learner_client):
    page = learner_client.get(EXPORT)
    assert page.status_code == 200
    for shown in ("CSV", "Anki package", "JSON", "All languages"):
        assert shown in page.text


@pytest.mark.parametrize(
    ("wanted", "media_type"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("apkg", "application/x-apkg"),
        ("json", "application/json"),
    ],
)
def test_the_file_has_a_name_and_a_media_type(
    learner_client, learner, wanted, media_type
):
    introduce(learner, "casa")

    answer = learner_client.get(EXPORT, {"format": wanted, "language": "es"})

    content = b"".join(answer.streaming_content)
    assert answer["Content-Type"] == media_type
    assert answer["Content-Length"] == str(len(content))
    assert re.fullmatch(
        rf'attachment; filename="lingo-spanish-[0-9-]{{10}}\.{wanted}"',
        answer["Content-Disposition"],
    )


def test_a_file_too_large_for_memory_is_complete(learner_client, learner, monkeypatch):
    monkeypatch.setattr("vocabulary.exchange.exporting.IN_MEMORY", 100)
    introduce(learner, *(f"zq{n}k" for n in range(50)))

    answer = learner_client.get(EXPORT, {"format": "csv"})

    assert b"".join(answer.streaming_content) == exported(learner, "csv")


@pytest.mark.parametrize(
    "query", [{"format": "doc"}, {"format": "csv", "language": "xx"}, {"format": ""}]
)
def test_what_cannot_be_taken_out_is_said(learner_client, query):
    answer = learner_client.get(EXPORT, query)
    assert answer.status_code == 422
    assert "errorlist" in answer.text


def test_a_stranger_takes_out_nothing_of_it(stranger_client, learner):
    introduce(learner, "casa")
    answer = stranger_client.get(EXPORT, {"format": "csv"})
    assert b"casa" not in b"".join(answer.streaming_content)


def test_a_file_is_looked_at_before_it_is_imported(learner_client, learner):
    assert learner_client.get(IMPORT).status_code == 200

    page = learner_client.get(sent(learner_client))

    assert page.status_code == 200
    assert "3 new words" in page.text  # the line of names is taken for one
    assert "1 refused" in page.text
    for shown in ("Haus", "house", "German", "A word needs a letter."):
        assert shown in page.text
    assert words() == []


def test_columns_can_be_chosen_and_looked_at_again(learner_client):
    address = sent(learner_client)

    page = learner_client.post(
        address, {**CHOSEN, "column_0": "translation", "column_1": "word", "preview": 1}
    )

    assert page.status_code == 200
    preview = page.context["preview"]
    assert [entry.item["word"] for entry, _ in preview.shown] == ["house", "bread", "x"]
    assert words() == []


def test_confirming_imports_what_was_chosen(learner_client):
    address = sent(learner_client)

    done = learner_client.post(address, CHOSEN, follow=True)

    assert words() == ["Brot", "Haus"]
    assert done.redirect_chain == [(address, 302)]
    assert "2 new words came in" in done.text
    assert "A word needs a letter." in done.text
    assert "House".lower() in VocabularyItem.objects.get(word="Haus").translation


def test_confirming_twice_imports_once(learner_client):
    address = sent(learner_client)
    learner_client.post(address, CHOSEN)

    again = learner_client.post(address, CHOSEN)

    assert "2 new words came in" in again.text
    assert len(words()) == 2


def test_words_that_are_there_are_shown_as_such(learner_client, learner):
    introduce(learner, "Haus", language="de")
    page = learner_client.post(sent(learner_client), {**CHOSEN, "preview": 1})
    assert "1 new word, 1 that you have already, 1 refused" in page.text
    assert "there already" in page.text


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"column_0": ""}, "Say which column is the word."),
        ({"column_1": "word"}, "Two columns are the same: Word."),
        ({"column_1": "colour"}, "Select a valid choice"),
        ({"language": "xx"}, "Select a valid choice"),
    ],
)
def test_columns_that_make_no_sense_are_refused(learner_client, changes, why):
    answer = learner_client.post(sent(learner_client), {**CHOSEN, **changes})
    assert answer.status_code == 422
    assert why in answer.text
    assert words() == []


def test_an_archive_has_nothing_to_choose(learner_client, learner, stranger):
    introduce(stranger, NewWord("casa", "house"))
    data = exported(stranger, "json")
    address = sent(learner_client, data, "lingo.json", "")

    page = learner_client.get(address)
    learner_client.post(address)

    assert "column_0" not in page.text
    assert VocabularyItem.objects.for_learner(learner).get().translation == "house"


def test_a_package_is_mapped_by_its_fields(learner_client, learner, stranger):
    introduce(stranger, NewWord("casa", "house"))
    data = exported(stranger, "apkg")

    form = learner_client.get(sent(learner_client, data, "x.apkg", "")).context["form"]

    assert "has_header" not in form.fields
    assert [(column.label, column.initial) for column in form.columns()] == [
        ("Word", "word"),
        ("Translation", "translation"),
        ("Sentence", "example"),
        ("Definition", "definition"),
        ("Lemma", ""),
        ("Phonetic", "phonetic"),
        ("Deck’s language", "language"),
    ]


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "a.csv", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00", "a.png", "UTF-8"),
        ("día".encode("latin-1"), "a.csv", "UTF-8"),
        (b"a\x00b", "a.csv", "NUL"),
        (b"no zip", "a.apkg", "no Anki package"),
        (b"{", "a.json", "no JSON"),
        (b"{}", "a.json", "no vocabulary of Lingo’s"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(learner_client, content, name, why):
    answer = learner_client.post(IMPORT, {"file": file(content, name), "language": ""})
    assert answer.status_code == 422
    assert why in answer.text
    assert not VocabularyUpload.objects.exists()


def test_no_file_is_said(learner_client):
    answer = learner_client.post(IMPORT, {"language": "es"})
    assert answer.status_code == 422
    assert "This field is required." in answer.text


@pytest.mark.parametrize("memory", [100, 10**7])
def test_too_large_a_file_is_refused_and_not_kept(learner_client, settings, memory):
    settings.MAX_UPLOAD = 200_000
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = memory
    fits, larger = b"casa\n" * 40_000, b"casa\n" * 400_000

    refused = learner_client.post(IMPORT, {"file": file(larger), "language": "es"})
    taken = learner_client.post(IMPORT, {"file": file(fits), "language": "es"})

    assert refused.status_code == 422
    assert "A file has at most 195.3" in refused.text.replace("\xa0", " ")
    assert refused.context["form"].files["file"].size < 400_000
    assert taken.status_code == 302


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_strangers_upload_is_not_found(learner_client, stranger_client, method):
    address = sent(learner_client)
    assert getattr(stranger_client, method)(address, CHOSEN).status_code == 404
    assert words() == []


def test_an_upload_waits_for_a_day(learner_client):
    address = sent(learner_client)
    VocabularyUpload.objects.update(created_at=timezone.now() - timedelta(days=1))
    assert learner_client.get(address).status_code == 404


def test_an_upload_replaced_while_it_is_imported_is_asked_for_again(
    learner_client, monkeypatch
):
    from vocabulary.exchange import importing

    address = sent(learner_client)
    read = importing.found_in

    def replaced_meanwhile(*args, **kwargs):
        VocabularyUpload.objects.all().delete()
        return read(*args, **kwargs)

    monkeypatch.setattr(importing, "found_in", replaced_meanwhile)
    answer = learner_client.post(address, CHOSEN, follow=True)

    assert answer.redirect_chain == [(IMPORT, 302)]
    assert "choose it again" in answer.text
    assert words() == []


def test_a_file_that_is_too_long_without_its_names_is_asked_for_again(
    learner_client, monkeypatch
):
    monkeypatch.setattr("vocabulary.exchange.csv_files.MOST_ROWS", 1)
    address = sent(learner_client, b"word,back\ncasa,house\n")

    columns = {"column_0": "word", "column_1": ""}
    answer = learner_client.post(address, columns, follow=True)

    assert answer.redirect_chain == [(IMPORT, 302)]
    assert "at most 1 rows" in answer.text


def test_what_a_file_says_is_shown_as_text(learner_client):
    script = b'word,translation\n<script>x</script>,"<b>"\n'
    page = learner_client.get(sent(learner_client, script)).text
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


def test_so_many_refused_rows_are_listed(learner_client):
    data = b"word\n" + b"1\n" * 1200
    address = sent(learner_client, data)
    page = learner_client.get(address)
    done = learner_client.post(
        address, {"language": "de", "has_header": "on", "column_0": "word"}, follow=True
    )
    for shown in (page, done):
        assert shown.text.count("A word needs a letter.") == 1000
        assert "the first 1000 of 1,200" in shown.text


@pytest.mark.parametrize("count", [1, 50])
def test_a_preview_takes_the_same_queries_for_any_number(
    learner_client, count, django_assert_num_queries
):
    rows = "\n".join(f"zq{n}k" for n in range(count)).encode()
    address = sent(learner_client, rows)
    with django_assert_num_queries(5):  # session, learner, upload, glosses, known
        learner_client.get(address)


@pytest.mark.parametrize("path", [EXPORT, IMPORT, f"{IMPORT}1/"])
def test_who_is_not_signed_in_is_asked_to(client, path):
    answer = client.get(path)
    assert answer.status_code == 302
    assert "/account/login/" in answer.url
