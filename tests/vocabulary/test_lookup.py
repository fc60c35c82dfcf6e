"""Looking words up through the API."""

import pytest

from tests.factories import introduce
from vocabulary.models import Gloss, Pronunciation, WordMark

LOOKUP = "/api/v1/lexicon/lookup/"


def look_up(api, text, language="es"):
    return api.get(LOOKUP, {"language": language, "text": text})


def gloss(lemma, translation, **fields):
    given = {"native_language": "en", "source": "FreeDict", "licence": "GPL", **fields}
    return Gloss.objects.create(
        language="es", lemma=lemma, translation=translation, **given
    )


def test_a_word_is_looked_up_in_any_form(api):
    gloss("gaviota", "seagull", phonetic="ɡaˈβjota")
    answer = look_up(api, "gaviotas")
    assert answer.status_code == 200
    found = answer.json()
    (word,) = found.pop("words")
    assert found == {"language": "es", "text": "gaviotas", "known_share": 0}
    assert 3 < word.pop("frequency") < 4
    assert word == {
        "text": "gaviotas",
        "start": 0,
        "end": 8,
        "lemma": "gaviota",
        "difficulty": 6,
        "syllables": ["ga", "vio", "tas"],
        "ipa": "",
        "is_worth_learning": True,
        "state": "new",
        "item": None,
        "glosses": [
            {
                "translation": "seagull",
                "phonetic": "ɡaˈβjota",
                "source": "FreeDict",
                "licence": "GPL",
            }
        ],
    }


def test_the_sound_of_a_word_is_told_where_somebody_said_it(api):
    gloss("gaviota", "seagull", phonetic="[ɡaˈβjota]")
    Pronunciation.objects.keep("es", "mesas", "ˈmesas", "a program")
    Pronunciation.objects.keep("fr", "gato", "ɡaˈto", "a program")
    words = look_up(api, "Gaviota, gaviotas, mesas, gato").json()["words"]
    told = [(word["text"], word["ipa"]) for word in words]
    # A dictionary says how the base form sounds, and not another.
    assert told == [
        ("Gaviota", "ɡaˈβjota"),
        ("gaviotas", ""),
        ("mesas", "ˈmesas"),
        ("gato", ""),
    ]


def test_a_sentence_is_told_word_by_word_with_what_the_learner_knows(api):
    item = introduce(api.learner, "mesa")[0]
    WordMark.objects.put(api.learner, "es", "gato", WordMark.Mark.KNOWN)
    found = look_up(api, "  El gato, 2 mesas.").json()
    told = [(word["text"], word["state"], word["item"]) for word in found["words"]]
    assert told == [
        ("El", "known", None),
        ("gato", "known", None),
        ("mesas", "learning", item.pk),
    ]
    assert found["known_share"] == 0.5
    for word in found["words"]:
        assert found["text"][word["start"] : word["end"]] == word["text"]


def test_it_says_which_words_are_worth_learning(api):
    words = look_up(api, "Gatos y perros. «Mesas» de Ana, zzyzxq.").json()["words"]

    worth = [word["text"] for word in words if word["is_worth_learning"]]

    assert worth == ["Gatos", "perros", "Mesas"]


def test_a_word_that_nobody_knows_is_not_made_up(api):
    (word,) = look_up(api, "zzyzxq").json()["words"]
    assert (word["frequency"], word["glosses"]) == (None, [])


def test_glosses_are_in_the_learners_native_language(api):
    gloss("gaviota", "Möwe", native_language="de")
    assert look_up(api, "gaviota").json()["words"][0]["glosses"] == []


def test_a_strangers_words_tell_nothing(stranger_api, learner):
    introduce(learner, "mesa")
    (word,) = look_up(stranger_api, "mesa").json()["words"]
    assert (word["state"], word["item"]) == ("new", None)


def test_a_text_without_words_has_none(api):
    found = look_up(api, " 👍 25 ").json()
    assert (found["words"], found["known_share"]) == ([], None)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"text": "mesa"}, "language"),
        ({"text": "mesa", "language": "xx"}, "language"),
        ({"language": "es"}, "text"),
        ({"language": "es", "text": ""}, "text"),
        ({"language": "es", "text": "x" * 501}, "text"),
        ({"language": "es", "text": "x" * 10_000}, "text"),
        ({"language": "es", "text": "a\x00"}, "text"),
    ],
)
def test_what_cannot_be_looked_up_is_refused(api, query, field):
    answer = api.get(LOOKUP, query)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert field in answer.json()["errors"]


def test_nobody_looks_up_without_an_account(client, db):
    assert client.get(LOOKUP, {"language": "es", "text": "a"}).status_code == 401


@pytest.mark.parametrize("count", [1, 80])
def test_any_number_of_words_takes_the_same_queries(
    api, count, django_assert_num_queries
):
    text = " ".join(f"zq{n}k" for n in range(count))
    with django_assert_num_queries(4):  # items, marks, glosses, pronunciations
        look_up(api, text)
