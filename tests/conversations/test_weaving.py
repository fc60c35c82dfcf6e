"""Due words in a talk: which are chosen, what gives occasion to them, what counts."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from conversations import lifecycle, weaving
from conversations.errors import TutorFailed
from conversations.models import Conversation, Scenario, WovenWord
from conversations.turn_taking import answer, open_talk, take_turn
from conversations.tutors import content, guided
from conversations.tutors.reply import Said, TutorRequest
from progress.models import StudyDay
from tests.conftest import scenario_content
from tests.factories import ConversationFactory, LearnerFactory, introduce, reply
from vocabulary import memories, reviewing
from vocabulary.adding import remove_word
from vocabulary.models import Review, VocabularyItem

Rating = Review.Rating
LANGUAGES_AND_WORDS = {
    "en": "coffee",
    "es": "café",
    "fr": "café",
    "de": "Kaffee",
    "it": "caffè",
    "pt": "café",
}
# A word's lemma, and a sentence with another form of it.
INFLECTED = {
    "en": ("cake", "I would like two cakes, please."),
    "es": ("tarta", "Quiero dos tartas, por favor."),
    "fr": ("gâteau", "Je voudrais deux gâteaux, s'il vous plaît."),
    "de": ("Brötchen", "Ich nehme die belegten Brötchen, bitte."),
    "it": ("panino", "Vorrei due panini, per favore."),
    "pt": ("bolo", "Queria dois bolos, por favor."),
}


def due(learner, *words, language="es", **fields):
    """Introduce words a month ago; the learner recalled each once, and they are due."""
    at = timezone.now() - timedelta(days=30)
    date = learner.local_date(at)
    items = introduce(learner, *words, language=language, at=at, date=date, **fields)
    StudyDay.objects.record(learner, language, date, words=len(items))
    for item in items:
        key = f"card {item.pk}"
        reviewing.review(item, Rating.GOOD, client_id=key, at=at)
    return items


def begin(learner, language="es", scenario=None, **fields):
    fields = {"conversation_id": "talk", **fields}
    conversation, _ = Conversation.objects.begin(
        learner, language=language, scenario=scenario, **fields
    )
    return conversation


def woven_into(conversation):
    words = WovenWord.objects.of(conversation)
    return list(words.values_list("item__lemma", flat=True))


def say(conversation, text):
    count = conversation.message_count
    key = f"{conversation.pk}-{count}"
    return take_turn(conversation, text, client_id=key).reply


def asks_for(lemma, cue):
    """Whether the question of a Spanish free talk gives occasion to use the lemma."""
    topic, slug = cue.split("/")
    [question] = [one for one in content.topics()[topic].question if one.slug == slug]
    return lemma in question.lemmas("es")


def reviews(conversation):
    """Return (lemma, rating, evidence) of each review that the conversation brought."""
    mine = Review.objects.filter(source_id=conversation.conversation_id)
    return list(mine.values_list("item__lemma", "rating", "evidence"))


@pytest.fixture
def talk(learner, tutor):
    """A conversation with the words “queso” and “vino” to use; the tutor is a stub."""
    items = due(learner, "queso", "vino")
    conversation = ConversationFactory(learner=learner)
    for item in items:
        WovenWord.objects.weave(conversation, [item])
    return conversation


class TestChoosing:
    @pytest.mark.parametrize("language", LANGUAGES_AND_WORDS)
    def test_words_that_a_scenario_asks_for_are_woven_in(
        self, learner, scenarios, language
    ):
        word = LANGUAGES_AND_WORDS[language]
        due(learner, word, "zzyzx", language=language)

        conversation = begin(learner, language, scenarios["cafe"])

        assert woven_into(conversation) == [word]

    def test_words_of_another_topic_are_left_alone(self, learner):
        due(learner, "isla", "guitarra")

        assert woven_into(begin(learner, topic="Travel and holidays")) == ["isla"]
        hobbies = begin(learner, topic="hobbies", conversation_id="other")
        assert woven_into(hobbies) == ["guitarra"]

    @pytest.mark.parametrize("topic", ["", "My cat"])
    def test_without_a_topic_of_the_tutors_all_topics_count(self, learner, topic):
        due(learner, "isla", "guitarra", "zzyzx")

        assert sorted(woven_into(begin(learner, topic=topic))) == ["guitarra", "isla"]

    def test_only_due_words_of_the_learner_and_language_are(self, learner, stranger):
        due(stranger, "isla")
        due(learner, "island", language="en")
        due(learner, "mar")
        mine = VocabularyItem.objects.filter(learner=learner)
        mine.filter(lemma="mar").update(is_suspended=True)
        introduce(learner, "playa", at=timezone.now() + timedelta(days=1))

        assert woven_into(begin(learner)) == []

    def test_at_most_six_and_those_with_a_memory_first_then_soonest_due(self, learner):
        introduce(learner, "isla")
        words = ["mar", "playa", "campo", "lago", "bosque", "avión", "tren"]
        due(learner, *words)
        mine = VocabularyItem.objects.filter(learner=learner)
        now = timezone.now()
        for hours, word in enumerate(words):
            mine.filter(lemma=word).update(due=now - timedelta(hours=hours + 1))

        assert woven_into(begin(learner)) == words[:0:-1]

    def test_words_never_reviewed_fill_the_rest(self, learner):
        introduce(learner, "isla")
        due(learner, "mar")

        assert woven_into(begin(learner)) == ["mar", "isla"]

    def test_a_language_model_can_ask_for_any_word(self, learner):
        due(learner, "isla", "submarino")

        assert woven_into(begin(learner)) == ["isla"]
        modelled = begin(learner, conversation_id="other", tutor="model")
        assert woven_into(modelled) == ["isla", "submarino"]

    def test_beginning_again_chooses_once(self, learner):
        due(learner, "isla")

        first, again = begin(learner), begin(learner)

        assert first == again
        assert woven_into(again) == ["isla"]

    def test_a_reloaded_scenario_is_asked_anew(self, learner, scenarios):
        due(learner, "ordenador")
        assert woven_into(begin(learner, scenario=scenarios["cafe"])) == []
        tables = scenario_content("cafe").model_dump()
        tables["phase"][0]["objective"][0]["answer"][0]["es"] += "|un ordenador"
        scenario = Scenario.objects.load(
            "cafe", content.ScenarioContent.model_validate(tables)
        )

        again = begin(learner, scenario=scenario, conversation_id="again")

        assert woven_into(again) == ["ordenador"]

    def test_an_id_that_comes_again_brings_no_second_review(self, learner, tutor):
        due(learner, "isla")
        conversation = begin(learner)
        say(conversation, "Vivo en una isla.")
        lifecycle.delete(conversation)
        VocabularyItem.objects.update(due=timezone.now())

        again = begin(learner)
        say(again, "Vivo en una isla.")

        assert woven_into(again) == []
        assert len(reviews(again)) == 1

    @pytest.mark.parametrize("count", [1, 50])
    def test_it_takes_a_constant_number_of_statements(
        self, learner, scenarios, count, django_assert_num_queries
    ):
        words = sorted(content.topic_lemmas("travel", "es"))[:count]
        introduce(learner, *words)
        # savepoint, conversation, due?, words, insert, that it has some, release
        with django_assert_num_queries(7):
            begin(learner, topic="travel")
        assert len(woven_into(Conversation.objects.get())) == min(count, 6)

    def test_with_nothing_due_it_is_one_statement(
        self, learner, django_assert_num_queries
    ):
        conversation = ConversationFactory(learner=learner)
        with django_assert_num_queries(1):
            weaving.choose(conversation)


class TestOccasions:
    def test_a_scene_asks_first_for_what_a_due_word_answers(self, learner, scenarios):
        due(learner, "bocadillo")
        conversation = begin(learner, scenario=scenarios["cafe"])
        open_talk(conversation)
        assert conversation.messages.get().cue == "cafe/arriving/greeting"
        say(conversation, "Buenos días.")

        asked = say(conversation, "Fuera, por favor.")
        again = say(conversation, "Xyzzy.")

        assert asked.cue == again.cue == "cafe/ordering/food"
        assert say(conversation, "Una sopa.").cue == "cafe/ordering/drink"

    def test_what_makes_no_sense_earlier_waits(self, learner, scenarios):
        due(learner, "efectivo")
        conversation = begin(learner, scenario=scenarios["cafe"])
        for text in ("Buenos días.", "Fuera, por favor.", "Un café."):
            say(conversation, text)

        assert say(conversation, "Una sopa.").cue == "cafe/paying/bill"

    def test_a_line_without_the_word_is_preferred(self, learner, scenarios):
        due(learner, "bocadillo")
        for n in range(3):
            conversation = begin(
                learner, scenario=scenarios["cafe"], conversation_id=f"{n}"
            )
            assert woven_into(conversation) == ["bocadillo"]
            for text in ["Buenos días."] * (n + 1):
                say(conversation, text)

            asked = say(conversation, "Fuera, por favor.")

            assert "¿Qué desea comer?" in asked.content
            VocabularyItem.objects.exclude(lemma="bocadillo").delete()

    def test_free_talk_asks_first_for_what_a_due_word_answers(self, learner):
        last = content.topics()["travel"].question[-1]
        earlier = content.topics()["travel"].question[:-1]
        only = last.lemmas("es").difference(*(one.lemmas("es") for one in earlier))
        due(learner, min(only))
        conversation = begin(learner, topic="travel")

        open_talk(conversation)

        assert woven_into(conversation) == [min(only)]
        assert conversation.messages.get().cue == f"travel/{last.slug}"
        following = say(conversation, "Me gusta mucho la música.")
        assert following.cue == f"travel/{earlier[0].slug}"

    def test_whatever_comes_up_may_come_from_any_topic(self):
        request = TutorRequest(None, "es", "en", "beginner", due_words=["isla"])

        assert asks_for("isla", guided.reply(request).cue)
        assert not asks_for("isla", guided.reply(replace(request, due_words=[])).cue)

    def test_a_chosen_topic_is_not_left_for_a_word(self):
        request = TutorRequest(
            None, "es", "en", "beginner", topic="hobbies", due_words=["isla"]
        )

        assert guided.reply(request).cue.startswith("hobbies/")

    def test_a_topic_at_its_end_leads_to_another_that_fits(self):
        topic = content.topics()["hobbies"]
        said = [
            Said("assistant", "¿Y tú?", f"hobbies/{question.slug}")
            for question in topic.question
        ]
        request = TutorRequest(
            "Me gusta mucho la música.",
            "es",
            "en",
            "beginner",
            topic="hobbies",
            history=said,
            due_words=["isla"],
        )

        cue = guided.reply(request).cue

        assert not cue.startswith("hobbies/")
        assert asks_for("isla", cue)

    def test_the_tutor_is_told_the_words_that_are_still_to_be_used(self, talk, tutor):
        say(talk, "Hola.")
        assert tutor.due_words == ["queso", "vino"]

        say(talk, "Me gusta el queso.")
        assert tutor.due_words == ["vino"]


class TestUsing:
    @pytest.mark.parametrize("language", INFLECTED)
    def test_any_form_of_a_word_counts(self, learner, tutor, language):
        lemma, sentence = INFLECTED[language]
        [item] = due(learner, lemma, language=language)
        conversation = ConversationFactory(learner=learner, language=language)
        WovenWord.objects.weave(conversation, [item])

        say(conversation, sentence)

        assert reviews(conversation) == [(lemma, Rating.GOOD, sentence)]

    def test_used_unprompted_it_is_good_with_the_sentence_as_evidence(self, talk):
        say(talk, "¡Hola! Ayer compré quesos, 3.50 cada uno… ¿Y tú?\nHasta luego.")

        [review] = Review.objects.filter(kind="conversation")
        assert (review.item.lemma, review.rating) == ("queso", Rating.GOOD)
        assert review.evidence == "Ayer compré quesos, 3.50 cada uno…"
        assert review.source_id == talk.conversation_id
        word = talk.woven.get(item=review.item)
        assert word.used_in.content.startswith("¡Hola!")
        assert review.item.times_correct == 2
        assert memories.rebuild() == (2, 0)
        assert StudyDay.objects.totals()["reviews"] == 3  # two on cards

    def test_after_a_hint_it_is_hard(self, talk):
        weaving.hint(talk.woven.get(item__lemma="queso"))

        say(talk, "Me gusta el queso.")

        assert reviews(talk) == [("queso", Rating.HARD, "Me gusta el queso.")]

    def test_asked_for_it_is_again_and_using_it_then_counts_no_more(self, talk):
        word = talk.woven.get(item__lemma="queso")
        weaving.hint(word)

        for _ in range(2):
            weaving.show(word)
        weaving.hint(word)
        say(talk, "Me gusta el queso.")

        assert reviews(talk) == [("queso", Rating.AGAIN, "")]
        word.refresh_from_db()
        assert (word.help, word.used_in) == ("shown", None)

    def test_copied_from_the_tutors_last_message_it_does_not_count(self, talk, tutor):
        tutor.reply = lambda: reply("¿Le gustan los quesos?")
        say(talk, "Hola.")
        tutor.reply = lambda: reply("¿Y el pan?")

        say(talk, "Sí, me gusta el queso.")
        assert reviews(talk) == []

        say(talk, "Como pan con queso.")
        assert reviews(talk) == [("queso", Rating.GOOD, "Como pan con queso.")]

    def test_what_the_tutor_says_in_another_language_is_not_copied(self, talk, tutor):
        parts = [["en", "A useful word: “queso”."], ["es", "¿Y el vino?"]]
        tutor.reply = lambda: reply("…", parts=parts)
        say(talk, "Hola.")

        say(talk, "Me gusta el queso. El vino, no.")

        assert reviews(talk) == [("queso", Rating.GOOD, "Me gusta el queso.")]

    def test_a_word_that_the_tutors_help_names_is_hard(self, learner, scenarios):
        due(learner, "café")
        conversation = begin(learner, scenario=scenarios["cafe"])
        for text in ("Buenos días.", "Fuera, por favor."):
            say(conversation, text)

        helped = say(conversation, "Xyzzy.")
        say(conversation, "Un café, por favor.")

        assert "A useful word: “un café”" in helped.content
        assert reviews(conversation) == [("café", Rating.HARD, "Un café, por favor.")]

    def test_a_model_sentence_is_not_to_be_copied(self, learner, scenarios):
        due(learner, "café")
        conversation = begin(learner, scenario=scenarios["cafe"])
        for text in ("Buenos días.", "Fuera, por favor.", "Xyzzy.", "Xyzzy plugh."):
            helped = say(conversation, text)
        assert "Un café, por favor." in helped.content

        say(conversation, "Un café, por favor.")
        assert reviews(conversation) == []
        say(conversation, "Una sopa.")
        say(conversation, "Otro café para mí.")

        assert reviews(conversation) == [("café", Rating.HARD, "Otro café para mí.")]

    def test_in_another_language_it_does_not_count(self, learner, tutor):
        [item] = due(learner, "animal")
        conversation = ConversationFactory(learner=learner)
        WovenWord.objects.weave(conversation, [item])

        say(conversation, "This is the biggest animal that I have ever seen.")
        assert reviews(conversation) == []

        say(conversation, "Es el animal más grande que he visto.")
        assert len(reviews(conversation)) == 1

    def test_another_word_of_the_same_letters_does_not_count(self, talk):
        say(talk, "Compré una quesadilla y vinagre.")

        assert reviews(talk) == []

    def test_a_word_counts_once_in_a_conversation(self, talk):
        say(talk, "Me gusta el queso. ¡Queso!")
        say(talk, "Quiero más queso.")

        assert reviews(talk) == [("queso", Rating.GOOD, "Me gusta el queso.")]

    def test_each_conversation_counts_by_itself(self, talk, learner):
        other = ConversationFactory(learner=learner)
        item = VocabularyItem.objects.get(lemma="queso")
        WovenWord.objects.weave(other, [item])

        say(talk, "Me gusta el queso.")
        say(other, "Me gusta el queso.")

        assert len(reviews(talk)) == len(reviews(other)) == 1
        assert memories.rebuild() == (2, 0)

    def test_a_word_that_was_not_woven_in_does_not_count(self, talk, learner):
        due(learner, "pan")

        say(talk, "Me gusta el pan.")

        assert reviews(talk) == []

    def test_a_word_reviewed_on_its_card_meanwhile_counts_all_the_same(self, talk):
        item = VocabularyItem.objects.get(lemma="queso")
        item.learner = talk.learner
        reviewing.review(item, Rating.EASY, client_id="meanwhile")

        say(talk, "Me gusta el queso.")

        assert len(reviews(talk)) == 1
        assert memories.rebuild() == (2, 0)

    def test_a_suspended_word_rests(self, talk):
        VocabularyItem.objects.update(is_suspended=True)

        say(talk, "Me gusta el queso.")

        assert reviews(talk) == []

    def test_words_deleted_while_the_tutor_thinks_are_left_out(self, talk, tutor):
        def forget():
            for item in VocabularyItem.objects.select_related("learner"):
                remove_word(item)
            return reply("¿Y el pan?")

        tutor.reply = forget

        assert say(talk, "Me gusta el queso con vino.").content == "¿Y el pan?"
        assert reviews(talk) == []
        assert not WovenWord.objects.exists()
        assert StudyDay.objects.totals()["reviews"] == 0

    def test_one_of_two_deleted_while_the_tutor_thinks_is_left_out(self, talk, tutor):
        def forget():
            [item] = VocabularyItem.objects.filter(lemma="vino")
            item.learner = talk.learner
            remove_word(item)
            return reply("¿Y el pan?")

        tutor.reply = forget
        say(talk, "Me gusta el queso con vino.")

        assert [lemma for lemma, *_ in reviews(talk)] == ["queso"]

    def test_a_word_shown_while_the_tutor_thinks_stays_as_asked_for(self, talk, tutor):
        def ask():
            weaving.show(talk.woven.get(item__lemma="queso"))
            return reply("¿Y el pan?")

        tutor.reply = ask
        say(talk, "Me gusta el queso.")

        assert reviews(talk) == [("queso", Rating.AGAIN, "")]

    @pytest.mark.parametrize(
        "key", [{"client_id": "talk:{talk}:{item}"}, {"source_id": "{id}"}]
    )
    def test_a_review_that_is_there_already_does_not_cost_the_reply(self, talk, key):
        item = VocabularyItem.objects.get(lemma="queso")
        item.learner = talk.learner
        names = {"talk": talk.pk, "item": item.pk, "id": talk.conversation_id}
        given = {name: value.format(**names) for name, value in key.items()}
        details = {"client_id": "other", **given}
        reviewing.review(item, Rating.GOOD, kind="conversation", **details)

        assert say(talk, "Me gusta el queso.").content == "Muy bien."
        assert say(talk, "Me gusta el queso con vino.").content == "Muy bien."
        assert Review.objects.filter(item=item, kind="conversation").count() == 1
        assert Review.objects.filter(item__lemma="vino", kind="conversation").exists()

    def test_a_failed_tutor_leaves_the_review_to_the_answer(self, talk, tutor):
        tutor.error = TimeoutError()
        with pytest.raises(TutorFailed) as failed:
            say(talk, "Me gusta el queso.")
        assert reviews(talk) == []
        tutor.error = None

        for _ in range(2):
            answer(failed.value.said)

        assert len(reviews(talk)) == 1

    def test_the_same_turn_again_is_the_same_review(self, talk):
        for _ in range(2):
            take_turn(talk, "Me gusta el queso.", client_id="a")

        assert len(reviews(talk)) == 1

    def test_all_words_at_once_take_the_statements_of_one(
        self, learner, tutor, django_assert_num_queries
    ):
        words = ["queso", "vino", "pan", "leche", "arroz", "agua"]
        items = due(learner, *words)
        for used in (items[:1], items):
            conversation = ConversationFactory(learner=learner)
            for item in items:
                WovenWord.objects.weave(conversation, [item])
            say(conversation, "Hola.")
            text = "Quiero " + " con ".join(item.lemma for item in used) + "."
            # words to use, their items, the tutor's last message; count, insert,
            # insert; words to use, items, repeats, reviews, items, day, skill, words
            # used; day, session
            with django_assert_num_queries(16 + 2):  # two more for savepoints in tests
                say(conversation, text)
            assert len(reviews(conversation)) == len(used)

    @pytest.mark.parametrize("woven", [0, 6])
    @pytest.mark.parametrize("turns", [1, 50])
    def test_a_turn_without_them_takes_none_or_two_statements_for_them(
        self, learner, tutor, turns, woven, django_assert_num_queries
    ):
        conversation = ConversationFactory(learner=learner, turns=turns)
        for item in due(learner, *("queso", "vino", "pan", "té", "ajo", "sal")[:woven]):
            WovenWord.objects.weave(conversation, [item])
        say(conversation, "Hola.")
        # words to use, their items; count, insert, insert, day, session
        statements = 7 if woven else 5
        with django_assert_num_queries(statements + 2):  # for savepoints in tests
            say(conversation, "Hola, hola.")


def test_deleting_a_conversation_keeps_the_reviews_of_its_words(talk):
    say(talk, "Me gusta el queso.")

    lifecycle.delete(talk)

    assert not WovenWord.objects.exists()
    assert len(reviews(talk)) == 1
    assert StudyDay.objects.totals()["reviews"] == 3
    assert memories.rebuild() == (2, 0)


def test_a_transcript_says_nothing_of_the_words(talk):
    say(talk, "Me gusta el queso.")
    told = talk.as_transcript()
    other = Conversation.objects.save_transcript(
        LearnerFactory(), {**told, "user_id": None}
    )

    assert not WovenWord.objects.of(other).exists()
    assert set(told["messages"][0]) == {
        "role",
        "content",
        "language",
        "timestamp",
        "metadata",
    }
