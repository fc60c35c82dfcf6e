"""Speech in a real browser: voices for messages, dictation, and saying it after."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.wide.test_browser import begin, say
from tests.wide.test_review import PHONE
from tests.wide.test_word_page import VOICES

# A browser that recognises speech: it hears “hola amigo”. On the device if `local`.
DICTATION = """
window.SpeechRecognition = class extends EventTarget {
  static available() { return Promise.resolve("%s"); }
  start() { setTimeout(() => this.hear(), 20); window.started = this; }
  stop() { this.dispatchEvent(new Event("end")); }
  hear() {
    const event = new Event("result");
    const result = [{ transcript: "hola amigo" }];
    result.isFinal = true;
    Object.assign(event, { resultIndex: 0, results: [result] });
    this.dispatchEvent(event);
    this.dispatchEvent(new Event("end"));
  }
};
"""
WITHOUT = "delete window.SpeechRecognition; delete window.webkitSpeechRecognition;"


def violations(page):
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}"
        for one in Axe().run(page).response["violations"]
    ]


def test_a_message_is_said_at_two_speeds(visit):
    page = visit("demo")
    page.add_init_script(VOICES)
    begin(page)
    message = page.locator(".message.assistant").first
    message.get_by_text("Listen and repeat").click()

    message.get_by_role("button", name="Listen").click()
    message.get_by_role("button", name="Slowly").click()

    said = page.evaluate("said")
    text = message.locator(".said p[lang=es]").all_inner_texts()
    assert [rate for _, rate, _ in said] == [1, 0.6]
    assert all(language == "es_ES" for *_, language in said)
    assert said[0][0][:10] == "".join(text)[:10]


def test_a_message_that_comes_in_is_said_too(visit):
    page = visit("demo")
    page.add_init_script(VOICES)
    begin(page)
    say(page, "Buenos días")
    mine = page.locator(".message.user .voice")
    expect(mine).to_be_visible()

    mine.locator("summary").click()
    mine.get_by_role("button", name="Listen").click()

    assert page.evaluate("said[0][0]") == "Buenos días"


@pytest.mark.parametrize(
    ("state", "told"),
    [("available", "on this device"), ("unavailable", "may send what you say")],
)
def test_dictation_fills_the_box_and_says_who_listens(visit, state, told):
    page = visit("demo")
    page.add_init_script(DICTATION % state)
    begin(page)
    expect(page.locator(".dictation")).to_contain_text(told)

    page.get_by_role("button", name="Dictate").click()

    expect(page.get_by_label("Your message in Spanish")).to_have_value("hola amigo")
    expect(page.get_by_role("button", name="Dictate")).to_have_attribute(
        "aria-pressed", "false"
    )


def test_what_dictation_takes_of_the_page_hides_no_message(visit):
    page = visit("demo", viewport=PHONE)
    # A browser takes a moment to say whether it can do it on the device.
    later = "new Promise((say) => setTimeout(() => say('available'), 300))"
    page.add_init_script(DICTATION.replace('Promise.resolve("%s")', later))
    begin(page)
    for number in range(4):
        say(page, f"Me gusta el número {number}.")

    page.goto(page.url)

    expect(page.get_by_role("button", name="Dictate")).to_be_visible()
    last, box = page.locator(".messages").bounding_box(), page.locator(".box")
    assert last["y"] + last["height"] < box.bounding_box()["y"] + 1


def test_where_the_browser_can_not_dictate_nothing_is_offered(visit):
    page = visit("demo")
    page.add_init_script(WITHOUT)
    begin(page)

    expect(page.locator(".dictation")).to_be_hidden()


def test_a_refused_microphone_is_told(visit):
    page = visit("demo")
    page.add_init_script(
        DICTATION % "unavailable"
        + """
        SpeechRecognition.prototype.hear = function () {
          const refused = Object.assign(new Event("error"), { error: "not-allowed" });
          this.dispatchEvent(refused);
          this.dispatchEvent(new Event("end"));
        };
        """
    )
    begin(page)

    page.get_by_role("button", name="Dictate").click()

    expect(page.locator(".dictation [role=status]")).to_contain_text("microphone")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, {"width": 1200, "height": 800}])
def test_saying_it_after_the_tutor_is_accessible_and_fits(visit, scheme, viewport):
    page = visit("demo", color_scheme=scheme, viewport=viewport)
    page.add_init_script(VOICES + DICTATION % "unavailable")
    begin(page)
    page.get_by_text("Listen and repeat").first.click()
    page.get_by_role("link", name="Say it after the tutor").first.click()
    page.get_by_role("button", name="Dictate").click()
    expect(page.get_by_label("What you said")).to_have_value("hola amigo")

    page.get_by_role("button", name="Compare").click()

    expect(page.get_by_text("not a judgement of your accent")).to_be_visible()
    assert violations(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_measures_are_fetched_as_they_are_opened(visit):
    page = visit("demo")
    begin(page)
    say(page, "Buenos días")

    page.get_by_text("How you talk").click()

    expect(page.locator(".measures")).to_contain_text("Words a message")
    assert violations(page) == []
    page.get_by_role("link", name="Your messages, measured one by one").click()
    expect(page.get_by_role("heading", name="Message by message")).to_be_visible()
    assert violations(page) == []
