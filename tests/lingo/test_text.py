import pytest
from django.db import IntegrityError, transaction

from lingo import languages
from lingo.models import Learner
from lingo.text import sentence_spans, storable, storable_json
from lingo.writing import ATTEMPTS, first_wins
from tests.factories import LearnerFactory


def test_text_is_stored_in_nfc():
    assert storable("n\u0303") == "ñ"
    assert storable_json({"n\u0303": ["e\u0301", 1, None]}) == {"ñ": ["é", 1, None]}


def test_sentences_are_found_where_they_stand():
    text = " \n ¿Un té?  Sí…\n\n"

    assert [text[start:end] for start, end in sentence_spans(text)] == [
        "¿Un té?",
        "Sí…",
    ]
    assert sentence_spans(" \n") == sentence_spans("") == []


@pytest.mark.parametrize("text", ["\x00", "a\ud800", "\udfffb"])
def test_text_that_no_database_holds_is_refused(text):
    with pytest.raises(ValueError, match="can't be stored"):
        storable_json([text])


def test_numbers_that_json_lacks_are_refused():
    with pytest.raises(ValueError, match="finite"):
        storable_json({"a": float("nan")})


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("es", "es"),
        ("ES", "es"),
        ("pt-BR", "pt"),
        ("de_AT", "de"),
        ("German", "de"),
        (" français ", "fr"),
        ("xx", None),
        ("", None),
        ("english-like", None),
    ],
)
def test_languages_are_known_by_code_locale_and_name(name, code):
    assert languages.resolve(name) == code


@pytest.mark.django_db
def test_learners_are_named_by_id_or_username():
    learner = LearnerFactory(username="ana")

    assert Learner.objects.named("ana") == learner
    assert Learner.objects.named(learner.pk) == learner
    assert Learner.objects.named(f" {learner.pk} ") == learner


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["nobody", "", " ", None, True, 1.0, [1], "1.0", "٣", "9" * 30, "a\x00"]
)
def test_a_name_that_fits_nobody_is_never_somebody_else(name):
    LearnerFactory()

    with pytest.raises(Learner.DoesNotExist):
        Learner.objects.named(name)


@pytest.mark.django_db
def test_a_name_that_fits_two_learners_is_refused():
    first = LearnerFactory()
    LearnerFactory(username=str(first.pk))

    with pytest.raises(Learner.MultipleObjectsReturned):
        Learner.objects.named(first.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"daily_goal": 0}, {"daily_goal": 1441}, {"monthly_cost_limit": -1}]
)
def test_the_database_refuses_wrong_learners(wrong):
    LearnerFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Learner.objects.update(**wrong)


@pytest.mark.django_db
def test_a_write_that_keeps_losing_gives_up():
    tries = []

    def lose():
        tries.append(1)
        raise IntegrityError("somebody was first")

    with pytest.raises(IntegrityError):
        first_wins(lose)

    assert len(tries) == ATTEMPTS


@pytest.mark.django_db
def test_a_write_that_lost_once_is_tried_again_and_leaves_nothing_behind():
    def write():
        LearnerFactory()
        if not tries:
            tries.append(1)
            raise IntegrityError
        return "done"

    tries = []

    assert first_wins(write) == "done"
    assert Learner.objects.count() == 1
