"""Charts in a real browser: on a phone and a desk, in light and dark, on paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.wide.test_browser import PHONE

DESK = {"width": 1200, "height": 800}
PAGES = ("/progress/charts/", "/progress/charts/?period=365&language=es", "/progress/")


@pytest.fixture
def studied(visit):
    """Return a function that opens a window of a learner with rows to draw."""

    def open_window(**options):
        page = visit("demo", **options)
        cookies = {one["name"]: one["value"] for one in page.context.cookies()}
        headers = {"X-CSRFToken": cookies["csrftoken"]}

        def post(path, **sent):
            answer = page.request.post(f"/api/v1/{path}", data=sent, headers=headers)
            assert answer.ok, answer.text()
            return answer.json()

        post("conversations/", conversation_id="charted", language="es")
        post("conversations/charted/turns/", content="Hola", client_id="charted")
        for word in ("casa", "mesa", "desafortunadamente"):
            pk = post("vocabulary/", language="es", word=word)["id"]
            for n, rating in enumerate((4, 4, 1)):
                sent = {"rating": rating, "client_id": f"{word}{n}"}
                post(f"vocabulary/{pk}/reviews/", **sent, duration_ms=2100)
        return page

    return open_window


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK])
def test_charts_hold_and_are_accessible(studied, scheme, viewport):
    page = studied(color_scheme=scheme, viewport=viewport)
    for address in PAGES:
        page.goto(address)
        expect(page.locator("svg.chart").first).to_be_visible()
        page.locator("details").evaluate_all(
            "all => all.forEach((one) => { one.open = true; })"
        )

        assert (
            page.evaluate("document.documentElement.scrollWidth") <= (viewport["width"])
        )
        found = Axe().run(page).response["violations"]
        assert [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found] == []


def test_text_in_a_chart_can_be_read_on_a_phone(studied):
    page = studied(viewport=PHONE)
    page.goto(PAGES[0])

    heights = page.locator("svg.chart text").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().height)"
    )
    assert min(heights) >= 10


def test_on_paper_charts_are_dark_on_white(studied):
    page = studied(color_scheme="dark")
    page.emulate_media(media="print")
    page.goto(PAGES[0])

    bar = page.locator("svg.bars .series-1").first
    expect(bar).to_have_css("fill", "rgb(0, 0, 0)")
    expect(page.locator("svg.lying text:not(.axis)").first).to_have_css(
        "fill", "rgb(0, 0, 0)"
    )


def test_the_period_is_chosen_by_keyboard_and_kept_in_the_address(studied):
    page = studied()
    page.goto(PAGES[0])
    page.get_by_label("Period").focus()
    page.keyboard.press("ArrowUp")
    page.get_by_role("button", name="Show").press("Enter")

    page.wait_for_url("**/progress/charts/?period=30&language=")
    expect(page.get_by_label("Period")).to_have_value("30")
    with page.expect_download() as found:
        page.get_by_role("link", name="Turns as CSV").click()
    assert len(found.value.path().read_text("utf-8-sig").splitlines()) == 31
