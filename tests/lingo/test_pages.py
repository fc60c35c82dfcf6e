"""The account pages, the probes, and what a visitor sees when something is wrong."""

import json
import logging

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse

from lingo import views
from lingo.models import Learner
from tests.factories import PASSWORD

PROBLEM = "application/problem+json"

PROFILE = {
    "native_language": "it",
    "time_zone": "Europe/Rome",
    "daily_goal": 20,
    "feedback_style": "hint-first",
}


def sign_up(client, **fields):
    given = {
        "username": "ada",
        "email": "ada@example.org",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "native_language": "de",
        "time_zone": "Europe/Berlin",
        **fields,
    }
    return client.post(reverse("account_signup"), given)


@pytest.mark.parametrize(
    "name", ["conversations:home", "vocabulary:list", "progress:overview", "profile"]
)
def test_a_visitor_is_asked_to_sign_in(client, name):
    response = client.get(reverse(name))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["login", "signup", "reset_password"])
def test_the_pages_before_signing_in_are_open(client, db, name):
    assert client.get(reverse(f"account_{name}")).status_code == 200


def test_signing_up_keeps_native_language_and_time_zone(client, db):
    response = sign_up(client)
    assert response.status_code == 302
    learner = Learner.objects.get(username="ada")
    assert (learner.native_language, learner.time_zone) == ("de", "Europe/Berlin")


def test_signing_up_with_an_unknown_time_zone_is_refused_beside_the_field(client, db):
    response = sign_up(client, time_zone="Europe/Atlantis")
    assert "“Europe/Atlantis” is not a time zone." in response.content.decode()
    assert not Learner.objects.exists()


def test_one_signs_in_with_name_or_email(client, learner):
    for login in (learner.username, learner.email):
        response = client.post(
            reverse("account_login"), {"login": login, "password": PASSWORD}
        )
        assert response.url == reverse("conversations:home")
        client.logout()


def test_a_wrong_password_is_told_and_the_name_stays(client, learner):
    response = client.post(
        reverse("account_login"), {"login": learner.username, "password": "wrong"}
    )
    page = response.content.decode()
    assert 'role="alert"' in page
    assert f'value="{learner.username}"' in page


@pytest.mark.parametrize("name", ["email", "change_password", "logout"])
def test_the_pages_of_signing_in_wear_the_same_look(learner_client, name):
    page = learner_client.get(reverse(f"account_{name}")).content.decode()
    assert 'class="site-nav"' in page


def test_the_profile_is_saved(learner_client):
    response = learner_client.post(reverse("profile"), PROFILE)
    assert response.url == reverse("profile")
    learner = learner_client.learner
    learner.refresh_from_db()
    assert learner.native_language == "it"
    assert learner.time_zone == "Europe/Rome"
    assert learner.daily_goal == 20
    assert learner.feedback_style == "hint-first"


def test_the_streak_is_hidden_and_shown_in_the_profile(learner_client):
    for box in ({}, {"shows_streak": "on"}):
        learner_client.post(reverse("profile"), {**PROFILE, **box})
        learner_client.learner.refresh_from_db()
        assert learner_client.learner.shows_streak is bool(box)


def test_marks_in_messages_are_switched_off_and_on_in_the_profile(learner_client):
    for box in ({}, {"marks_words": "on"}):
        learner_client.post(reverse("profile"), {**PROFILE, **box})
        learner_client.learner.refresh_from_db()
        assert learner_client.learner.marks_words is bool(box)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("native_language", "xx"),
        ("time_zone", "Nowhere\x00"),
        ("daily_goal", "0"),
        ("daily_goal", "1441"),
        ("daily_goal", "many"),
        ("feedback_style", "loud"),
    ],
)
def test_a_profile_that_makes_no_sense_is_refused(learner_client, field, value):
    response = learner_client.post(reverse("profile"), {**PROFILE, field: value})
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {field}


def test_the_process_answers_without_a_database(client):
    assert client.get("/healthz").json() == {"status": "ok"}


def test_lingo_is_ready_with_every_migration(client, db):
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_lingo_is_not_ready_while_a_migration_is_missing(client):
    call_command("migrate", "knox", "zero", verbosity=0)
    try:
        response = client.get("/readyz")
    finally:
        call_command("migrate", "knox", verbosity=0)
    assert response.status_code == 503
    assert response.json()["reason"] == "The database lacks migrations."


def test_lingo_is_not_ready_without_its_database(client, db):
    def fail(*args):
        raise DatabaseError

    with connection.execute_wrapper(fail):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["reason"] == "The database does not answer."


def test_an_unknown_address_gets_a_page_that_leads_home(learner_client):
    response = learner_client.get("/no/such/page/")
    assert response.status_code == 404
    assert reverse("conversations:home") in response.content.decode()


def test_a_visitor_gets_the_same_page(client, db):
    assert client.get("/no/such/page/").status_code == 404


def test_an_unknown_address_of_the_api_gets_a_problem(client, db):
    response = client.get("/api/no-such-thing/")
    assert response.status_code == 404
    assert response["Content-Type"] == PROBLEM
    assert response.json()["title"] == "Not Found"


def test_a_form_with_an_old_token_says_so(learner):
    client = Client(enforce_csrf_checks=True)
    client.force_login(learner)
    response = client.post(reverse("profile"), {})
    assert response.status_code == 403
    assert "too old" in response.content.decode()


@pytest.mark.parametrize(
    ("handler", "status"),
    [(views.bad_request, 400), (views.permission_denied, 403)],
)
def test_each_refusal_has_its_page(rf, learner, handler, status):
    request = rf.get("/")
    request.user = learner
    request.resolver_match = None
    assert handler(request, None).status_code == status


def test_a_crash_gets_a_page_that_needs_nothing(client, caplog, monkeypatch):
    monkeypatch.setattr(views.JsonResponse, "__init__", crash)
    client.raise_request_exception = False
    caplog.set_level(logging.CRITICAL)
    response = client.get("/healthz")
    assert response.status_code == 500
    assert "Something broke" in response.content.decode()


def test_a_crash_of_the_api_gets_a_problem(rf):
    response = views.server_error(rf.get("/api/v1/conversations/"))
    assert response.status_code == 500
    assert json.loads(response.content)["status"] == 500


def crash(*args, **kwargs):
    raise RuntimeError
