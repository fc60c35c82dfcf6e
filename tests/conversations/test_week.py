"""The weekly report: every figure is what the learner's rows add up to."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from conversations.models import Conversation, ConversationMessage
from conversations.week import MOST_WORDS, Week, report
from progress.models import StudyDay
from tests.factories import ConversationFactory, introduce, learned
from vocabulary.models import VocabularyItem
from vocabulary.reviewing import review, undo

AGAIN, GOOD, EASY = 1, 3, 4
NOW = datetime(2026, 12, 2, 12, tzinfo=UTC)  # a Wednesday
WEEK = Week(date(2026, 11, 23))
API = "/api/v1/progress/week/"


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """Let it be NOW, or what a test sets with `now(…)`."""

    def set_now(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_now(NOW)
    return set_now


@pytest.fixture
def page(learner):
    """Return a function that reads the learner's report, of a week or the last one."""
    client = Client()

    def page(name="", user=learner):
        client.force_login(user)
        return client.get(f"/progress/week/{name and name + '/'}")

    return page


def study(learner, day, language="es", **tallies):
    StudyDay.objects.record(learner, language, day, **(tallies or {"turns": 1}))


def say(learner, text, day, language="es", role="user"):
    at = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=12)
    talk = ConversationFactory(learner=learner, language=language, started_at=at)
    said = ConversationMessage(role=role, content=text, created_at=at)
    ConversationMessage.objects.append(talk, [said])
    return said


def on(day, hour=12):
    return datetime(2026, 11, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "monday"),
    [
        ("2026-W48", date(2026, 11, 23)),
        ("2026-W53", date(2026, 12, 28)),  # which reaches into 2027
        ("2025-W01", date(2024, 12, 30)),
        ("2024-W52", date(2024, 12, 23)),
    ],
)
def test_a_week_has_the_name_that_iso_8601_gives_it(name, monday):
    week = Week.named(name)

    assert (week.monday, week.sunday) == (monday, monday + timedelta(days=6))
    assert week.name == name
    assert Week.of(week.sunday) == week
    assert week.before.after == week


@pytest.mark.parametrize(
    "name",
    ["2025-W53", "2026-W00", "2026-W54", "0000-W01", "9999-W01", "2026-48", "٢٠٢٦-W48"],
)
def test_no_other_name_is_a_week(name, page, api):
    with pytest.raises(ValueError, match="week"):
        Week.named(name)
    assert page(name).status_code == 404
    assert list(api.get(API, {"week": name}).json()["errors"]) == ["week"]


@pytest.mark.parametrize("name", ["a\x00", "\ud800", "x" * 10_000, "9" * 5000, "1"])
def test_the_api_names_the_field_of_a_wrong_week(api, name):
    answer = api.get(API, {"week": name.encode("utf-8", "surrogatepass")})

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["week"]
    assert api.get(API, {"wek": "2026-W48"}).status_code == 400


@pytest.mark.parametrize(
    ("zone", "moment", "last"),
    [
        ("UTC", "2026-11-29T23:59", "2026-W47"),
        ("UTC", "2026-11-30T00:00", "2026-W48"),
        ("Pacific/Auckland", "2026-11-29T10:59", "2026-W47"),
        ("Pacific/Auckland", "2026-11-29T11:00", "2026-W48"),
        ("America/Los_Angeles", "2026-11-30T07:59", "2026-W47"),
        ("America/Los_Angeles", "2026-11-30T08:00", "2026-W48"),
        ("Europe/Berlin", "2026-03-29T21:59", "2026-W12"),  # summer time began
        ("Europe/Berlin", "2026-03-29T22:00", "2026-W13"),
        ("Europe/Berlin", "2026-10-25T22:59", "2026-W42"),  # and ended
        ("Europe/Berlin", "2026-10-25T23:00", "2026-W43"),
        ("UTC", "2027-01-03T23:59", "2026-W52"),
        ("UTC", "2027-01-04T00:00", "2026-W53"),
    ],
)
def test_the_last_full_week_is_of_the_learners_own_calendar(
    page, api, learner, now, zone, moment, last
):
    now(datetime.fromisoformat(moment).replace(tzinfo=UTC))
    learner.time_zone = zone
    learner.save()

    shown = page()

    assert shown.context["week"].name == last
    assert shown.context["is_over"]
    assert zone in shown.text
    assert api.get(API).json()["week"] == last


@pytest.mark.parametrize(
    ("zone", "monday", "end"),
    [
        ("Europe/Berlin", "2026-03-22T23:00", "2026-03-29T22:00"),  # 167 hours
        ("Europe/Berlin", "2026-10-18T22:00", "2026-10-25T23:00"),  # 169 hours
        ("Pacific/Auckland", "2026-09-20T12:00", "2026-09-27T11:00"),
        ("America/Los_Angeles", "2026-10-26T07:00", "2026-11-02T08:00"),
    ],
)
def test_a_week_is_whole_where_the_clocks_change(learner, zone, monday, end):
    learner.time_zone = zone
    monday, end = (datetime.fromisoformat(at + "+00:00") for at in (monday, end))
    talk = ConversationFactory(learner=learner, started_at=monday)
    second = timedelta(seconds=1)
    said = [
        ConversationMessage(role="user", content=str(at), created_at=at)
        for at in (monday - second, monday, end - second, end)
    ]
    ConversationMessage.objects.append(talk, said)
    week = Week.of(learner.local_date(monday))
    for message in said:
        study(learner, message.study_date, turns=1)

    assert [week.monday <= one.study_date <= week.sunday for one in said] == [
        False,
        True,
        True,
        False,
    ]
    assert report(learner, week)["turns"] == 2


def test_the_figures_are_what_the_study_days_add_up_to(page, api, learner, stranger):
    study(learner, date(2026, 11, 22), turns=100)
    study(learner, date(2026, 11, 23), turns=2, words=3, study_seconds=90)
    study(learner, date(2026, 11, 23), "fr", reviews=7, study_seconds=45)
    study(learner, date(2026, 11, 29), turns=1, reviews=1, study_seconds=50)
    study(learner, date(2026, 11, 28), study_seconds=10)
    study(learner, date(2026, 11, 27), turns=0)
    study(learner, date(2026, 11, 30), turns=100)
    study(stranger, date(2026, 11, 25), turns=100)

    shown, sent = page("2026-W48"), api.get(API, {"week": "2026-W48"}).json()

    expected = {"days": 2, "minutes": 3, "turns": 3, "reviews": 8, "words": 3}
    assert {name: shown.context[name] for name in expected} == expected
    assert {name: sent[name] for name in expected} == expected
    rows = [(day["date"], day["language"]) for day in sent["study_days"]]
    assert rows == [
        ("2026-11-23", "es"),
        ("2026-11-23", "fr"),
        ("2026-11-28", "es"),
        ("2026-11-29", "es"),
    ]
    assert (sent["begins_on"], sent["ends_on"]) == ("2026-11-23", "2026-11-29")
    assert sent["study_seconds"] == 195


def test_then_and_now_are_the_longest_messages_in_one_language(page, api, learner):
    say(learner, "Hola.", date(2026, 1, 5))
    then = say(learner, "Hola, me llamo Ana.", date(2026, 2, 5))
    say(
        learner,
        "Una respuesta larga del tutor.",
        date(2026, 2, 5),
        role="assistant",
    )
    say(learner, "Je suis très content de vous voir ici.", date(2026, 11, 24), "fr")
    say(learner, "Sí.", date(2026, 11, 24))
    now = say(learner, "Ayer fui al cine con mi hermana.", date(2026, 11, 25))
    say(learner, "Mañana voy a cocinar una tortilla de patatas.", date(2026, 11, 30))

    shown, sent = page("2026-W48"), api.get(API, {"week": "2026-W48"}).json()

    assert shown.context["then"].message == then
    assert shown.context["now"].message == now
    for said in (then, now):
        assert said.content in shown.text
        address = f"{said.conversation.get_absolute_url()}#message-{said.position}"
        assert f'href="{address}"' in shown.text
    assert sent["then"]["content"] == then.content
    assert sent["now"] == {
        "conversation_id": now.conversation.conversation_id,
        "position": 1,
        "language": "es",
        "content": now.content,
        "date": "2026-11-25",
        "url": f"{now.conversation.get_absolute_url()}#message-1",
    }


@pytest.mark.parametrize("day", [date(2026, 2, 5), date(2026, 11, 25)])
def test_where_one_of_then_and_now_lacks_neither_is_shown(page, learner, stranger, day):
    say(learner, "Hola, me llamo Ana.", day)
    say(learner, "Je suis content.", date(2026, 11, 24), "fr")
    say(stranger, "Hola a todos.", date(2026, 2, 5))
    say(stranger, "Hola a todos.", date(2026, 11, 25))

    shown = page("2026-W48")

    assert (shown.context["then"], shown.context["now"]) == (None, None)
    assert "Then and now" not in shown.text


def test_a_long_message_is_shortened_on_the_page(page, learner):
    say(learner, "Hola.", date(2026, 2, 5))
    say(learner, "palabra " * 1250, date(2026, 11, 25))

    assert page("2026-W48").text.count("palabra") < 100


def test_what_was_kept_is_read_from_the_weeks_reviews(page, api, learner, stranger):
    kept, lost, other, undone = learned(
        learner, "casa", "mesa", "pan", "vino", due=on(20), at=on(10)
    )
    learned(stranger, "casa", due=on(20), at=on(10))
    [new] = introduce(learner, "silla", at=on(20), date=date(2026, 11, 20))
    review(new, AGAIN, client_id="new", at=on(24))
    review(kept, GOOD, client_id="1", at=on(23, 0))
    review(lost, AGAIN, client_id="2", at=on(24))
    review(lost, GOOD, client_id="3", at=on(24, 13))
    review(other, GOOD, client_id="4", at=on(30, 0))
    undo(review(undone, AGAIN, client_id="5", at=on(25))[0])

    shown, sent = page("2026-W48"), api.get(API, {"week": "2026-W48"}).json()

    assert shown.context["due_words"] == sent["due_words"] == 2
    assert shown.context["kept"] == (1, [kept])
    assert sent["forgotten"] == {
        "count": 1,
        "words": [{"id": lost.pk, "language": "es", "word": "mesa"}],
    }
    text = " ".join(strip_tags(shown.text).split())
    assert "2 learned words came up again. You recalled 1 of them each time." in text
    assert f'href="{kept.get_absolute_url()}" lang="es">casa</a>' in shown.text


def test_words_that_became_known_in_the_week_are_named(page, learner):
    now, before, back = learned(
        learner, "casa", "pan", "vino", due=on(9), at=on(1) - timedelta(days=20)
    )
    review(before, EASY, client_id="1", at=on(20))
    review(before, EASY, client_id="2", at=on(25))
    review(now, EASY, client_id="3", at=on(25))
    review(back, EASY, client_id="4", at=on(24))
    review(back, AGAIN, client_id="5", at=on(29))
    shown = page("2026-W48")

    assert shown.context["became_known"] == (1, [now])
    assert VocabularyItem.objects.get(pk=now.pk).stage == "known"
    assert "Known now: 1" in shown.text


def test_of_very_many_words_the_first_are_named(page, learner):
    words = [f"zq{n}k" for n in range(MOST_WORDS + 1)]
    for item in learned(learner, *words, due=on(20), at=on(10)):
        review(item, GOOD, client_id=f"{item.pk}", at=on(24))

    shown = page("2026-W48")

    kept = shown.context["kept"]
    assert (kept.number, len(kept.items)) == (MOST_WORDS + 1, MOST_WORDS)
    assert "and others" in shown.text


def test_what_to_do_next_has_reasons_and_links(page, api, learner, scenarios):
    introduce(learner, "casa", "pan")
    talk = ConversationFactory(learner=learner, topic="El cine", turns=1)

    shown, sent = page(), api.get(API).json()

    kinds = ["waiting", "unfinished", "unplayed"]
    assert [one.kind for one in shown.context["advice"]] == kinds
    assert [one["kind"] for one in sent["advice"]] == kinds
    assert sent["advice"][0] == {
        "kind": "waiting",
        "reason": "2 words wait for review.",
        "act": "Review now",
        "url": reverse("vocabulary:review"),
    }
    assert f'<a href="{talk.get_absolute_url()}">Go on with “El cine”</a>' in shown.text
    scenario = min(scenarios)
    assert sent["advice"][2]["url"] == scenarios[scenario].get_absolute_url()


def test_what_is_done_is_not_asked_again(page, learner, scenarios):
    for scenario in scenarios.values():
        talk, _ = Conversation.objects.begin(learner, language="es", scenario=scenario)
        Conversation.objects.filter(pk=talk.pk).update(status="archived")

    shown = page()

    assert shown.context["advice"] == []
    assert "What to do next" not in shown.text


def test_a_week_off_is_met_kindly(page):
    assert "This was a week off, and that is fine" in page("2026-W48").text
    running = page("2026-W49").text
    assert "Nothing yet this week. There is time." in running
    assert "This week is not over yet." in running


def test_a_week_that_has_not_begun_is_no_page(page, api):
    assert page("2026-W50").status_code == 404
    assert page("2999-W01").status_code == 404
    errors = api.get(API, {"week": "2026-W50"}).json()["errors"]
    assert errors == {"week": ["This week has not begun."]}


def test_weeks_lead_to_the_next_and_the_one_before(page):
    shown = page("2026-W48").text
    assert '<a rel="prev" href="/progress/week/2026-W47/">' in shown
    assert '<a rel="next" href="/progress/week/2026-W49/">' in shown
    assert 'rel="next"' not in page("2026-W49").text
    assert 'rel="prev"' not in page("1900-W01").text


def test_dates_and_numbers_are_written_the_learners_own_way(page, learner):
    learner.native_language = "de"
    learner.save()
    study(learner, date(2026, 11, 23), turns=1234)

    shown = page("2026-W48").text

    assert "23.11.2026" in shown
    assert "<strong>1.234</strong>" in shown


def test_a_stranger_sees_only_their_own(page, api, stranger, stranger_api):
    for day in (date(2026, 2, 5), date(2026, 11, 25)):
        say(api.learner, "Hola, me llamo Ana.", day)
        study(api.learner, day)

    shown = page("2026-W48", stranger)

    assert shown.context["study_days"] == []
    assert shown.context["now"] is None
    assert stranger_api.get(API, {"week": "2026-W48"}).json()["turns"] == 0


def test_a_visitor_is_asked_to_sign_in(client, db):
    assert client.get(reverse("week:last")).url.startswith(reverse("account_login"))
    assert client.get(API).status_code == 401


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_figures_are_not_taken_from_a_caller(api, method):
    assert getattr(api, method)(API, {"turns": 99}).status_code == 405


@pytest.mark.parametrize("count", [1, 50])
def test_it_takes_the_same_queries_for_any_number(
    learner, api, scenarios, count, django_assert_num_queries
):
    words = [f"zq{n}k" for n in range(count)]
    for item in learned(learner, *words, due=on(20), at=on(10)):
        review(item, GOOD, client_id=f"{item.pk}", at=on(24))
    for n in range(count):
        say(learner, f"Hola {n}", date(2026, 2, 5))
        say(learner, f"Hola {n}", date(2026, 11, 25))
        study(learner, date(2026, 11, 23 + n % 7), words=1)
    client = Client()
    client.force_login(learner)

    # session, learner; study days; then and now: 3; reviews, items; advice: 8
    with django_assert_num_queries(16):
        client.get("/progress/week/2026-W48/")
    with django_assert_num_queries(14):
        api.get(API, {"week": "2026-W48"})


def test_the_progress_page_leads_to_it(learner_client, now):
    now(datetime.now(UTC))
    page = learner_client.get(reverse("progress:overview"))
    assert 'href="/progress/week/"' in page.text
    shown = learner_client.get(reverse("week:last")).text
    assert '<a href="/progress/" aria-current="true">' in shown
