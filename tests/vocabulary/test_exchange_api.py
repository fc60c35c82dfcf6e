"""Words out and in for programs."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.exchanging import exported
from tests.factories import introduce
from vocabulary.managers import NewWord
from vocabulary.models import VocabularyItem, WordMark
from vocabulary.reviewing import review

EXPORT, IMPORT = "/api/v1/vocabulary/export/", "/api/v1/vocabulary/import/"


def file(content, name="words.csv"):
    return SimpleUploadedFile(name, content)


def post_file(api, content, name="words.csv", query="", **data):
    data = {"file": file(content, name), **data}
    return api.post(f"{IMPORT}{query}", data, format="multipart")


def content(answer):
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize("wanted", ["csv", "json"])
def test_words_are_given_as_a_file(api, wanted):
    introduce(api.learner, "casa")

    answer = api.get(EXPORT, {"export_format": wanted, "language": "es"})

    assert content(answer) == exported(api.learner, wanted, "es")
    assert f".{wanted}" in answer["Content-Disposition"]


def test_csv_is_given_if_nothing_is_said(api):
    answer = api.get(EXPORT)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert content(answer) == exported(api.learner, "csv")


def test_a_client_may_accept_the_format_that_it_wants(api):
    answer = api.get(EXPORT, {"export_format": "apkg"}, headers={"accept": "text/csv"})
    assert answer["Content-Type"] == "application/x-apkg"
    assert content(answer)[:2] == b"PK"


@pytest.mark.parametrize(
    ("query", "field"),
    [({"export_format": "doc"}, "export_format"), ({"language": "xx"}, "language")],
)
def test_what_cannot_be_given_is_named(api, query, field):
    answer = api.get(EXPORT, query)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert field in answer.json()["errors"]


def test_a_stranger_gets_none_of_it(stranger_api, learner):
    introduce(learner, "casa")
    assert b"casa" not in content(stranger_api.get(EXPORT))


@pytest.mark.parametrize("address", [EXPORT, IMPORT])
def test_an_account_is_needed(client, address):
    method = client.get if address == EXPORT else client.post
    assert method(address).status_code == 401


def test_a_file_is_imported(api):
    answer = post_file(api, b"word,translation\ncasa,house\n123,x\n", language="es")

    assert answer.status_code == 200
    assert answer.json() == {
        "new": 1,
        "known": 0,
        "refused": [{"line": 3, "reason": "A word needs a letter."}],
    }
    again = post_file(api, b"word,translation\ncasa,house\n", language="es")
    assert again.json() == {"new": 0, "known": 1, "refused": []}


def test_a_dry_run_only_says_what_would_come_in(api):
    answer = post_file(api, b"casa\npan\n", query="?dry_run=true", language="es")

    assert answer.json() == {"new": 2, "known": 0, "refused": []}
    assert not VocabularyItem.objects.exists()


def test_columns_are_told_in_order(api):
    answer = post_file(
        api,
        b"word,notes,house\nthing,x,casa\n",
        language="es",
        columns=["translation", "", "word"],
        has_header=False,
    )
    assert answer.json()["new"] == 2
    assert VocabularyItem.objects.get(word="casa").translation == "thing"


def test_an_archive_is_imported_as_the_body(api, stranger):
    item = introduce(stranger, NewWord("casa", "house"))[0]
    review(item, 3, client_id="1")
    WordMark.objects.create(learner=stranger, language="es", lemma="ya", mark="known")
    archive = exported(stranger, "json")

    answer = api.post(IMPORT, json.loads(archive))

    assert answer.json() == {"new": 1, "known": 0, "refused": []}
    assert exported(api.learner, "json") == archive
    dry = api.post(f"{IMPORT}?dry_run=1", json.loads(archive))
    assert dry.json() == {"new": 0, "known": 1, "refused": []}


def test_an_archive_is_imported_as_a_file(api, stranger):
    introduce(stranger, "casa")
    archive = exported(stranger, "json")
    assert post_file(api, archive, "lingo.json").json()["new"] == 1


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"language": "xx"}, "language"),
        ({"columns": ["translation"]}, "columns"),
        ({"columns": ["word", "word"]}, "columns"),
        ({"columns": ["colour"]}, "columns.0"),
        ({"has_header": "perhaps"}, "has_header"),
        ({"memory": "x"}, "memory"),
    ],
)
def test_wrong_options_are_named(api, data, field):
    answer = post_file(api, b"casa\n", **{"language": "es", **data})
    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    assert not VocabularyItem.objects.exists()


@pytest.mark.parametrize(
    ("data", "name"), [(b"", "a.csv"), (b"a\x00", "a.csv"), (b"x", "a.apkg")]
)
def test_a_file_that_cannot_be_read_is_named(api, data, name):
    answer = post_file(api, data, name)
    assert answer.status_code == 400
    assert "file" in answer.json()["errors"]


def test_no_file_is_named(api):
    answer = api.post(IMPORT, {"language": "es"}, format="multipart")
    assert answer.json()["errors"] == {"file": ["No file was submitted."]}


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "format"), ({"format": "lingo-vocabulary", "version": 1}, "items")],
)
def test_a_body_that_is_no_archive_names_what_is_wrong(api, body, field):
    answer = api.post(IMPORT, body)
    assert answer.status_code == 400
    assert field in answer.json()["errors"]


def test_a_wrong_query_is_named(api):
    answer = api.post(f"{IMPORT}?dry_run=perhaps", {})
    assert "dry_run" in answer.json()["errors"]


def test_too_large_a_file_is_refused(api, settings):
    settings.MAX_UPLOAD = 1000
    assert post_file(api, b"casa\n" * 1000).status_code == 413
    assert not VocabularyItem.objects.exists()
