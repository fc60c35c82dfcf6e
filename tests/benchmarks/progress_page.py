"""Progress and charts: what they take with a little history, and with everybody's."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from progress.models import StudyDay
from tests.benchmarks import crowd
from tests.benchmarks.pages import look
from tests.factories import LearnerFactory

PAGES = {"progress": "progress:overview", "charts": "charts:page"}
FEW, LEARNERS, EACH = 10, 2_000, 500


def measure(milliseconds):
    """Return (statements, median milliseconds) by page and number of study days.

    Of 0, 10 and 1,000,010 days: the last with 2,000 other learners who have 500 each.
    """
    learner = LearnerFactory()
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(learner)
    found = {0: visit(browser, milliseconds)}
    for days in range(FEW):
        date = learner.local_date() - timedelta(days=days)
        StudyDay.objects.record(
            learner, "es", date, turns=5, reviews=9, words=2, study_seconds=600
        )
    found[FEW] = visit(browser, milliseconds)
    crowd.learners("studious", LEARNERS)
    crowd.study_days("studious", EACH)
    found[FEW + LEARNERS * EACH] = visit(browser, milliseconds)
    return {page: {size: one[page] for size, one in found.items()} for page in PAGES}


def visit(browser, milliseconds):
    return {
        page: look(browser, reverse(name), milliseconds) for page, name in PAGES.items()
    }
