"""Scenarios written, learned from, begun and deleted at the same moment."""

import pytest

from conversations import learning_first, own_scenario
from conversations.errors import ScenarioNotFound, TooManyScenarios
from conversations.models import Conversation, Scenario
from conversations.tutors.content import ScenarioContent
from lingo.models import Learner
from tests.conftest import scenario_content
from tests.factories import LearnerFactory
from tests.racing import THREADS, assert_adds_up, at_once
from tests.scenes import own, own_data
from vocabulary.models import VocabularyItem

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def learner():
    return LearnerFactory()


def write(learner, **changes):
    """Return a call that writes a scenario as a request of its own does."""
    made = own_scenario.read(own_data(**changes))
    return lambda: Scenario.objects.write(Learner.objects.get(pk=learner.pk), [made])


def test_the_same_written_at_once_is_one_version(learner):
    at_once(*[write(learner) for _ in range(THREADS)])

    assert Scenario.objects.get().version == 1


def test_changes_at_once_are_a_version_each(learner):
    at_once(*[write(learner, title=f"Title {at}") for at in range(THREADS)])

    versions = Scenario.objects.order_by("version").values_list("version", flat=True)
    assert list(versions) == [*range(1, THREADS + 1)]
    assert Scenario.objects.current().get().version == THREADS


def test_there_are_never_too_many(learner, monkeypatch):
    monkeypatch.setattr("conversations.scenario_managers.MOST_OWN", 3)

    at_once(
        *[write(learner, slug=f"own-{at}") for at in range(THREADS)],
        refused=TooManyScenarios,
    )

    assert Scenario.objects.count() == 3


def test_content_loaded_at_once_is_one_version():
    made = scenario_content("cafe")
    assert isinstance(made, ScenarioContent)

    at_once(*[lambda: Scenario.objects.load("cafe", made) for _ in range(4)])

    assert Scenario.objects.get().version == 1


def test_words_are_learned_once(learner):
    scenario = own(learner)

    def learn():
        return learning_first.learn(scenario, Learner.objects.get(pk=learner.pk), "es")

    learned = at_once(*[learn for _ in range(THREADS)])

    assert sum(map(len, learned)) == VocabularyItem.objects.count() == 3
    assert_adds_up(learner)


def test_deleting_while_a_conversation_begins_breaks_nothing(learner):
    scenario = own(learner)

    def begin():
        mine = Scenario.objects.filter(pk=scenario.pk).first()
        if mine:
            Conversation.objects.begin(learner, language="es", scenario=mine)

    at_once(
        begin,
        lambda: Scenario.objects.withdraw(scenario.slug, owner=learner),
        refused=ScenarioNotFound,
    )

    assert not Scenario.objects.current().exists()
    assert Conversation.objects.count() == Scenario.objects.count()
