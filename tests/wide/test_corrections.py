"""Corrections in a real browser: with and without scripts, for everybody."""

import pytest
from playwright.sync_api import expect

from tests.wide.test_browser import PHONE, begin
from tests.wide.test_words import problems

WRONG = "Yo soy 20 años y la problema es dificil."


def talk(page, times=1):
    """Begin a talk, and say something wrong in it, by the form alone."""
    begin(page, "Hobbies and free time")
    for _ in range(times):
        mine = page.locator(".message.user:not(.pending *)")
        count = mine.count()
        page.get_by_label("Your message").fill(WRONG)
        page.get_by_role("button", name="Send").click()
        expect(mine).to_have_count(count + 1)


def wish(page, style):
    page.goto("/account/profile/")
    page.get_by_label("Corrections").select_option(style)
    page.get_by_role("button", name="Save").click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 900}])
def test_no_page_of_them_has_an_accessibility_problem(visit, scheme, viewport):
    page = visit("demo", color_scheme=scheme, viewport=viewport)
    found = []
    for style in ("now", "hint-first"):
        wish(page, style)
        talk(page, times=2)
        expect(page.locator(".correction").first).to_be_visible()
        for details in page.locator(".correction details").all():
            details.evaluate("one => one.open = true")
        found += problems(page)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.goto(f"{page.url.split('#')[0]}summary/")
    found += problems(page)
    page.goto("/weak-points/")
    found += problems(page)
    page.locator("input[name=typed]").fill("x")
    page.get_by_role("button", name="Check").click()
    found += problems(page)
    wish(page, "now")

    assert found == []


@pytest.mark.parametrize("scripts", [True, False])
def test_one_disagrees_with_and_without_scripts(visit, scripts):
    page = visit("demo", java_script_enabled=scripts)
    wish(page, "now")
    talk(page)

    page.get_by_role("button", name="I disagree with “tengo”").last.press("Enter")

    told = page.get_by_text("You disagree. Somebody will look at it.")
    expect(told).to_be_visible()
    if scripts:
        expect(told).to_be_focused()


def test_a_hint_opens_by_keyboard_and_keeps_the_answer_back(visit):
    page = visit("demo")
    wish(page, "hint-first")
    talk(page)
    hint = page.locator(".correction").filter(has_text="Choice of verb").last
    answer = hint.get_by_text("tengo", exact=False).last

    expect(answer).not_to_be_visible()
    hint.locator("summary").first.press("Enter")
    expect(hint.get_by_text("Spanish has years")).to_be_visible()
    expect(answer).not_to_be_visible()
    hint.get_by_text("Show the answer").press("Enter")
    expect(answer).to_be_visible()
    wish(page, "now")
