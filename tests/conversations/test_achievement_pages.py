"""The pages and the endpoint of achievements: each with what proves it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from conversations import awarding, lifecycle
from conversations.models import ConversationMessage
from progress import rarity
from progress.achievements import catalogue
from progress.models import Award, StudyDay
from tests.factories import ConversationFactory, LearnerFactory, introduce
from vocabulary.adding import add_word, remove_word

PAGE = reverse("conversations:achievement-list")
API = "/api/v1/progress/achievements/"
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
MARCH = [date(2026, 3, 1) + timedelta(days=n) for n in range(31)]


def days_page(slug):
    return reverse("conversations:achievement-days", args=[slug])


def study(learner, *dates, language="es", **tallies):
    for day in dates:
        StudyDay.objects.record(learner, language, day, **(tallies or {"turns": 1}))


def completed(learner, **fields):
    conversation = ConversationFactory(learner=learner, started_at=AT, **fields)
    lifecycle.move(conversation, "completed", ended_at=AT)
    return conversation


@pytest.fixture(autouse=True)
def counted_anew():
    cache.delete(rarity.KEY)


class TestShares:
    def award(self, number, slug):
        for _ in range(number):
            Award.objects.create(
                learner=LearnerFactory(),
                slug=slug,
                awarded_at=AT,
                value=1,
                evidence={"kind": "days", "since": "2026-03-01", "until": "2026-03-01"},
            )

    @pytest.fixture
    def slugs(self):
        return list(catalogue())[:3]

    def test_of_few_learners_none_is_shown(self, learner_client, api, slugs):
        self.award(rarity.LEAST_LEARNERS - 1, slugs[0])

        assert "of learners here" not in learner_client.get(PAGE).text
        assert {one["share"] for one in api.get(API).json()} == {None}

    def test_of_many_it_is_that_of_those_who_have_any(self, learner_client, api, slugs):
        self.award(30, slugs[0])
        self.award(10, slugs[1])

        page = learner_client.get(PAGE).text

        assert "75 % of learners here have it" in page
        assert "25 % of learners here have it" in page
        assert page.count("nobody here has it yet") == len(catalogue()) - 2
        sent = {one["slug"]: one["share"] for one in api.get(API).json()}
        assert [sent[slug] for slug in slugs] == [0.75, 0.25, 0]

    def test_a_very_small_share_is_not_rounded_to_nothing(self, learner_client, slugs):
        self.award(101, slugs[0])
        self.award(1, slugs[1])

        page = learner_client.get(PAGE).text

        assert "fewer than 1 % of learners here have it" in page

    def test_it_is_counted_once_an_hour(self, db, slugs, django_assert_num_queries):
        self.award(30, slugs[0])
        with django_assert_num_queries(2):
            assert rarity.shares() == {slugs[0]: 1}
        self.award(30, slugs[1])
        with django_assert_num_queries(0):
            assert rarity.shares() == {slugs[0]: 1}


class TestList:
    def test_without_anything_all_are_open(self, learner_client):
        shown = learner_client.get(PAGE)

        assert shown.context["earned"] == shown.context["points"] == 0
        assert shown.text.count('<li id="') == len(catalogue())
        assert "What proves it" not in shown.text
        assert "0 of 100 turns" in shown.text

    def test_what_is_earned_adds_up_to_the_points(self, learner_client, learner):
        completed(learner, turns=1)

        shown = learner_client.get(PAGE)

        awards = Award.objects.for_learner(learner)
        assert shown.context["earned"] == awards.count() == 2
        points = [catalogue()[award.slug].points for award in awards]
        assert shown.context["points"] == sum(points)

    def test_a_conversation_proves_it(self, learner_client, learner):
        talk = completed(learner, title="Comida & más")

        page = learner_client.get(PAGE).text

        assert f'<a href="{talk.get_absolute_url()}">Comida &amp; más</a>' in page
        assert "March 2, 2026</time>" in page

    def test_a_message_proves_it_where_it_is_on_its_page(self, learner_client, learner):
        talk = ConversationFactory(learner=learner, turns=100)

        page = learner_client.get(PAGE).text

        address = talk.get_absolute_url()
        assert f'href="{address}?before=27#message-2"' in page
        assert f'href="{address}#message-200"' in page
        assert 'id="message-200"' in learner_client.get(address).text
        shown = learner_client.get(f"{address}?before=27")
        assert 'id="message-2"' in shown.text

    def test_a_word_proves_it(self, learner_client, learner):
        introduce(learner, *[f"zq{n}k" for n in range(9)], at=AT, date=AT.date())
        last = introduce(learner, "pan")[0]

        page = learner_client.get(PAGE).text

        link = f'<a href="{last.get_absolute_url()}" lang="es">pan</a>'
        assert f"What proves it: {link}" in page

    def test_days_prove_it(self, learner_client, learner):
        study(learner, *MARCH[:3])

        page = learner_client.get(PAGE).text

        assert f'href="{days_page("three-days")}"' in page
        assert '<time datetime="2026-03-01" lang="en">March 1, 2026</time> to' in page

    def test_days_stay_the_same_where_the_learner_moves(self, learner_client, learner):
        study(learner, *MARCH[:3])
        awarding.award(learner)
        learner.time_zone = "America/Los_Angeles"
        learner.save()

        page = learner_client.get(PAGE).text

        assert 'earned <time datetime="2026-03-03"' in page

    def test_what_was_deleted_since_is_said_so(self, learner_client, learner):
        talk = completed(learner)
        words = [add_word(learner, "es", f"zq{n}k")[0] for n in range(10)]
        awarding.award(learner)
        lifecycle.delete(talk)
        remove_word(words[9])

        page = learner_client.get(PAGE).text

        assert "What proves it: a conversation that was deleted since" in page
        assert '<span lang="es">zq9k</span>, a word that was deleted since' in page

    def test_what_is_new_is_marked_once(self, learner_client, learner):
        completed(learner)

        assert "<mark>New</mark>" in learner_client.get(PAGE).text
        assert "<mark>New</mark>" not in learner_client.get(PAGE).text

    def test_it_speaks_the_learners_language(self, learner_client, learner):
        learner.native_language = "de"
        learner.save()

        page = learner_client.get(PAGE).text

        assert '<span lang="de">Erste Worte</span>' in page

    def test_it_belongs_to_progress(self, learner_client):
        page = learner_client.get(PAGE).text

        assert f'<a href="{reverse("progress:overview")}" aria-current="true">' in page

    def test_progress_leads_to_it(self, learner_client, learner):
        study(learner, *MARCH[:1])

        assert f'href="{PAGE}"' in learner_client.get(reverse("progress:overview")).text

    def test_a_stranger_sees_only_their_own(self, stranger_client, learner):
        completed(learner)
        awarding.award(learner)

        assert stranger_client.get(PAGE).context["earned"] == 0

    def test_it_is_read_only(self, learner_client):
        assert learner_client.post(PAGE).status_code == 405

    @pytest.mark.parametrize("count", [1, 50])
    def test_it_takes_the_same_queries_for_any_history(
        self, learner_client, learner, count, django_assert_num_queries
    ):
        for _ in range(count):
            ConversationFactory(learner=learner, turns=1)
        introduce(learner, *[f"zq{n}k" for n in range(count)])
        awarding.award(learner)
        # session, learner, awards, measures, and what proves them: talks and words; how
        # many learners have any
        words = 1 if count == 50 else 0
        with django_assert_num_queries(3 + len(awarding.MEASURES) + 1 + words + 1):
            learner_client.get(PAGE)


class TestDays:
    def test_the_days_add_up(self, learner_client, learner):
        study(learner, *MARCH[:3], turns=2, words=1, study_seconds=90)
        study(learner, MARCH[1], language="fr", reviews=4)
        study(learner, MARCH[8], turns=9)
        awarding.award(learner)

        shown = learner_client.get(days_page("three-days"))

        assert [(day.date, day.language) for day in shown.context["page"]] == [
            (MARCH[0], "es"),
            (MARCH[1], "es"),
            (MARCH[1], "fr"),
            (MARCH[2], "es"),
        ]
        totals = shown.context["totals"]
        assert (totals["turns"], totals["reviews"], totals["words"]) == (6, 4, 3)
        assert shown.context["minutes"] == 4
        assert f'href="{PAGE}#three-days"' in shown.text

    def test_many_days_come_in_pages(self, learner_client, learner):
        for language in ("es", "fr"):
            study(learner, *MARCH, language=language)
        awarding.award(learner)

        last = learner_client.get(days_page("thirty-days"), {"page": "2"})

        assert len(last.context["page"]) == 10
        assert last.context["totals"]["turns"] == 60
        assert (
            learner_client.get(days_page("thirty-days"), {"page": "x"})
            .context["page"]
            .number
            == 1
        )

    def test_days_that_came_to_nothing_since_are_said_so(self, learner_client, learner):
        study(learner, *MARCH[:3])
        awarding.award(learner)
        study(learner, *MARCH[:3], turns=-1)

        page = learner_client.get(days_page("three-days")).text

        assert "What was counted on them was deleted since." in page

    @pytest.mark.parametrize(
        "slug", ["three-days", "first-conversation", "nothing", "x" * 10_000]
    )
    def test_what_days_do_not_prove_has_no_such_page(
        self, learner_client, learner, slug
    ):
        completed(learner)
        awarding.award(learner)

        assert learner_client.get(days_page(slug)).status_code == 404

    def test_an_achievement_that_is_no_more_has_no_page(self, learner_client, learner):
        evidence = {"kind": "days", "since": "2026-03-01", "until": "2026-03-03"}
        Award.objects.create(
            learner=learner, slug="gone", awarded_at=AT, value=3, evidence=evidence
        )

        assert learner_client.get(days_page("gone")).status_code == 404

    def test_a_stranger_sees_nothing(self, stranger_client, learner):
        study(learner, *MARCH[:3])
        awarding.award(learner)

        assert stranger_client.get(days_page("three-days")).status_code == 404

    @pytest.mark.parametrize("days", [3, 31])
    def test_it_takes_the_same_queries_for_any_number(
        self, learner_client, learner, days, django_assert_num_queries
    ):
        study(learner, *MARCH[:days])
        awarding.award(learner)
        # session, learner, award, totals, count, days
        with django_assert_num_queries(6):
            learner_client.get(days_page("three-days"))


class TestAnnouncing:
    NEW = "New achievement: "

    def test_completing_a_conversation_says_what_is_new(self, learner_client, learner):
        talk = ConversationFactory(learner=learner)
        address = reverse("conversations:complete", args=[talk.conversation_id])

        page = learner_client.post(address, follow=True).text

        link = f'<a href="{PAGE}#first-conversation" lang="en">From hello to goodbye'
        assert f"{self.NEW}{link}</a>" in page
        summary = reverse("conversations:summary", args=[talk.conversation_id])
        assert self.NEW not in learner_client.get(summary).text

    def test_several_are_said_together(self, learner_client, learner):
        talk = completed(learner, turns=1)
        summary = reverse("conversations:summary", args=[talk.conversation_id])

        assert "New achievements: " in learner_client.get(summary).text

    def test_the_summary_of_an_open_conversation_awards_nothing(
        self, learner_client, learner
    ):
        talk = ConversationFactory(learner=learner, turns=1)
        learner_client.get(
            reverse("conversations:summary", args=[talk.conversation_id])
        )

        assert not Award.objects.exists()

    def test_the_end_of_a_review_says_what_is_new(self, learner_client, learner):
        study(learner, *MARCH[:3], reviews=1)
        review = reverse("vocabulary:review")

        page = learner_client.get(review).text

        assert f'{self.NEW}<a href="{PAGE}#three-days"' in page
        assert self.NEW not in learner_client.get(review).text

    def test_a_turn_awards_nothing(self, learner_client, learner, tutor):
        talk = ConversationFactory(learner=learner)
        said = {"content": "Hola", "client_id": "a"}
        address = reverse("conversations:turn-create", args=[talk.conversation_id])
        learner_client.post(address, said)

        assert ConversationMessage.objects.count() == 2
        assert not Award.objects.exists()


class TestApi:
    def test_all_are_listed_with_how_far_they_are(self, api, learner):
        rows = api.get(API).json()

        assert [row["slug"] for row in rows] == list(catalogue())
        assert rows[1] == {
            "slug": "hundred-turns",
            "category": "conversation",
            "rarity": "uncommon",
            "points": 20,
            "share": None,
            "title": "Warmed up",
            "description": "100 turns with the tutor",
            "measure": "turns",
            "value": 0,
            "threshold": 100,
            "is_earned": False,
            "awarded_at": None,
            "evidence": None,
        }

    def test_what_is_earned_says_when_and_by_what(self, api, learner):
        talk = completed(learner)
        introduce(learner, *[f"zq{n}k" for n in range(10)], at=AT, date=AT.date())
        study(learner, *MARCH[:3])

        rows = {row["slug"]: row for row in api.get(API).json()}

        first = rows["first-conversation"]
        assert (first["is_earned"], first["value"]) == (True, 1)
        assert first["awarded_at"] == "2026-03-02T12:00:00Z"
        assert first["evidence"] == {
            "kind": "conversation",
            "conversation_id": talk.conversation_id,
        }
        word = rows["ten-words"]["evidence"]
        assert (word["kind"], word["language"]) == ("word", "es")
        assert rows["three-days"]["evidence"] == {
            "kind": "days",
            "since": "2026-03-01",
            "until": "2026-03-03",
        }

    def test_it_speaks_the_learners_language(self, api, learner):
        learner.native_language = "fr"
        learner.save()

        assert api.get(API).json()[0]["title"] == "Premiers mots"

    def slugs(self, api, **query):
        return [row["slug"] for row in api.get(API, query).json()]

    def test_they_are_narrowed(self, api, learner):
        study(learner, *MARCH[:3])
        earned = self.slugs(api, is_earned=True)

        assert "three-days" in earned
        assert len(self.slugs(api, is_earned=False)) == len(catalogue()) - len(earned)
        assert self.slugs(api, category="streak", is_earned="true") == [
            slug for slug in earned if catalogue()[slug].category == "streak"
        ]
        third = str(MARCH[2])
        assert "three-days" in self.slugs(api, date_after=third, date_before=third)
        assert "three-days" not in self.slugs(api, date_before=str(MARCH[1]))
        assert self.slugs(api, date_after=str(MARCH[3])) == []

    @pytest.mark.parametrize(
        "query",
        [
            {"category": "x"},
            {"is_earned": "perhaps"},
            {"date_after": "yesterday"},
            {"date_before": "\x00"},
            {"rarity": "epic"},
        ],
    )
    def test_a_wrong_narrowing_is_named(self, api, query):
        answer = api.get(API, query)

        assert answer.status_code == 400
        assert answer.json()["errors"].keys() == query.keys()

    def test_a_stranger_sees_only_their_own(self, stranger_api, learner):
        completed(learner)
        awarding.award(learner)

        assert not any(row["is_earned"] for row in stranger_api.get(API).json())

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_achievements_are_not_taken_from_a_caller(self, api, method):
        assert getattr(api, method)(API, {"slug": "polyglot"}).status_code == 405

    @pytest.mark.parametrize("count", [1, 50])
    def test_it_takes_the_same_queries_for_any_history(
        self, api, learner, count, django_assert_num_queries
    ):
        for _ in range(count):
            ConversationFactory(learner=learner, turns=1)
        awarding.award(learner)

        # awards, measures; how many learners have any
        with django_assert_num_queries(1 + len(awarding.MEASURES) + 1):
            api.get(API)
