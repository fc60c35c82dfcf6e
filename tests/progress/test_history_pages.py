"""Study days and sessions one by one, narrowed and paged."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from progress.models import StudyDay, StudySession

DAYS = reverse("progress:study-days")
SESSIONS = reverse("progress:sessions")
TALLIES = {"turns": 3, "words": 2, "reviews": 4, "study_seconds": 90}


def study(learner, days_ago=0, language="es", **tallies):
    date = learner.local_date() - timedelta(days=days_ago)
    StudyDay.objects.record(learner, language, date, **(tallies or TALLIES))
    return date


def session(learner, days_ago=0, **fields):
    at = timezone.now() - timedelta(days=days_ago)
    fields = {"language": "es", "kind": "review", "items": 2, **fields}
    date = learner.local_date(at)
    return StudySession.objects.create(
        learner=learner, started_at=at, last_at=at, date=date, **fields
    )


class TestStudyDays:
    def shown(self, client, **query):
        page = client.get(DAYS, query).context["page"]
        return [(day.date, day.language) for day in page]

    def test_they_are_shown_with_their_sums(self, learner_client, learner):
        today, before = study(learner), study(learner, 1, "fr")

        page = learner_client.get(DAYS)

        assert self.shown(learner_client) == [(today, "es"), (before, "fr")]
        assert page.context["totals"]["turns"] == 6
        assert page.context["minutes"] == 3
        assert "<tfoot>" in page.text

    def test_a_day_of_which_nothing_is_left_is_not_shown(self, learner_client, learner):
        study(learner, turns=1)
        study(learner, turns=-1)
        seconds = study(learner, 1, study_seconds=10)
        completed = study(learner, 2, conversations=1)

        assert self.shown(learner_client) == [(seconds, "es"), (completed, "es")]

    def test_they_are_narrowed(self, learner_client, learner):
        today, before = study(learner), study(learner, 1)
        study(learner, 1, "fr")

        assert self.shown(learner_client, since=today) == [(today, "es")]
        assert self.shown(learner_client, until=before, language="fr") == [
            (before, "fr")
        ]
        sums = learner_client.get(DAYS, {"until": before}).context["totals"]
        assert sums["turns"] == 6

    def test_many_are_paged_and_summed_all(self, learner_client, learner):
        for days_ago in range(60):
            study(learner, days_ago)

        page = learner_client.get(DAYS, {"language": "es"})

        assert len(page.context["page"]) == 50
        assert page.context["totals"]["turns"] == 180
        assert "?language=es&amp;page=2" in page.text

    def test_without_any_it_says_what_to_do(self, learner_client, learner):
        assert reverse("conversations:create") in learner_client.get(DAYS).text
        nothing = learner_client.get(DAYS, {"language": "es"}).text
        assert "No day is like that." in nothing

    @pytest.mark.parametrize("days", [1, 50])
    def test_it_takes_the_same_queries_for_any_number(
        self, learner_client, learner, days, django_assert_num_queries
    ):
        for days_ago in range(days):
            study(learner, days_ago)

        with django_assert_num_queries(5):  # session, learner; sums, number, days
            learner_client.get(DAYS)


class TestSessions:
    def shown(self, client, **query):
        return list(client.get(SESSIONS, query).context["page"])

    def test_they_are_shown_the_latest_first_and_narrowed(
        self, learner_client, learner
    ):
        before = session(learner, 3, language="fr")
        review = session(learner, 1)
        talk = session(learner, 0, kind="conversation", source_id="gone")
        session(learner, 0, kind="scenario", items=0)  # of which nothing is left

        assert self.shown(learner_client) == [talk, review, before]
        assert self.shown(learner_client, kind="review") == [review, before]
        assert self.shown(learner_client, language="fr") == [before]
        assert self.shown(learner_client, since=talk.date) == [talk]
        assert self.shown(learner_client, until=before.date) == [before]

    def test_without_any_it_says_what_to_do(self, learner_client):
        assert reverse("conversations:create") in learner_client.get(SESSIONS).text
        nothing = learner_client.get(SESSIONS, {"kind": "review"}).text
        assert "No session is like that." in nothing

    @pytest.mark.parametrize("count", [1, 50])
    def test_it_takes_the_same_queries_for_any_number(
        self, learner_client, learner, count, django_assert_num_queries
    ):
        for n in range(count):
            session(learner, n, kind="conversation", source_id=f"{n}")

        # session, learner; number, sessions, conversations
        with django_assert_num_queries(5):
            learner_client.get(SESSIONS)


@pytest.mark.parametrize("page", [DAYS, SESSIONS])
class TestBoth:
    @pytest.mark.parametrize("name", ["since", "until", "language"])
    @pytest.mark.parametrize("value", ["x", "\x00", "9" * 10_000, "0001-01-01"])
    def test_what_makes_no_sense_is_left_out_and_said(
        self, learner_client, learner, page, name, value
    ):
        study(learner)
        session(learner)

        shown = learner_client.get(page, {name: value})

        assert shown.status_code == 200
        assert shown.context["form"].errors.keys() == {name}
        assert len(shown.context["page"]) == 1

    def test_a_stranger_sees_nothing(self, stranger_client, learner, page):
        study(learner)
        session(learner)

        assert list(stranger_client.get(page).context["page"]) == []

    def test_progress_leads_there(self, learner_client, learner, page):
        study(learner)
        session(learner)

        shown = learner_client.get(reverse("progress:overview"))

        assert f'href="{page}"' in shown.text
        navigation = learner_client.get(page).text
        assert (
            f'href="{reverse("progress:overview")}" aria-current="true"' in navigation
        )
