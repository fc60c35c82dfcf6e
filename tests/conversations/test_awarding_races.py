"""Achievements awarded at the same moment: once, whoever comes first."""

import pytest

from conversations import awarding, lifecycle
from lingo.models import Learner
from progress.models import Award
from tests.factories import ConversationFactory, LearnerFactory
from tests.racing import THREADS, assert_adds_up, at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def learner():
    return LearnerFactory()


def award(learner):
    """Return a call that awards as a request of its own does."""
    return lambda: awarding.award(Learner.objects.get(pk=learner.pk))


def test_awarding_at_once_gives_each_award_once(learner):
    conversation = ConversationFactory(learner=learner, turns=1)
    lifecycle.move(conversation, "completed")

    given = at_once(*[award(learner) for _ in range(THREADS)])

    awards = Award.objects.for_learner(learner)
    found = {one.achievement.slug for new in given for one in new}
    assert sorted(awards.values_list("slug", flat=True)) == sorted(found)
    assert found == {"first-turn", "first-conversation"}
    assert awarding.award(learner) == []
    assert_adds_up(learner)


def test_awarding_while_what_proves_it_is_deleted_breaks_nothing(learner):
    conversation = ConversationFactory(learner=learner, turns=1)
    lifecycle.move(conversation, "completed")

    at_once(
        lambda: lifecycle.delete(conversation),
        *[award(learner) for _ in range(THREADS - 1)],
    )

    slugs = list(Award.objects.values_list("slug", flat=True))
    assert len(slugs) == len(set(slugs))
    assert set(slugs) <= {"first-turn", "first-conversation"}
    assert_adds_up(learner)
