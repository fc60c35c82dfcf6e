"""A language model as tutor, played by llmock: in a browser, and how it fails."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from conversations.turn_taking import take_turn
from conversations.tutors import model
from tests.factories import ConversationFactory
from tests.wide.conftest import Site

PHONE = {"width": 375, "height": 720}
EASY = "Hola. ¿Qué tal estás hoy? Yo estoy muy bien, gracias."


@pytest.fixture(scope="module")
def site(tmp_path_factory, llmock_server):
    """An installation whose language model is llmock's."""
    running = Site(
        tmp_path_factory.mktemp("data"),
        LINGO_TUTOR_MODEL="openai:gpt-4o-mini",
        LINGO_TUTOR_BASE_URL=llmock_server.base_url(),
        LINGO_TUTOR_API_KEY="not-a-real-key",
        LINGO_TUTOR_RETRIES="0",
    )
    running.start()
    yield running
    running.stop()


def choose(page):
    page.goto("/new/")
    page.get_by_label("Spanish", exact=True).check()
    page.get_by_label("Tutor").select_option(value="model")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url(re.compile(r"/conversations/[0-9a-f-]{36}/"))


def begin(page, llmock):
    llmock.call_tool("reply", {"reply": "Hola. ¿Qué tal?"})
    choose(page)
    expect(messages(page)).to_have_count(1)


def messages(page):
    return page.locator("#messages article.message:not(.pending *)")


def say(page, text):
    box = page.get_by_role("textbox", name=re.compile("Your message"))
    box.fill(text)
    box.press("Enter")


def test_the_opening_is_shown_as_it_is_written_and_then_kept(visit, llmock):
    page = visit("demo", viewport=PHONE)
    llmock.pace(300).call_tool("reply", {"reply": EASY})

    choose(page)

    expect(page.locator(".pending .drafted")).to_contain_text("Hola.")
    expect(messages(page)).to_have_count(1)
    expect(messages(page)).to_contain_text("muy bien")
    expect(page.locator(".empty")).to_have_count(0)
    page.reload()
    expect(messages(page)).to_have_count(1)


def test_the_reply_is_shown_as_it_is_written_and_then_kept(visit, llmock):
    page = visit("demo", viewport=PHONE)
    begin(page, llmock)
    llmock.pace(300).call_tool("reply", {"reply": EASY})

    say(page, "Hola")

    expect(page.locator(".pending .drafted")).to_contain_text("Hola.")
    expect(messages(page)).to_have_count(3)
    expect(messages(page).last).to_contain_text("muy bien")
    expect(page.locator(".pending")).to_have_count(0)
    page.reload()
    expect(messages(page)).to_have_count(3)


def test_a_closed_page_loses_no_reply(visit, llmock):
    page = visit("demo")
    begin(page, llmock)
    llmock.pace(300).call_tool("reply", {"reply": EASY})
    say(page, "Hola")
    expect(page.locator(".pending .drafted")).to_contain_text("Hola.")
    address = page.url
    page.context.close()

    again = visit("demo")
    again.goto(address)

    expect(messages(again)).to_have_count(3)
    expect(messages(again).last).to_contain_text("muy bien")
    expect(again.locator(".pending")).to_have_count(0)


def test_a_failure_keeps_the_message_and_it_is_answered_on_demand(visit, llmock):
    page = visit("demo")
    begin(page, llmock)
    llmock.fail(500)
    say(page, "Hola")
    expect(page.get_by_role("alert")).to_contain_text("The tutor could not reply.")
    llmock.call_tool("reply", {"reply": EASY})

    page.get_by_role("button", name="Ask for the answer again").click()

    expect(messages(page)).to_have_count(3)
    expect(messages(page).last).to_contain_text("muy bien")
    expect(page.locator(".unanswered")).to_have_count(0)
    expect(page.get_by_role("alert")).to_be_empty()
    expect(page.get_by_role("textbox", name=re.compile("Your message"))).to_be_focused()
    page.reload()
    expect(messages(page)).to_have_count(3)


def test_without_javascript_the_page_waits(visit, llmock):
    page = visit("demo", java_script_enabled=False)
    choose(page)
    llmock.call_tool("reply", {"reply": "Hola. ¿Qué tal?"})
    page.get_by_role("button", name="Let the tutor begin").click()
    expect(messages(page)).to_have_count(1)
    llmock.call_tool("reply", {"reply": EASY})
    page.get_by_role("textbox", name=re.compile("Your message")).fill("Hola")

    page.get_by_role("button", name="Send").click()

    expect(messages(page)).to_have_count(3)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_was_sent_is_readable_for_everybody(visit, llmock, scheme):
    page = visit("demo", viewport=PHONE, color_scheme=scheme)
    begin(page, llmock)
    page.get_by_role("link", name="What was sent").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What was sent")

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]


@pytest.fixture(params=["openai:gpt-4o-mini", "anthropic:claude-haiku-4-5"])
def talk(request, db, llmock, settings, monkeypatch):
    """A conversation with a model of each provider that llmock plays."""
    provider = request.param.split(":")[0]
    settings.TUTOR_MODEL = request.param
    settings.TUTOR_BASE_URL = llmock.base_url(provider)
    settings.TUTOR_API_KEY, settings.TUTOR_TIMEOUT = "not-a-real-key", 2
    monkeypatch.setattr(model, "PAUSE", 0.02)
    return ConversationFactory(tutor="model")


@pytest.mark.parametrize(
    "fault",
    [
        lambda llmock: llmock,
        lambda llmock: llmock.rate_limit(retry_after=1, times=1),
        lambda llmock: llmock.fail(503),
        lambda llmock: llmock.fail(500, times=2),
        lambda llmock: llmock.fail(529),
        lambda llmock: llmock.disconnect(after_chunks=2),
        lambda llmock: llmock.truncate(after_chunks=3),
        lambda llmock: llmock.corrupt(after_chunks=2),
        lambda llmock: llmock.stall(after_chunks=2, seconds=5),
        lambda llmock: llmock.slow_first_token(5),
        lambda llmock: llmock.break_tool_call("malformed_arguments"),
    ],
    ids=[
        "fine",
        "429",
        "503",
        "500 twice",
        "overloaded",
        "disconnected",
        "truncated",
        "corrupted",
        "stalled",
        "slow",
        "malformed",
    ],
)
def test_a_turn_survives_what_providers_do(talk, llmock, fault):
    fault(llmock)
    llmock.call_tool("reply", {"reply": EASY}, times=None)

    said, answered, _ = take_turn(talk, "Hola", client_id="a")

    assert answered.content == EASY
    assert talk.message_count == 2
    llmock.assert_resilient()
