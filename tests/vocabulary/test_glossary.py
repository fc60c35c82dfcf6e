"""The glossary: what words mean, as somebody said it."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from conversations.models import Conversation
from conversations.turn_taking import open_talk
from tests.factories import introduce
from vocabulary.adding import add_word
from vocabulary.entries import Entry
from vocabulary.glossary import look_up, translations
from vocabulary.managers import NewWord
from vocabulary.models import Gloss, VocabularyItem

pytestmark = pytest.mark.django_db


def entry(word, *senses, **more):
    return Entry(word, [list(sense) for sense in senses], **more)


def load(*entries, source="Test", licence="CC0", pair=("es", "en")):
    return Gloss.objects.load(source, licence, *pair, entries)


def glosses(**which):
    return dict(Gloss.objects.filter(**which).values_list("lemma", "translation"))


def many(count):
    letters = "bcdfghjklm"
    return [f"z{a}o{b}u{c}" for a in letters for b in letters for c in letters][:count]


# Loading


def test_a_word_is_kept_under_its_lemma_and_several_words_as_they_are():
    load(entry("Casas", ["houses"]), entry("Buenos  Di\u0301as", ["good morning"]))

    assert glosses() == {"casa": "houses", "buenos días": "good morning"}


def test_a_german_noun_keeps_its_capital():
    load(entry("Häuser", ["houses"]), pair=("de", "en"))

    assert glosses() == {"Haus": "houses"}


def test_two_entries_of_one_lemma_are_joined_without_repeating():
    load(
        entry("banco", ["bench", "bank", "bank"]),
        entry("banco", ["bank"], ["shoal", "bench"]),
    )

    assert glosses() == {"banco": "bench, bank; shoal"}


def test_the_base_form_comes_first_and_another_form_adds_only_what_is_new():
    load(entry("casas", ["houses", "firms"]), entry("casa", ["house"], phonetic="kasa"))

    assert glosses() == {"casa": "house; firms"}
    assert Gloss.objects.get().phonetic == "kasa"


def test_how_another_form_is_said_is_not_how_the_lemma_is():
    load(entry("casas", ["houses"], phonetic="kasas"))

    assert Gloss.objects.get().phonetic == ""


def test_what_is_too_long_is_cut_between_translations():
    houses = [f"house {number:03}" for number in range(200)]
    load(
        entry("casa", houses),
        entry("pan", ["bread", "roll (" + "very, " * 300 + "white)"]),
        entry("vino", ["wine" * 300]),
        entry("x" * 101, ["too long"]),
    )

    # So many make 999 characters; a gloss has 1,000 at most.
    assert glosses() == {"casa": ", ".join(houses[:91]), "pan": "bread"}


def test_loading_returns_how_many_words_there_are():
    assert load(entry("casa", ["house"]), entry("casas", ["home"])) == 1


def test_loading_again_writes_nothing(django_assert_num_queries):
    load(entry("casa", ["house"]))

    with django_assert_num_queries(1 + 2):  # two for the savepoint in tests
        load(entry("casa", ["house"]))


def test_loading_replaces_what_that_source_had_for_that_pair():
    load(entry("casa", ["house"]), entry("pan", ["bread"]))
    load(entry("casa", ["Haus"]), pair=("es", "de"))
    load(entry("casa", ["home"]), source="Other")
    kept = Gloss.objects.get(lemma="casa", native_language="en", source="Test").pk

    load(entry("casa", ["house", "home"]), entry("vino", ["wine"]), licence="MIT")

    mine = Gloss.objects.filter(source="Test", native_language="en")
    assert set(mine.values_list("lemma", "translation", "licence")) == {
        ("casa", "house, home", "MIT"),
        ("vino", "wine", "MIT"),
    }
    assert mine.get(lemma="casa").pk == kept
    assert glosses(native_language="de") == {"casa": "Haus"}
    assert glosses(source="Other") == {"casa": "home"}


def test_a_failure_leaves_what_was_there():
    load(entry("casa", ["house"]))

    def broken():
        yield entry("pan", ["bread"])
        raise RuntimeError

    with pytest.raises(RuntimeError):
        Gloss.objects.load("Test", "CC0", "es", "en", broken())

    def stopped(batches):
        yield from batches
        raise RuntimeError

    new = [entry("pan", ["bread"])]
    with pytest.raises(RuntimeError):
        Gloss.objects.load("Test", "CC0", "es", "en", new, watch=stopped)

    assert glosses() == {"casa": "house"}


def test_rows_are_written_and_removed_in_batches(django_assert_max_num_queries):
    words = [f"{word}{end}" for word in many(1000) for end in ("a", "e", "i")]

    # SQLite takes 142 rows a statement.
    with django_assert_max_num_queries(3 + 3 * len(words) // 142):
        assert load(*(entry(f"{word} x", ["a"]) for word in words)) == len(words)
    with django_assert_max_num_queries(3 + 6):
        load()

    assert not Gloss.objects.exists()


@pytest.mark.parametrize("blank", ["lemma", "translation"])
def test_a_gloss_is_never_blank(blank):
    fields = {"lemma": "casa", "translation": "house", blank: ""}

    with pytest.raises(IntegrityError), transaction.atomic():
        Gloss.objects.create(language="es", native_language="en", **fields)


def test_a_source_says_one_thing_of_a_word():
    load(entry("casa", ["house"]))
    again = Gloss.objects.get()
    again.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        again.save(force_insert=True)


# Looking up


def test_lingos_own_gloss_comes_first_then_the_sources_by_name():
    for source in ("Zeta", "Lingo", "Alpha"):
        load(entry("casa", [f"house ({source})"]), source=source)

    found = look_up("es", ["casa"], "en")

    assert [gloss.source for gloss in found["casa"]] == ["Lingo", "Alpha", "Zeta"]


def test_a_look_up_never_invents():
    load(entry("casa", ["house"]))
    load(entry("hogar", ["casa"]), pair=("es", "it"))

    assert look_up("es", ["hogar", "casita", "", "x" * 10_000], "en") == {
        "hogar": [],
        "casita": [],
        "": [],
        "x" * 10_000: [],
    }
    assert look_up("fr", ["casa"], "en") == {"casa": []}


def test_a_form_is_looked_up_by_its_lemma():
    load(entry("casa", ["house"]), entry("buenos días", ["good morning"]))

    found = look_up("es", ["Casas", "Buenos Días"], "en")

    assert [str(gloss) for gloss in found["Casas"]] == ["casa: house"]
    assert [gloss.lemma for gloss in found["Buenos Días"]] == ["buenos días"]


def test_a_lemma_that_has_a_lemma_of_its_own_is_found():
    """Forms lead to *conta*, and that one, as a headword, to *contar*."""
    load(entry("conta", ["bill"]), pair=("pt", "en"))

    found = look_up("pt", ["conta"], "en")

    assert [gloss.translation for gloss in found["conta"]] == ["bill"]


@pytest.mark.parametrize("count", [1, 500])
def test_any_number_of_words_is_one_query(count, django_assert_num_queries):
    words = many(count)
    load(*(entry(word, ["a"]) for word in words))

    with django_assert_num_queries(1):
        found = look_up("es", words, "en")

    assert all(found.values())


def test_no_word_and_no_other_language_are_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert look_up("es", [], "en") == {}
        assert look_up("en", ["house"], "en") == {"house": []}


def test_a_card_takes_the_first_translations_that_it_has_room_for():
    load(
        entry("casa", ["house"], [f"home {number}" for number in range(50)]),
        entry("pan", ["bread " * 20]),
    )

    found = translations("es", ["casa", "pan", "vino"], "en")

    assert set(found) == {"casa"}
    assert found["casa"].startswith("house; home 0, home 1")
    assert len(found["casa"]) <= 100
    assert not found["casa"].endswith(",")


# New words


def test_a_word_added_without_a_translation_gets_the_glossarys(learner):
    load(entry("casa", ["house"]))
    load(entry("casa", ["home"]), source="Lingo")

    item, _ = add_word(learner, "es", "Casas")

    item.refresh_from_db()
    assert item.translation == "home"
    assert "home" in item.search_text


def test_the_learners_own_translation_wins(learner):
    load(entry("casa", ["house"]))

    item, _ = add_word(learner, "es", "casa", translation="my place")

    assert item.translation == "my place"


def test_several_words_are_looked_up_as_they_are(learner):
    load(entry("Por favor", ["please"]))

    item, _ = add_word(learner, "es", "por favor")

    assert item.translation == "please"


def test_a_word_that_no_source_knows_stays_without_a_translation(learner):
    load(entry("casa", ["Haus"]), pair=("es", "de"))

    item, _ = add_word(learner, "es", "casa")

    assert item.translation == ""


def test_a_word_that_is_there_already_stays_as_it_is(learner):
    item, _ = add_word(learner, "es", "casa")
    load(entry("casa", ["house"]))

    same, is_new = add_word(learner, "es", "casa")

    assert (same, is_new) == (item, False)
    assert same.translation == ""


def test_words_of_a_transcript_get_a_translation(learner):
    load(entry("mercado", ["market"]))

    Conversation.objects.save_transcript(
        learner,
        {
            "conversation_id": "old",
            "language": "es",
            "context_data": {"vocabulary_introduced": ["mercado", "xyzzy"]},
            "messages": [],
        },
    )

    mine = VocabularyItem.objects.for_learner(learner)
    found = dict(mine.values_list("lemma", "translation"))
    assert found == {"mercado": "market", "xyzzy": ""}


def test_the_glossary_is_asked_once_and_only_for_new_bare_words(
    learner, django_assert_num_queries
):
    introduce(learner, "casa")
    bare = [NewWord("pan"), NewWord("vino"), NewWord("queso", "cheese")]

    with django_assert_num_queries(3):  # known words, glosses, insert
        introduce(learner, *bare)
    with django_assert_num_queries(2):
        introduce(learner, "casa", NewWord("leche", "milk"))


def test_nobody_needs_a_translation_into_the_language_they_learn(
    learner, django_assert_num_queries
):
    with django_assert_num_queries(2):
        introduce(learner, "house", language=learner.native_language)


# What comes with Lingo


def test_lingos_content_is_a_glossary_for_every_pair_of_languages(learner):
    call_command("load_content", verbosity=0)

    assert "bill" in translations("es", ["cuenta"], "en")["cuenta"]
    assert "addition" in translations("de", ["Rechnungen"], "fr")["Rechnungen"]
    assert "conto" in translations("en", ["bill"], "it")["bill"]
    pairs = Gloss.objects.values_list("language", "native_language").distinct()
    assert len(pairs) == 6 * 5
    own = Gloss.objects.values_list("source", "licence").distinct()
    assert list(own) == [("Lingo", "MIT")]


def test_the_guided_tutor_translates_its_words_itself(learner, scenarios):
    load(entry("café", ["something else"]))
    conversation, _ = Conversation.objects.begin(
        learner, language="es", scenario=scenarios["cafe"], vocabulary_level="beginner"
    )

    open_talk(conversation)

    mine = VocabularyItem.objects.for_learner(learner)
    assert "something else" not in mine.values_list("translation", flat=True)


# Admin


def test_staff_see_source_and_licence_and_can_search_and_filter(staff_client):
    load(entry("casa", ["house"]), source="Dictionary", licence="GPL-2.0")
    load(entry("pan", ["bread"]), source="Other", licence="CC0")

    shown = staff_client.get(
        "/admin/vocabulary/gloss/",
        {"q": "house", "source": "Dictionary", "language__exact": "es"},
    ).content.decode()

    assert "Dictionary" in shown
    assert "GPL-2.0" in shown
    assert ">pan<" not in shown
