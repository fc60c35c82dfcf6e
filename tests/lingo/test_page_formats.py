"""How pages write dates, times and numbers: the learner's own way."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context
from django.utils import timezone
from django.utils.html import strip_tags

from lingo.models import Learner
from lingo.templatetags import lingo as tags

AFTERNOON = datetime(2026, 3, 4, 14, 5, tzinfo=UTC)


@pytest.fixture
def page(rf):
    def page(native_language):
        request = rf.get("/")
        request.user = Learner(native_language=native_language)
        return Context({"request": request})

    return page


@pytest.mark.parametrize(
    ("native", "shown"),
    [("en", "March 4, 2026"), ("de", "04.03.2026"), ("es", "04/03/2026")],
)
def test_a_date_is_written_as_at_home(page, native, shown):
    shown_now = strip_tags(tags.day(page(native), date(2026, 3, 4)))
    assert shown_now == shown


def test_a_moments_date_is_the_learners_own(page):
    with timezone.override("Asia/Tokyo"):
        late = datetime(2026, 3, 4, 20, 0, tzinfo=UTC)
        assert strip_tags(tags.day(page("de"), late)) == "05.03.2026"


def test_an_earlier_day_is_written_with_date_and_time(page):
    assert strip_tags(tags.moment(page("de"), AFTERNOON)) == "04.03.2026, 14:05"


def test_today_is_only_a_time(page):
    now = timezone.now()
    assert strip_tags(tags.moment(page("de"), now)) == f"{now:%H:%M}"


@pytest.mark.parametrize(
    ("native", "shown"), [("en", "12,345.7"), ("de", "12.345,7"), ("it", "12.345,7")]
)
def test_a_number_is_written_as_at_home(page, native, shown):
    assert tags.number(page(native), 12345.678, 1) == shown


@pytest.mark.parametrize(
    ("wait", "shown"),
    [
        (timedelta(days=-3), "now"),
        (timedelta(hours=2), "later today"),
        (timedelta(hours=12), "tomorrow"),
        (timedelta(days=3), "in 3 days"),
        (timedelta(days=15), "in 2 weeks"),
        (timedelta(days=70), "in 2 months"),
        (timedelta(days=800), "in 2 years"),
    ],
)
def test_when_a_review_falls_is_said_in_words(monkeypatch, wait, shown):
    monkeypatch.setattr(timezone, "now", lambda: AFTERNOON)
    assert tags.due_in(AFTERNOON + wait) == shown


def test_a_text_without_the_native_language_is_shown_in_english():
    assert tags.in_language({"en": "a guest", "de": ""}, "de") == "a guest"
