"""The page of one word in a real browser: accessible, readable, with a voice."""

import re
from itertools import count

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.wide.test_browser import begin
from tests.wide.test_review import PHONE, Program

# A voice of this device and one of the net; what is said is kept in `said`.
VOICES = """
window.said = [];
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
speechSynthesis.getVoices = () => [
  { localService: false, lang: "fr-FR" }, { localService: true, lang: "es_ES" },
];
speechSynthesis.speak = ({ text, rate, lang }) => said.push([text, rate, lang]);
"""
numbers = count()


@pytest.fixture
def program(visit):
    """Return a function that gives a page, and a program signed in with it."""

    def open_page(**options):
        page = visit("demo", **options)
        return page, Program(page)

    return open_page


def word_of(program, language="es", ratings=(3, 1, 3, 4)):
    """Add a word nobody has yet; return the address of its page."""
    word = f"{'guitarra' if language == 'es' else 'montagne'}{'a' * next(numbers)}"
    added = program.post(
        "vocabulary/", language=language, word=word, translation="guitar"
    )
    program.rate(added["id"], *ratings)
    return word, f"/vocabulary/{added['id']}/"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, {"width": 1200, "height": 800}])
def test_the_page_is_accessible_and_fits(program, scheme, viewport):
    page, made = program(color_scheme=scheme, viewport=viewport)
    page.add_init_script(VOICES)
    _, address = word_of(made)
    page.goto(address)
    page.get_by_text("The figures").click()
    expect(page.locator(".memory-curve svg")).to_be_visible()
    assert [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}"
        for one in Axe().run(page).response["violations"]
    ] == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_a_voice_of_the_device_says_it_fast_and_slowly(program):
    page, made = program()
    page.add_init_script(VOICES)
    word, address = word_of(made)
    page.goto(address)
    page.get_by_role("button", name="Listen").click()
    page.get_by_role("button", name="Slowly").click()
    assert page.evaluate("said") == [[word, 1, "es_ES"], [word, 0.6, "es_ES"]]


def test_without_a_voice_of_the_device_no_button_is_there(program):
    page, made = program()
    page.add_init_script(VOICES)
    _, address = word_of(made, "fr", [])
    page.goto(address)
    expect(page.get_by_role("heading", name="How it sounds")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Listen|Slowly"))).to_have_count(
        0
    )


def test_in_the_dialog_of_a_talk_it_is_heard_too(program):
    page, _ = program()
    page.add_init_script(VOICES)
    begin(page)
    page.locator(".message a.word").last.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Slowly").click()
    [[_, rate, _]] = page.evaluate("said")
    assert rate == 0.6


def test_without_javascript_all_but_the_voice_is_there(program):
    page, made = program(java_script_enabled=False)
    _, address = word_of(made)
    page.goto(address)
    expect(page.locator(".memory-curve svg")).to_be_visible()
    expect(page.get_by_role("button", name="Listen")).to_have_count(0)
