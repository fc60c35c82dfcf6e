"""Staff publish learners' scenarios, and take them back."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from conversations.models import Scenario
from tests.factories import LearnerFactory
from tests.scenes import own

LIST = reverse("admin:conversations_scenario_changelist")


def act(client, action, *scenarios):
    pks = [scenario.pk for scenario in scenarios]
    sent = {"action": action, "_selected_action": pks}
    return client.post(LIST, sent, follow=True)


def test_own_scenarios_are_published_as_they_stand(staff_client, learner, scenarios):
    old = own(learner)
    new = own(learner, title="Bread")

    page = act(staff_client, "publish", old, new, scenarios["cafe"])

    shared = Scenario.objects.get(slug__startswith="shared-")
    assert (shared.owner, shared.title) == (None, {"en": "Bread"})
    assert "1 of 3 published" in page.text
    assert Scenario.objects.current().get(owner=learner) == new


def test_published_ones_are_withdrawn_and_no_others(staff_client, learner, scenarios):
    mine = own(learner)
    shared = Scenario.objects.publish(mine)

    page = act(staff_client, "withdraw", mine, shared, scenarios["cafe"])

    assert "1 of 3 withdrawn" in page.text
    assert not Scenario.objects.filter(pk=shared.pk).exists()
    assert Scenario.objects.filter(pk=mine.pk, is_current=True).exists()
    assert Scenario.objects.current().filter(slug="cafe").exists()


def test_nothing_to_do_is_said(staff_client, scenarios):
    page = act(staff_client, "publish", scenarios["cafe"])

    assert "0 of 1 published" in page.text


@pytest.mark.parametrize("may", [True, False])
def test_publishing_needs_a_permission(learner, may):
    staff = LearnerFactory(is_staff=True)
    names = ["view_scenario", *(["change_scenario"] if may else [])]
    staff.user_permissions.set(Permission.objects.filter(codename__in=names))
    client = Client()
    client.force_login(staff)

    act(client, "publish", own(learner))

    assert Scenario.objects.filter(slug__startswith="shared-").exists() == may


def test_a_learners_page_leads_to_their_scenarios(staff_client, learner):
    own(learner)
    own(LearnerFactory())

    page = staff_client.get(reverse("admin:lingo_learner_change", args=[learner.pk]))

    link = f"{LIST}?owner__id__exact={learner.pk}"
    assert link in page.text
    found = staff_client.get(link)
    assert [one.owner for one in found.context["cl"].result_list] == [learner]


def test_they_are_found_by_any_of_their_words(staff_client, learner):
    own(learner)

    for text in ("bakery", "tarjeta", learner.username):
        found = staff_client.get(LIST, {"q": text})
        assert len(found.context["cl"].result_list) == 1
