"""The words to use: in the panel, on the summary, and in the API's summary."""

import pytest
from django.urls import reverse

from conversations import lifecycle, weaving
from conversations.models import WovenWord
from conversations.turn_taking import take_turn
from tests.conversations.test_weaving import due
from tests.factories import ConversationFactory, introduce
from vocabulary import memories, reviewing
from vocabulary.managers import NewWord
from vocabulary.models import Review, VocabularyItem

HTMX = {"headers": {"HX-Request": "true"}}
PARTS = ["woven-hint", "woven-show"]


def address(conversation, name, *more):
    return reverse(f"conversations:{name}", args=[conversation.conversation_id, *more])


@pytest.fixture
def talk(learner, tutor):
    """A conversation with “queso” to use, and with words of which less is known."""
    items = due(
        learner,
        NewWord("queso", "cheese", "Como queso."),
        NewWord("vino", "", "¿Un vino o dos vinos?"),
        NewWord("pan", "", "Otra cosa."),
    )
    conversation = ConversationFactory(learner=learner)
    for item in items:
        WovenWord.objects.weave(conversation, [item])
    return conversation


@pytest.fixture
def cheese(talk):
    return talk.woven.get(item__lemma="queso")


@pytest.fixture(params=[{}, HTMX], ids=["plain", "htmx"])
def extra(request):
    """A request without and with JavaScript."""
    return request.param


def panel(client, conversation):
    """Return the page's part with the words to use."""
    page = client.get(conversation.get_absolute_url()).text
    before, found, after = page.partition('<section id="woven"')
    return after.partition("</section>")[0] if found else ""


class TestPanel:
    def test_a_word_is_shown_by_its_meaning_and_not_by_itself(
        self, learner_client, talk
    ):
        shown = panel(learner_client, talk)
        assert '<span lang="en">cheese</span>' in shown
        assert "queso" not in shown

    def test_without_a_meaning_its_example_has_gaps(self, learner_client, talk):
        shown = panel(learner_client, talk)
        gap = '<span class="gap"><span class="visually-hidden">(gap)</span></span>'
        assert f"¿Un {gap} o dos {gap}?" in shown
        assert "vino" not in shown

    def test_without_anything_that_is_said(self, learner_client, talk):
        shown = panel(learner_client, talk)
        assert shown.count("A word without a meaning yet") == 1

    def test_a_used_word_stands_there_with_its_sentence(self, learner_client, talk):
        take_turn(talk, "Hola. Me gustan los quesos.", client_id="a")
        shown = panel(learner_client, talk)
        assert ">queso</a>" in shown
        assert "Me gustan los quesos.</blockquote>" in shown
        assert "Hola" not in shown

    def test_a_turn_brings_it_anew(self, learner_client, talk):
        given = {"content": "Me gusta el queso.", "client_id": "a", "after": "0"}
        response = learner_client.post(address(talk, "turn-create"), given, **HTMX)
        assert "Me gusta el queso.</blockquote>" in response.text

    def test_a_suspended_word_is_not_asked_for(self, learner_client, talk):
        VocabularyItem.objects.filter(lemma="queso").update(is_suspended=True)
        assert "cheese" not in panel(learner_client, talk)

    def test_a_conversation_that_has_none_shows_nothing(
        self, learner_client, conversation
    ):
        assert panel(learner_client, conversation) == ""

    def test_no_help_where_nothing_can_be_said(self, learner_client, talk):
        lifecycle.move(talk, "completed")
        shown = panel(learner_client, talk)
        assert "cheese" in shown
        assert "<button" not in shown

    @pytest.mark.parametrize("turns", [1, 25])
    @pytest.mark.parametrize("count", [1, 6])
    def test_it_takes_the_same_queries_for_any_number(
        self, learner_client, learner, turns, count, django_assert_num_queries
    ):
        conversation = ConversationFactory(learner=learner, turns=turns)
        for item in introduce(learner, *("pan", "té", "ajo", "sal", "vino", "col")):
            WovenWord.objects.weave(conversation, [item])
        # session, learner, conversation, messages, unanswered, corrections, items,
        # marks, run, woven words, their items, reviews
        with django_assert_num_queries(12):
            learner_client.get(conversation.get_absolute_url())


class TestHelp:
    def test_a_hint_is_first_letter_and_length(
        self, learner_client, talk, cheese, extra
    ):
        target = address(talk, "woven-hint", cheese.pk)
        response = learner_client.post(target, **extra)
        assert response.status_code == (200 if extra else 302)
        shown = response.text if extra else panel(learner_client, talk)
        assert 'Begins with “<span lang="es">q</span>”, 5 letters' in shown
        assert "queso" not in shown
        assert target not in shown  # one hint is all there is
        assert not Review.objects.filter(kind="conversation").exists()

    def test_a_word_that_is_shown_is_reviewed(
        self, learner_client, talk, cheese, extra
    ):
        for _ in range(2):
            response = learner_client.post(
                address(talk, "woven-show", cheese.pk), **extra
            )
            assert response.status_code == (200 if extra else 302)
        shown = response.text if extra else panel(learner_client, talk)
        assert ">queso</a>" in shown
        assert "(shown)" in shown
        review = Review.objects.get(kind="conversation")
        assert (review.rating, review.evidence) == (Review.Rating.AGAIN, "")

    def test_without_javascript_one_lands_at_the_words(
        self, learner_client, talk, cheese
    ):
        response = learner_client.post(address(talk, "woven-hint", cheese.pk))
        assert response.url == f"{talk.get_absolute_url()}#woven"

    def test_the_part_moves_the_focus_to_what_is_new(
        self, learner_client, talk, cheese
    ):
        response = learner_client.post(address(talk, "woven-hint", cheese.pk), **HTMX)
        assert response.text.count("autofocus") == 1
        assert "<html" not in response.text

    @pytest.mark.parametrize("name", PARTS)
    def test_a_paused_conversation_gives_none(
        self, learner_client, talk, cheese, name, extra
    ):
        lifecycle.move(talk, "paused")
        response = learner_client.post(address(talk, name, cheese.pk), **extra)
        assert response.status_code == 409
        assert "This conversation is paused" in response.text
        cheese.refresh_from_db()
        assert cheese.help == "none"

    @pytest.mark.parametrize("name", PARTS)
    def test_looking_at_it_changes_nothing(self, learner_client, talk, cheese, name):
        response = learner_client.get(address(talk, name, cheese.pk))
        assert response.url == talk.get_absolute_url()
        cheese.refresh_from_db()
        assert cheese.help == "none"

    @pytest.mark.parametrize("name", PARTS)
    def test_a_stranger_finds_no_such_word(self, stranger_client, talk, cheese, name):
        response = stranger_client.post(address(talk, name, cheese.pk))
        assert response.status_code == 404
        cheese.refresh_from_db()
        assert cheese.help == "none"

    @pytest.mark.parametrize("name", PARTS)
    @pytest.mark.parametrize("pk", ["0", str(2**70), "x"])
    def test_an_unknown_word_is_not_found(self, learner_client, talk, name, pk):
        known = address(talk, name, 0)
        unknown = known.replace("/0/", f"/{pk}/")
        assert learner_client.post(unknown).status_code == 404

    def test_a_word_of_another_conversation_is_not_found(
        self, learner_client, learner, cheese
    ):
        other = ConversationFactory(learner=learner)
        response = learner_client.post(address(other, "woven-show", cheese.pk))
        assert response.status_code == 404

    @pytest.mark.parametrize("name", PARTS)
    def test_deleted_meanwhile_it_is_not_found(
        self, learner_client, talk, cheese, name, deleted_meanwhile
    ):
        deleted_meanwhile()
        response = learner_client.post(address(talk, name, cheese.pk))
        assert response.status_code == 404


@pytest.fixture
def reviewed(talk, cheese):
    """The talk, with a word used unprompted, one after a hint and one asked for."""
    weaving.hint(talk.woven.get(item__lemma="vino"))
    weaving.show(talk.woven.get(item__lemma="pan"))
    take_turn(talk, "Me gusta el queso. Me gusta el vino.", client_id="a")
    return talk


def review_of(lemma):
    return Review.objects.get(item__lemma=lemma, kind="conversation")


class TestSummary:
    def test_each_review_stands_there_with_its_evidence(self, learner_client, reviewed):
        page = learner_client.get(address(reviewed, "summary")).text
        assert "Words you used" in page
        assert "Me gusta el queso.</blockquote>" in page
        for said in ("Used unprompted", "Used after a hint", "Asked for"):
            assert page.count(said) == 1
        assert page.count(">Undo</button>") == 3

    def test_without_any_there_is_no_such_part(self, learner_client, talk):
        assert "Words you used" not in learner_client.get(address(talk, "summary")).text

    @pytest.mark.parametrize("count", [1, 6])
    def test_it_takes_the_same_queries_for_any_number(
        self, learner_client, learner, tutor, count, django_assert_num_queries
    ):
        words = ["pan", "leche", "ajo", "sal", "vino", "miel"][:count]
        conversation = ConversationFactory(learner=learner)
        for item in due(learner, *words):
            WovenWord.objects.weave(conversation, [item])
        take_turn(conversation, "Quiero " + " y ".join(words), client_id="a")
        # session, learner, conversation, messages, corrected, study, said, run,
        # reviews, words
        with django_assert_num_queries(10):
            response = learner_client.get(address(conversation, "summary"))
        assert len(response.context["reviews"]) == count

    def test_one_click_undoes_a_review_exactly(self, learner_client, reviewed, learner):
        before = review_of("queso").before
        target = address(reviewed, "review-undo", review_of("queso").pk)
        for _ in range(2):
            response = learner_client.post(target, follow=True)
            assert response.redirect_chain[0][0] == address(reviewed, "summary")
        assert "“queso” is as it was before." in response.text
        assert response.text.count(">Undone</span>") == 1
        item = learner.vocabulary_items.get(lemma="queso")
        assert item.memory.as_json() == before
        assert memories.rebuild() == (3, 0)

    def test_an_undone_word_is_not_reviewed_again(self, learner_client, reviewed):
        learner_client.post(address(reviewed, "review-undo", review_of("queso").pk))
        take_turn(reviewed, "Quiero más queso.", client_id="b")
        assert Review.objects.filter(kind="conversation").count() == 3

    def test_a_review_that_others_build_on_stays(
        self, learner_client, reviewed, learner
    ):
        item = learner.vocabulary_items.get(lemma="queso")
        reviewing.review(item, Review.Rating.GOOD, client_id="later")
        target = address(reviewed, "review-undo", review_of("queso").pk)
        response = learner_client.post(target)
        assert response.status_code == 409
        assert "A later review of this word builds on this one." in response.text
        assert review_of("queso").undone_at is None

    def test_looking_at_undo_changes_nothing(self, learner_client, reviewed):
        target = address(reviewed, "review-undo", review_of("queso").pk)
        assert learner_client.get(target).url == address(reviewed, "summary")
        assert review_of("queso").undone_at is None

    def test_a_stranger_undoes_nothing(self, stranger_client, reviewed):
        target = address(reviewed, "review-undo", review_of("queso").pk)
        assert stranger_client.post(target).status_code == 404
        assert review_of("queso").undone_at is None

    @pytest.mark.parametrize("pk", [0, 2**70])
    def test_an_unknown_review_is_not_found(self, learner_client, talk, pk):
        target = address(talk, "review-undo", pk)
        assert learner_client.post(target).status_code == 404

    def test_a_review_on_a_card_is_not_undone_here(self, learner_client, reviewed):
        card = Review.objects.filter(kind="card").first()
        target = address(reviewed, "review-undo", card.pk)
        assert learner_client.post(target).status_code == 404

    def test_a_word_deleted_meanwhile_is_not_found(
        self, learner_client, reviewed, monkeypatch
    ):
        target = address(reviewed, "review-undo", review_of("queso").pk)
        undo = reviewing.undo

        def vanish(review):
            VocabularyItem.objects.all().delete()
            undo(review)

        monkeypatch.setattr(reviewing, "undo", vanish)
        assert learner_client.post(target).status_code == 404


def test_the_api_tells_the_reviews_of_a_conversation(api, reviewed):
    review = review_of("queso")
    reviewing.undo(review)
    path = f"/api/v1/conversations/{reviewed.conversation_id}/summary/"

    told = api.get(path).json()["reviews"]

    assert {
        "id": review.pk,
        "word": "queso",
        "lemma": "queso",
        "rating": 3,
        "evidence": "Me gusta el queso.",
        "undone": True,
    } in told
    assert [one["rating"] for one in told] == [1, 3, 2]
