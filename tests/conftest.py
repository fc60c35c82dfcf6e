from functools import cache

import pytest
from django.test import Client
from rest_framework.test import APIClient

from conversations import grammar, tutors
from conversations.models import GrammarChart, Scenario
from conversations.tutors import content
from tests.factories import LearnerFactory, reply


@pytest.fixture
def learner(db):
    return LearnerFactory()


@pytest.fixture
def stranger(db):
    return LearnerFactory()


@pytest.fixture
def learner_client(learner):
    """A browser in which `learner_client.learner` is signed in."""
    client = Client()
    client.force_login(learner)
    client.learner = learner
    return client


@pytest.fixture
def stranger_client(stranger):
    client = Client()
    client.force_login(stranger)
    return client


@pytest.fixture
def staff_client(db):
    client = Client()
    client.force_login(LearnerFactory(is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def api(learner):
    """A program that acts for `learner`."""
    client = APIClient()
    client.force_authenticate(learner)
    client.learner = learner
    return client


@pytest.fixture
def stranger_api(stranger):
    client = APIClient()
    client.force_authenticate(stranger)
    return client


@cache
def scenario_content(slug):
    """What a scenario's file holds: read once, since checking it takes a while."""
    path = content.FOLDER / "scenarios" / f"{slug}.toml"
    return content.read(path, content.ScenarioContent)


class Library(dict):
    """Scenarios that come with Lingo: a few are loaded, others when asked for."""

    def __missing__(self, slug):
        self[slug] = Scenario.objects.load(slug, scenario_content(slug))
        return self[slug]


@pytest.fixture
def scenarios(db):
    """Scenarios that come with Lingo, by slug; three of them are loaded at once."""
    library = Library()
    for slug in ("cafe", "getting-to-know", "hotel"):
        assert library[slug]
    return library


@pytest.fixture
def tutor(monkeypatch):
    """A tutor without content of its own: `tutor.replies` next, or raises `error`."""

    class Tutor:
        reply = staticmethod(reply)
        error = None
        asked: list = []

        def reply_to(self, said, due_words=(), on_draft=None):
            tutors.release_connection()
            self.asked.append(said)
            self.due_words = list(due_words)
            if self.error:
                raise self.error
            return self.reply()

    stub = Tutor()
    stub.asked = []
    monkeypatch.setattr(tutors, "reply_to", stub.reply_to)
    return stub


@pytest.fixture(scope="session")
def grammar_contents():
    """What the grammar charts' files hold: read once."""
    return list(grammar.charts())


@pytest.fixture
def grammar_charts(db, grammar_contents):
    """The grammar charts that come with Lingo, loaded."""
    for language, slug, chart in grammar_contents:
        GrammarChart.objects.load(language, slug, chart)
    return list(GrammarChart.objects.all())
