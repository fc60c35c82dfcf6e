"""The weekly report in a real browser: on a phone, in light and dark, and printed."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.wide.test_browser import PHONE, begin, say


def problems(page, within=None):
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}"
        for one in Axe().run(page, within).response["violations"]
    ]


@pytest.fixture
def report(visit):
    """Return a function that opens the report of this week, after some talk."""

    def report(**options):
        page = visit("demo", viewport=PHONE, **options)
        begin(page, "Hobbies and free time")
        say(page, "Me gusta mucho leer novelas.")
        page.goto("/progress/")
        page.get_by_role("link", name="Your last week").click()
        page.get_by_role("link", name="Week after").click()
        return page

    return report


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_is_accessible_and_fits_a_phone(report, scheme):
    page = report(color_scheme=scheme)

    expect(page.get_by_role("heading", name=re.compile("Week [0-9]+"))).to_be_visible()
    expect(page.get_by_role("region", name="Day by day")).to_contain_text("Spanish")
    assert problems(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_printed_it_is_only_the_report(report):
    page = report()
    page.emulate_media(media="print")

    expect(page.get_by_role("heading", name="What you did")).to_be_visible()
    expect(page.get_by_role("heading", name="What to do next")).to_be_visible()
    expect(page.locator(".site-header")).to_be_hidden()
    expect(page.get_by_role("navigation", name="Weeks")).to_be_hidden()
    expect(page.get_by_text("To print this report")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, {"width": 1200, "height": 800}])
def test_the_analytics_of_staff_are_accessible(visit, scheme, viewport):
    page = visit("staff", color_scheme=scheme, viewport=viewport)
    page.goto("/admin/")
    page.get_by_role("link", name="Analytics").click()
    page.get_by_label("By").select_option("Month")
    page.get_by_role("button", name="Show").click()

    expect(page.get_by_role("columnheader", name="Month from")).to_be_visible()
    assert problems(page, "#content-main") == []
    page.get_by_role("region", name="Talk and study").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("/admin/conversations/conversation/.*language"))
