"""The whole way in a real browser, as a newcomer goes it."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

PHONE = {"width": 375, "height": 720}


def begin(page, about="Ordering in a café", language="Spanish"):
    page.goto("/new/")
    page.get_by_label(language, exact=True).check()
    page.get_by_label("What about?").select_option(label=about)
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url(re.compile(r"/conversations/[0-9a-f-]{36}/"))


def box(page):
    return page.get_by_role("textbox", name=re.compile("Your message"))


def messages(page):
    return page.locator("#messages article.message:not(.pending *)")


def say(page, text):
    """Say something and wait for the answer."""
    count = messages(page).count()
    box(page).fill(text)
    box(page).press("Enter")
    expect(messages(page)).to_have_count(count + 2)


def test_a_newcomer_talks_leaves_comes_back_and_finds_everything(visit):
    page = visit("demo")
    begin(page)
    expect(messages(page)).to_have_count(1)
    say(page, "¡Hola! Buenos días.")
    say(page, "Fuera, por favor.")
    say(page, "Quiero un café.")
    expect(page.get_by_role("status").filter(has_text=re.compile(r"\w"))).to_have_count(
        1
    )
    assert page.locator("ruby").count() >= 1
    address = page.url
    said = messages(page).all_inner_texts()
    page.context.close()

    again = visit("demo")
    again.goto(address)

    assert [t.split("\n")[-1] for t in messages(again).all_inner_texts()] == [
        t.split("\n")[-1] for t in said
    ]
    again.goto("/vocabulary/")
    assert again.locator("main .word-row a").count() >= 1
    again.goto(address)
    again.get_by_text("Actions").click()
    again.get_by_role("button", name="Complete").click()
    again.goto(address + "summary/")
    expect(again.get_by_text("Quiero un café.")).to_be_visible()
    again.goto("/progress/")
    expect(again.get_by_role("heading", name="Spanish")).to_be_visible()


def test_what_is_typed_survives_a_reload_and_a_lost_connection(visit):
    page = visit("demo")
    begin(page, "Hobbies and free time")
    box(page).fill("Me llamo Ana")
    page.reload()
    expect(box(page)).to_have_value("Me llamo Ana")

    page.route("**/turns/", lambda route: route.abort())
    box(page).press("Enter")
    expect(
        page.get_by_role("alert").filter(has_text="can’t be reached")
    ).to_be_visible()
    expect(box(page)).to_have_value("Me llamo Ana")
    page.unroute("**/turns/")
    box(page).press("Enter")

    expect(messages(page)).to_have_count(3)
    expect(box(page)).to_have_value("")


def test_a_reply_that_got_lost_is_not_a_second_message(visit):
    page = visit("demo")
    begin(page)

    def lose(route):
        route.fetch()
        route.abort()

    page.route("**/turns/", lose)
    box(page).fill("Hola")
    box(page).press("Enter")
    expect(
        page.get_by_role("alert").filter(has_text="can’t be reached")
    ).to_be_visible()
    page.unroute("**/turns/")
    expect(box(page)).to_have_value("Hola")
    box(page).press("Enter")
    expect(messages(page)).to_have_count(3)
    expect(box(page)).to_have_value("")
    page.reload()

    expect(messages(page)).to_have_count(3)


def test_shift_and_enter_begin_a_new_line(visit):
    page = visit("demo")
    begin(page)

    box(page).fill("Hola")
    box(page).press("Shift+Enter")
    box(page).type("Buenos días")

    expect(box(page)).to_have_value("Hola\nBuenos días")
    expect(messages(page)).to_have_count(1)


def test_two_tabs_talk_in_one_conversation(visit):
    first = visit("demo")
    begin(first)
    second = first.context.new_page()
    second.goto(first.url)

    say(first, "Hola, buenos días.")
    box(second).fill("Un café, por favor.")
    box(second).press("Enter")
    expect(messages(second)).to_have_count(5)
    first.reload()

    expect(messages(first)).to_have_count(5)


def test_earlier_messages_come_as_one_scrolls_up(visit):
    page = visit("demo")
    begin(page, "Hobbies and free time")
    for turn in range(27):
        say(page, f"Me gusta el arroz número {turn}.")
    page.reload()
    expect(messages(page)).to_have_count(50)

    page.get_by_role("link", name="Earlier messages").scroll_into_view_if_needed()

    expect(messages(page)).to_have_count(55)


def test_everything_works_without_javascript(visit):
    page = visit("demo", java_script_enabled=False)
    begin(page)
    box(page).fill("Hola, buenos días.")
    page.get_by_role("button", name="Send").click()
    expect(messages(page)).to_have_count(3)

    box(page).fill("   ")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert").filter(has_text=re.compile(r"\w"))).to_be_visible()

    for action, state in (("Pause", "paused"), ("Go on talking", None)):
        if state:
            page.get_by_text("Actions").click()
        page.get_by_role("button", name=action).click()
        if state:
            expect(page.get_by_text(f"This conversation is {state}.")).to_be_visible()
    expect(box(page)).to_be_visible()


def test_the_keyboard_alone_is_enough(visit):
    page = visit("demo")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    inside = page.evaluate(
        "document.querySelector('main').contains(document.activeElement)"
    )
    assert inside


def test_the_admin_and_the_api_docs_work_under_the_policy(visit):
    page = visit("staff")
    page.goto("/admin/")
    expect(
        page.get_by_role("link", name="Conversations", exact=True).first
    ).to_be_visible()
    page.goto("/admin/conversations/conversation/")
    page.goto("/api/v1/docs/")
    expect(page.get_by_text("/api/v1/conversations/").first).to_be_visible()


@pytest.fixture(scope="module")
def talked(site, chromium):
    """Addresses of a conversation of the demo learner and of a word in it."""
    context = chromium.new_context(base_url=site.url)
    page = context.new_page()
    page.goto("/account/login/")
    page.locator("input[name=login]").fill("demo")
    page.locator("input[name=password]").fill(site.password("demo"))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
    begin(page)
    say(page, "Hola, buenos días.")
    say(page, "Xyzzy plugh.")
    address = page.url
    page.goto("/vocabulary/")
    word = page.locator("main a[href^='/vocabulary/']").first.get_attribute("href")
    context.close()
    return {"talk": address, "word": word}


PAGES = [
    "/",
    "/conversations/",
    "/new/",
    "{talk}",
    "{talk}summary/",
    "{talk}delete/",
    "/scenarios/",
    "/scenarios/cafe/",
    "/vocabulary/",
    "/vocabulary/export/",
    "/vocabulary/import/",
    "{word}",
    "/progress/",
    "/progress/goals/",
    "/account/profile/",
    "/account/password/change/",
    "/account/email/",
    "/account/logout/",
    "/no/such/page/",
]
OPEN_PAGES = ["/account/login/", "/account/signup/", "/account/password/reset/"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_and_fits_a_phone(visit, talked, scheme):
    problems = []
    for username, paths in (("demo", PAGES), (None, OPEN_PAGES)):
        page = visit(username, color_scheme=scheme, viewport=PHONE)
        for path in paths:
            page.goto(path.format(**talked))
            found = Axe().run(page)
            problems += [
                f"{path}: {one['id']}: {one['nodes'][0]['html'][:120]}"
                for one in found.response["violations"]
            ]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                problems.append(f"{path}: scrolls sideways")
    assert problems == []
