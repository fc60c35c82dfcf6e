import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conversations import tutors
from conversations.models import Conversation, Scenario
from conversations.tutors import content, model
from tests.factories import ConversationFactory, reply
from tests.provider import Provider
from tests.racing import PATIENCE


@pytest.fixture
def conversation(learner):
    return ConversationFactory(learner=learner)


@pytest.fixture
def slow_tutor(monkeypatch):
    """The name of a tutor that Lingo doesn't bring; see `tests.tutors`."""
    monkeypatch.setitem(tutors.TUTORS, "slow", "tests.tutors.SlowTutor")
    return "slow"


@pytest.fixture
def thinking(tutor, slow_tutor, conversation):
    """The conversation's slow tutor, which thinks until `go_on` is set.

    `started` says that it does.
    """
    Conversation.objects.filter(pk=conversation.pk).update(tutor=slow_tutor)
    tutor.started, tutor.go_on = threading.Event(), threading.Event()

    def think():
        tutor.started.set()
        assert tutor.go_on.wait(PATIENCE)
        return reply(words=["mesa", "silla"])

    tutor.reply = think
    return tutor


@pytest.fixture
def one_connection(monkeypatch):
    """On PostgreSQL, a pool with a single connection, given out within two seconds."""
    if connection.vendor == "postgresql":
        connection.close()
        connection.close_pool()
        pool = {"min_size": 1, "max_size": 1, "timeout": 2}
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "pool", pool)
    yield
    if connection.vendor == "postgresql":
        connection.close()
        connection.close_pool()


@pytest.fixture
def count_statements(db):
    """Return a function that says how many statements an act takes."""

    def count(act):
        with CaptureQueriesContext(connection) as statements:
            act()
        return len(statements)

    return count


@pytest.fixture
def scenario(db):
    text = {"en": "A café"}
    texts = ("title", "setting", "tutor_role", "learner_role", "closing")
    scenario = Scenario.objects.create(
        slug="cafe", level="beginner", words=[], **dict.fromkeys(texts, text)
    )
    scenario.phases.create(slug="order", position=1, title=text)
    return scenario


@pytest.fixture
def deleted_meanwhile(monkeypatch):
    """Return a call; after it, a conversation vanishes between look-up and act."""

    def vanishing(act):
        def vanish(conversation, *args, **options):
            Conversation.objects.filter(pk=conversation.pk).delete()
            return act(conversation, *args, **options)

        return vanish

    def arrange():
        for act in (Conversation.lock, Conversation.claim):
            monkeypatch.setattr(Conversation, act.__name__, vanishing(act))

    return arrange


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the content that a test may spoil."""
    for path in content.FOLDER.rglob("*.toml"):
        copy = tmp_path / path.relative_to(content.FOLDER)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text())
    monkeypatch.setattr(content, "FOLDER", tmp_path)
    content.topics.cache_clear()
    content.common.cache_clear()
    yield tmp_path
    content.topics.cache_clear()
    content.common.cache_clear()


@pytest.fixture(scope="session")
def provider_server():
    server = Provider()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def provider(provider_server, settings, monkeypatch):
    """A language model that Lingo is set up to ask; see `tests.provider`."""
    provider_server.reset()
    settings.TUTOR_MODEL = "openai:gpt-4o-mini"
    settings.TUTOR_BASE_URL = provider_server.url
    settings.TUTOR_API_KEY = "not-a-real-key"
    monkeypatch.setattr(model, "PAUSE", 0)
    monkeypatch.setattr(model, "LOOK", 0.01)
    yield provider_server
    provider_server.go_on.set()


@pytest.fixture
def modelled(provider, learner):
    """A conversation whose tutor is the language model."""
    return ConversationFactory(learner=learner, tutor="model")
