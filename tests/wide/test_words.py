"""Looking words up from talk in a real browser."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.wide.test_browser import PHONE, begin, messages, say

WORD_PAGE = re.compile(r"/words/es/")


def word(page, text):
    """The word in the last message that has it."""
    exactly = re.compile(f"^{text}$")
    return page.locator(".message:not(.pending *) a.word").filter(has_text=exactly).last


def dialog(page):
    return page.get_by_role("dialog")


def problems(page):
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}"
        for one in Axe().run(page).response["violations"]
    ]


def test_a_click_opens_a_word_and_escape_leads_back_to_it(visit):
    page = visit("demo")
    begin(page, "Hobbies and free time")
    say(page, "Me gusta la pintura.")

    word(page, "pintura").click()

    expect(dialog(page).get_by_role("heading", name="pintura")).to_be_focused()
    expect(dialog(page)).to_contain_text("Me gusta la pintura.")
    page.keyboard.press("Escape")
    expect(dialog(page)).to_be_hidden()
    expect(word(page, "pintura")).to_be_focused()


def test_the_keyboard_goes_from_word_to_word_and_adds_one(visit):
    page = visit("demo")
    begin(page, "Hobbies and free time")
    say(page, "Colecciono mariposas.")
    mine = page.locator(".message.user").last
    expect(mine.get_by_role("link")).to_have_count(1)  # one stop for the Tab key

    mine.get_by_role("link").focus()
    page.keyboard.press("ArrowRight")
    expect(word(page, "mariposas")).to_be_focused()
    page.keyboard.press("ArrowRight")  # there is no other
    page.keyboard.press("Home")
    expect(word(page, "Colecciono")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(dialog(page).get_by_text("New", exact=True)).to_be_visible()
    page.keyboard.press("a")

    expect(dialog(page).get_by_role("status")).to_have_text(
        "“mariposas” is in your vocabulary."
    )
    expect(word(page, "mariposas")).to_have_class("word learning")
    page.keyboard.press("a")  # which has nothing more to add
    page.keyboard.press("Escape")
    expect(mine.get_by_role("link")).to_have_count(1)
    page.goto("/vocabulary/")
    expect(page.get_by_text("Colecciono mariposas.")).to_be_visible()


def test_marks_are_given_and_taken_without_leaving_the_talk(visit):
    page = visit("demo")
    begin(page, "Hobbies and free time")
    say(page, "Toco el violonchelo y otro violonchelo.")

    word(page, "violonchelo").click()
    dialog(page).get_by_role("button", name="Ignore it").click()
    expect(page.locator(".message a.word.ignored")).to_have_count(2)
    dialog(page).get_by_role("button", name="Take the mark away").click()
    expect(word(page, "violonchelo")).to_have_class("word new")
    dialog(page).get_by_role("button", name="Close").click()

    expect(dialog(page)).to_be_hidden()
    expect(page).to_have_url(re.compile("/conversations/"))


def test_one_word_leads_to_the_next_within_the_dialog(visit):
    page = visit("demo")
    begin(page, "Hobbies and free time")
    say(page, "Pinto una acuarela verde.")
    word(page, "acuarela").click()

    dialog(page).get_by_text("Other words of this message").click()
    dialog(page).get_by_role("link", name="verde").click()

    expect(dialog(page).get_by_role("heading", name="verde")).to_be_focused()


def test_a_word_of_the_answer_that_just_came_opens_too(visit):
    page = visit("demo")
    begin(page)
    say(page, "Hola, buenos días.")
    answer = page.locator(".message.assistant").last
    expect(answer.get_by_role("link")).to_have_count(1)

    answer.locator("a.word").last.click()

    expect(dialog(page).get_by_role("heading").first).to_be_focused()


def test_selecting_text_looks_nothing_up(visit):
    page = visit("demo")
    begin(page, "Hobbies and free time")
    say(page, "Me gusta la cerámica antigua.")
    place = page.locator(".message.user a.word").last.bounding_box()

    page.mouse.move(place["x"] + 1, place["y"] + place["height"] / 2)
    page.mouse.down()
    page.mouse.move(place["x"] + place["width"] - 1, place["y"] + place["height"] / 2)
    page.mouse.up()

    assert page.evaluate("getSelection().toString()") == "antigua"
    expect(dialog(page)).to_be_hidden()


def test_where_a_word_cannot_be_fetched_its_page_is_offered(visit):
    page = visit("demo")
    begin(page)
    page.route("**/words/**", lambda route: route.abort())
    page.locator(".message a.word").last.click()
    expect(dialog(page).get_by_role("alert")).to_contain_text("can’t be looked up")
    page.unroute("**/words/**")

    dialog(page).get_by_role("link", name="Open its page").click()

    expect(page).to_have_url(WORD_PAGE)


def test_signed_out_it_opens_no_sign_in_page_within_the_dialog(visit):
    page = visit("demo")
    begin(page)
    page.context.clear_cookies()

    page.locator(".message a.word").last.click()

    expect(dialog(page).get_by_role("alert")).to_contain_text("can’t be looked up")


def test_a_meeting_leads_to_its_message(visit):
    page = visit("demo")
    begin(page, "Hobbies and free time")
    say(page, "Me gusta el ajedrez.")
    for turn in range(3):
        say(page, f"Me gusta leer número {turn}.")
    page.goto("/words/es/ajedrez/")

    page.locator(".met a").first.click()

    expect(page.locator(".message:target")).to_contain_text("ajedrez")
    expect(page.locator(".message:target")).to_be_in_viewport()


def test_without_javascript_a_word_is_a_page(visit):
    page = visit("demo", java_script_enabled=False)
    begin(page, "Hobbies and free time")
    page.get_by_role("textbox", name=re.compile("Your message")).fill(
        "Toco la ocarina."
    )
    page.get_by_role("button", name="Send").click()
    expect(messages(page)).to_have_count(3)
    talk = page.url.split("#")[0]

    word(page, "ocarina").click()
    expect(page).to_have_url(WORD_PAGE)
    page.get_by_text("Other words of this message").click()
    page.get_by_role("link", name="Toco").click()
    page.go_back()
    page.get_by_role("button", name="Add to my vocabulary").click()

    assert page.url.split("#")[0] == talk
    expect(page.get_by_text("“ocarina” is in your vocabulary.")).to_be_visible()
    expect(word(page, "ocarina")).to_have_class("word learning")


def test_on_the_page_of_a_word_a_key_adds_it(visit):
    page = visit("demo")
    page.goto("/words/es/catalejo/")
    page.keyboard.press("a")
    expect(page.get_by_text("“catalejo” is in your vocabulary.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, {"width": 1200, "height": 800}])
def test_word_page_and_dialog_are_accessible(visit, scheme, viewport):
    page = visit("demo", color_scheme=scheme, viewport=viewport)
    begin(page, "Hobbies and free time")
    say(page, "La mesa, el jardín, una silla y <b>la puerta</b>.")
    for text, act in (("jardín", "Ignore it"), ("silla", "I know it")):
        word(page, text).click()
        button = dialog(page).get_by_role("button", name=act)
        again = dialog(page).get_by_role("button", name="Take the mark away")
        expect(button.or_(again).first).to_be_visible()
        if button.count():
            button.click()
            expect(again).to_be_visible()
        page.keyboard.press("Escape")
    found = problems(page)
    word(page, "puerta").click()
    expect(dialog(page).get_by_role("heading", name="puerta")).to_be_visible()
    found += problems(page)
    address = dialog(page).locator("form.actions").get_attribute("action")
    page.goto(address)
    page.get_by_text("Other words of this message").click()
    found += problems(page)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert found == []
