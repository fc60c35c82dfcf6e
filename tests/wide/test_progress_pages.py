"""The pages of progress in a real browser: on a phone, in light and dark."""

import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.wide.test_browser import PHONE

LEVELS = Path(__file__).resolve().parents[1] / "conversations" / "levels"
TEXT = tomllib.loads((LEVELS / "es.toml").read_text("utf-8"))["independent"]
PAGES = (
    "/progress/",
    "/progress/goals/",
    "/progress/achievements/",
    "/progress/achievements/three-days/",
    "/progress/level/?language=es",
    "/progress/level/?language=pt",
    "/progress/days/",
    "/progress/sessions/",
    "/review/history/?undone=on",
    "/progress/week/",
    "/corrections/?language=es",
    "/conversations/?status=all&when=completed",
    "/vocabulary/?counted=learned",
)


def post(page, path, method="post", **sent):
    cookies = {one["name"]: one["value"] for one in page.context.cookies()}
    headers = {"X-CSRFToken": cookies["csrftoken"]}
    send = getattr(page.request, method)
    answer = send(f"/api/v1/{path}", data=sent, headers=headers)
    assert answer.ok, answer.text()
    return answer.json()


@pytest.fixture
def studied(visit):
    """Return a function that opens a window of a learner with rows of every kind."""

    def open_window(**options):
        page = visit("demo", viewport=PHONE, **options)
        for days in (8, 7, 6):
            at = datetime.now(UTC) - timedelta(days=days)
            messages = []
            for n, line in enumerate(TEXT.strip().split("\n")):
                for role, content in (("user", line), ("assistant", "¿Y después?")):
                    moment = at + timedelta(minutes=n)
                    messages.append(
                        {
                            "role": role,
                            "content": content,
                            "timestamp": moment.isoformat(),
                        }
                    )
            post(
                page,
                f"conversations/told-{days}/transcript/",
                "put",
                language="es",
                status="completed",
                started_at=at.isoformat(),
                messages=messages,
            )
        post(page, "conversations/", conversation_id="mistaken", language="es")
        said = {"content": "La problema es grande.", "client_id": "mistaken"}
        post(page, "conversations/mistaken/turns/", **said)
        pk = post(page, "vocabulary/", language="es", word="mesa")["id"]
        for n in range(3):
            sent = {"rating": 4, "client_id": f"progress{n}", "duration_ms": 2100}
            post(page, f"vocabulary/{pk}/reviews/", **sent)
        for kind in ("reviews", "minutes"):
            post(page, "progress/goals/", kind=kind, amount=9, period="week")
        return page

    return open_window


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_they_are_accessible_and_fit_a_phone(studied, scheme):
    page = studied(color_scheme=scheme)
    for address in PAGES:
        answer = page.goto(address)
        assert answer.status == 200, address
        page.locator("details").evaluate_all(
            "all => all.forEach((one) => { one.open = true; })"
        )

        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], address
        found = Axe().run(page).response["violations"]
        problems = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]
        assert problems == [], address


def test_a_figure_leads_to_its_rows_and_on_to_what_was_said(studied):
    page = studied()
    page.goto("/progress/")
    page.get_by_role("link", name="Level in Spanish").click()

    expect(page.get_by_text("an estimate, not a certificate").first).to_be_visible()
    expect(page.locator(".figures")).to_contain_text(re.compile("[AB][12]–[BC][12]"))
    page.locator("#sentences").get_by_role("link", name="12 words").first.click()
    expect(
        page.locator("article.message:target, article.message").first
    ).to_be_visible()

    page.goto("/progress/")
    page.get_by_role("region", name="The last days").get_by_role("link").first.click()
    expect(page.get_by_role("status").first).to_be_visible()


def test_history_is_narrowed_by_keyboard(studied):
    page = studied()
    page.goto("/review/history/")
    page.get_by_text("More filters").press("Enter")
    page.locator("#id_kind").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Show").press("Enter")

    page.wait_for_url("**/review/history/?*kind=card*")
    expect(page.get_by_role("region", name="Reviews")).to_contain_text("Easy")
