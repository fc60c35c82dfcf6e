"""Home and list: what they take with few and with many messages in the database."""

import statistics

from django.test import Client
from django.urls import reverse

from tests.benchmarks.by_lingo import Statements
from tests.benchmarks.material import new_conversation
from tests.factories import LearnerFactory

PAGES = {"home": "conversations:home", "list": "conversations:list"}
VISITS = 15


def measure(milliseconds):
    """Return queries and milliseconds by page: for 10 messages and for 100,000."""
    learner = LearnerFactory()
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(learner)
    new_conversation(10, learner=learner)
    few = visit(browser, milliseconds)
    for _ in range(500):
        new_conversation(200, learner=learner)
    many = visit(browser, milliseconds)
    return {page: {"10": few[page], "100000": many[page]} for page in PAGES}


def visit(browser, milliseconds):
    """Return (queries, median milliseconds) by page."""
    return {
        page: look(browser, reverse(name), milliseconds) for page, name in PAGES.items()
    }


def look(browser, address, milliseconds):
    def get():
        assert browser.get(address).status_code == 200

    get()
    with Statements() as statements:
        get()
    return statements.count, statistics.median(milliseconds(get) for _ in range(VISITS))
