"""What all of the API shares: tokens, problems, rates, the description."""

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from rest_framework.test import APIClient

from lingo.api import problems
from lingo.api.throttling import ApiThrottle
from tests.factories import PASSWORD

LOGIN = "/api/v1/auth/login/"
ME = "/api/v1/me/"


@pytest.fixture
def signed_in(learner):
    """A program that asked for its token itself."""
    client = APIClient()
    answer = client.post(LOGIN, {"username": learner.username, "password": PASSWORD})
    assert answer.status_code == 200
    assert set(answer.json()) == {"token", "expiry"}
    client.credentials(HTTP_AUTHORIZATION=f"Token {answer.json()['token']}")
    client.learner = learner
    return client


@pytest.fixture
def rates(monkeypatch):
    """Return a function that sets the rate of a scope, counted from zero."""
    cache.clear()

    def rates(**given):
        monkeypatch.setattr(
            ApiThrottle, "THROTTLE_RATES", {**ApiThrottle.THROTTLE_RATES, **given}
        )
        for throttle in ApiThrottle.__mro__[2].__subclasses__():
            monkeypatch.setattr(throttle, "THROTTLE_RATES", ApiThrottle.THROTTLE_RATES)

    yield rates
    cache.clear()


def test_a_token_stands_for_its_learner(signed_in):
    assert signed_in.get(ME).json()["username"] == signed_in.learner.username


def test_signing_out_ends_this_token_only(signed_in, learner):
    other = APIClient()
    token = other.post(LOGIN, {"username": learner.username, "password": PASSWORD})
    other.credentials(HTTP_AUTHORIZATION=f"Token {token.json()['token']}")

    assert signed_in.post("/api/v1/auth/logout/").status_code == 204

    assert signed_in.get(ME).status_code == 401
    assert other.get(ME).status_code == 200


def test_signing_out_everywhere_ends_all_tokens(signed_in, learner):
    other = APIClient()
    token = other.post(LOGIN, {"username": learner.username, "password": PASSWORD})
    other.credentials(HTTP_AUTHORIZATION=f"Token {token.json()['token']}")

    assert signed_in.post("/api/v1/auth/logout-all/").status_code == 204

    assert other.get(ME).status_code == 401


@pytest.mark.parametrize(
    "sent",
    [
        {"username": "nobody", "password": "x"},
        {"username": "nobody"},
        {"username": "a\x00", "password": "x"},
        {"username": "a", "password": "\x00"},
        {"username": "a", "password": "b", "extra": 1},
        {},
    ],
)
def test_a_wrong_login_is_refused(db, sent):
    answer = APIClient().post(LOGIN, sent)

    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_a_learner_who_is_not_active_gets_no_token(learner):
    learner.is_active = False
    learner.save()

    sent = {"username": learner.username, "password": PASSWORD}

    assert APIClient().post(LOGIN, sent).status_code == 400


def test_without_a_token_nothing_is_given(db):
    answer = APIClient().get(ME)

    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"]
    assert answer.json()["title"] == "Unauthorized"


def test_a_session_needs_its_csrf_token(learner):
    client = APIClient(enforce_csrf_checks=True)
    client.login(username=learner.username, password=PASSWORD)

    assert client.get(ME).status_code == 200
    assert client.patch(ME, {"daily_goal": 20}).status_code == 403


def test_the_learner_changes_what_is_theirs(api):
    wishes = {"time_zone": "Asia/Kathmandu", "shows_streak": False}

    answer = api.patch(ME, {"native_language": "de", **wishes})

    assert answer.status_code == 200
    assert wishes.items() <= answer.json().items()
    api.learner.refresh_from_db()
    assert api.learner.time_zone == "Asia/Kathmandu"


def test_the_learner_says_how_to_review(api):
    wishes = {"desired_retention": 0.85, "easy_days": [5, 6], "away_until": None}

    answer = api.patch(ME, wishes)

    assert answer.status_code == 200
    assert wishes.items() <= answer.json().items()
    api.learner.refresh_from_db()
    assert api.learner.easy_days == [5, 6]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"username": "other"}, "username"),
        ({"is_staff": True}, "is_staff"),
        ({"native_language": "xx"}, "native_language"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"daily_goal": 0}, "daily_goal"),
        ({"daily_goal": "many"}, "daily_goal"),
        ({"desired_retention": 0.99}, "desired_retention"),
        ({"easy_days": [7]}, "easy_days.0"),
        ({"easy_days": [5, 5]}, "easy_days"),
        ({"away_until": "soon"}, "away_until"),
    ],
)
def test_a_wrong_profile_is_refused(api, sent, field):
    answer = api.patch(ME, sent)

    assert answer.status_code == 400
    assert field in answer.json()["errors"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        (r'{"native_language": "\ud800"}', "native_language"),
        (r'{"\ud800": 1}', r"\ud800"),
    ],
)
def test_half_a_surrogate_is_quoted_in_the_problem(api, sent, field):
    answer = api.patch(ME, sent, content_type="application/json")

    assert answer.status_code == 400
    assert field in answer.json()["errors"]


def test_an_account_is_not_replaced(api):
    assert api.put(ME, {}).status_code == 405


def test_requests_are_limited_by_learner(api, stranger_api, rates):
    rates(api="2/min")

    statuses = [api.get(ME).status_code for _ in range(3)]

    assert statuses == [200, 200, 429]
    assert stranger_api.get(ME).status_code == 200
    assert int(api.get(ME)["Retry-After"]) > 0


def test_logins_are_limited_by_address(db, rates):
    rates(login="2/min")
    sent = {"username": "nobody", "password": "x"}

    statuses = [APIClient().post(LOGIN, sent).status_code for _ in range(3)]

    assert statuses == [400, 400, 429]
    other = APIClient(REMOTE_ADDR="192.0.2.1").post(LOGIN, sent)
    assert other.status_code == 400


def test_requests_without_a_name_are_limited_by_address(db, rates):
    rates(api="1/min")

    statuses = [APIClient().get("/api/v1/schema/").status_code for _ in range(2)]

    assert statuses == [200, 429]


def test_an_address_that_is_none_is_a_problem_too(api):
    answer = api.get("/api/v1/nothing/")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_the_description_names_the_problems(db):
    described = APIClient().get("/api/v1/schema/", {"format": "json"}).json()

    turns = described["paths"]["/api/v1/conversations/{conversation_id}/turns/"]["post"]
    assert {"200", "201", "400", "401", "404", "409", "429", "503"} <= set(
        turns["responses"]
    )


def test_the_docs_page_has_no_inline_script_or_style(client, db):
    page = client.get("/api/v1/docs/")

    assert page.status_code == 200
    text = page.content.decode()
    assert "<style" not in text
    assert "<script>" not in text
    assert "http://" not in text.replace("http://testserver", "")
    assert client.get("/api/v1/docs/?script=").status_code == 200


def test_what_may_not_be_is_a_problem():
    answer = problems.handle(PermissionDenied(), {})

    assert answer.status_code == 403


def test_what_is_no_api_error_is_left_to_django():
    assert problems.handle(KeyError(), {}) is None
