"""Grammar flow charts in a real browser: by keyboard, on a phone, for everybody."""

import pytest
from playwright.sync_api import expect

from tests.wide.test_browser import PHONE
from tests.wide.test_words import problems

SER = "/grammar/es/ser-estar/"
PAGES = ("/grammar/?language=es", SER, f"{SER}walk/", f"{SER}walk/?at=ser-what")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 900}])
def test_the_charts_have_no_accessibility_problem(visit, scheme, viewport):
    page = visit("demo", color_scheme=scheme, viewport=viewport)
    found = []

    for address in PAGES:
        page.goto(address)
        found += problems(page)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")

    assert found == []


def test_on_a_phone_the_drawing_scrolls_by_keyboard_within_its_region(visit):
    page = visit("demo", viewport=PHONE)
    page.goto(SER)
    region = page.get_by_role("region", name="Drawing of the chart")

    region.focus()
    page.keyboard.press("ArrowRight")

    expect(region.get_by_role("img", name="To be: ser or estar")).to_be_visible()
    for _ in range(50):  # it scrolls smoothly
        if region.evaluate("region => region.scrollLeft"):
            break
        page.wait_for_timeout(100)
    assert region.evaluate("region => region.scrollLeft") > 0
    assert page.evaluate("scrollX") == 0


def test_a_chart_is_walked_through_by_keyboard(visit):
    page = visit("demo")
    page.goto(SER)

    page.get_by_role("button", name="Walk through it").press("Enter")
    page.get_by_role("link", name="Where it is").press("Enter")
    page.get_by_role("link", name="A person, a thing or a place").press("Enter")

    expect(page.get_by_text("Madrid está en España.")).to_be_visible()
    page.get_by_role("link", name="What do you say? Where it is").press("Enter")
    expect(page.get_by_text("What do you say?")).to_be_visible()
    expect(page).to_have_url(f"{page.url.split('/grammar')[0]}{SER}walk/")
