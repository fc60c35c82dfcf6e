"""Reviewing in a real browser: by keyboard, without JavaScript, with a voice."""

import re
from itertools import count

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.factories import PASSWORD

PHONE = {"width": 375, "height": 720}
WORDS = (
    ("casa", "house", "Mi casa es pequeña."),
    ("mesa", "table", "Una mesa para dos."),
    ("pan", "bread", "Quiero pan."),
    ("leche", "milk", "Un café con leche."),
    ("calle", "street", "Vivo en esta calle."),
    ("libro", "book", "Leo un libro."),
    ("ventana", "window", "Abre la ventana."),
    ("puerta", "door", "Cierra la puerta."),
    ("habitación", "room", "Quiero una habitación."),
    ("cuenta", "bill", "La cuenta, por favor."),
)
# A voice as browsers have them; what it says is kept in `said`.
VOICE = """
window.said = [];
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
speechSynthesis.getVoices = () => [{ localService: true, lang: "es-ES" }];
speechSynthesis.speak = (spoken) => window.said.push(spoken.text);
"""
numbers = count()


class Program:
    """The API, with the session of the page's browser."""

    def __init__(self, page):
        self.page = page

    def post(self, path, **sent):
        cookies = {one["name"]: one["value"] for one in self.page.context.cookies()}
        answer = self.page.request.post(
            f"/api/v1/{path}",
            data=sent,
            headers={"X-CSRFToken": cookies["csrftoken"]},
        )
        assert answer.ok, answer.text()
        return answer.json()

    def add(self, *words):
        """Add words; return the ids of each."""
        return [
            self.post(
                "vocabulary/",
                language="es",
                word=word,
                translation=translation,
                example=example,
            )["id"]
            for word, translation, example in words
        ]

    def rate(self, pk, *ratings):
        for rating in ratings:
            self.post(
                f"vocabulary/{pk}/reviews/", rating=rating, client_id=f"{next(numbers)}"
            )


@pytest.fixture
def begin(visit):
    """Return a function that signs a new learner up and gives them words."""

    def begin(*words, **options):
        page = visit(**options)
        page.goto("/account/signup/")
        name = f"reviewer{next(numbers)}"
        page.locator("input[name=username]").fill(name)
        page.locator("input[name=email]").fill(f"{name}@example.org")
        page.locator("input[name=password1]").fill(PASSWORD)
        page.locator("input[name=password2]").fill(PASSWORD)
        page.locator("main form button[type=submit]").click()
        page.wait_for_url("**/")
        program = Program(page)
        return page, program, program.add(*words)

    return begin


def answer(page):
    return page.locator("[data-answer]")


def test_ten_cards_go_by_with_the_keyboard_alone(begin):
    page, _, _ = begin(*WORDS)
    page.goto("/review/")

    for done in range(10):
        expect(page.get_by_text(f"{done} done")).to_be_visible()
        expect(answer(page)).to_have_count(0)
        page.keyboard.press("Space")
        expect(answer(page)).to_be_focused()
        expect(page.locator("#announcement")).to_have_text(re.compile(r"\w"))
        page.keyboard.press("4" if done % 2 else "Space")
        if done < 9:
            expect(page.get_by_text(f"{done + 1} done")).to_be_visible()

    expect(page.get_by_role("heading", name="Done for today")).to_be_visible()


def test_undo_edit_and_suspend_have_their_keys(begin):
    page, _, [house, _] = begin(*WORDS[:2])
    page.goto("/review/")
    page.keyboard.press("Space")
    page.keyboard.press("1")
    expect(page.get_by_text("1 done")).to_be_visible()

    page.keyboard.press("u")
    expect(page.get_by_text("The review of “casa” is taken back.")).to_be_visible()
    expect(page.locator(".asked")).to_contain_text("casa")

    page.keyboard.press("e")
    page.wait_for_url(re.compile(rf"/vocabulary/{house}/\?next="))
    page.get_by_label("Translation").fill("home")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(rf"/review/\?card={house}$"))
    page.keyboard.press("Space")
    expect(answer(page)).to_contain_text("home")

    page.keyboard.press("s")
    expect(page.get_by_text("“casa” is suspended.")).to_be_visible()
    expect(page.locator(".asked")).to_contain_text("mesa")


def test_keys_are_letters_while_one_types(begin):
    page, program, [house] = begin(WORDS[0])
    program.rate(house, 3)
    page.goto(f"/review/?card={house}")
    box = page.locator("input[name=typed]")
    expect(box).to_be_focused()

    page.keyboard.type("use 1234")
    expect(box).to_have_value("use 1234")
    box.fill("casa")
    page.keyboard.press("Enter")

    expect(answer(page)).to_contain_text("Right.")
    page.keyboard.press("Space")
    expect(page.get_by_role("heading", name="Done for today")).to_be_visible()


def test_keys_can_be_switched_off_and_stay_so(begin):
    page, _, _ = begin(WORDS[0])
    page.goto("/review/")
    page.get_by_text("Keys", exact=True).click()
    page.get_by_role("button", name="Use these keys").click()
    page.reload()
    page.keyboard.press("s")
    page.keyboard.press("Space")
    expect(answer(page)).to_have_count(0)

    page.get_by_text("Keys", exact=True).click()
    page.get_by_role("button", name="Use these keys").click()
    page.locator("h1").click()
    page.keyboard.press("Space")
    expect(answer(page)).to_be_visible()


def test_how_long_an_answer_took_is_kept(begin):
    page, _, [house] = begin(WORDS[0])
    page.goto("/review/")
    page.wait_for_timeout(300)
    page.keyboard.press("Space")
    page.keyboard.press("3")
    expect(page.get_by_role("heading", name="Done for today")).to_be_visible()

    [made] = page.request.get(f"/api/v1/vocabulary/{house}/reviews/").json()["results"]
    assert 300 <= made["duration_ms"] < 60_000


def test_a_voice_asks_by_ear_where_there_is_one(begin):
    page, program, [house] = begin(WORDS[0])
    program.rate(house, 3, 3, 3)
    address = f"/review/?card={house}"
    page.goto(address)
    expect(page.get_by_role("heading", name="How do you say this")).to_be_visible()
    expect(page.get_by_role("button", name="Listen")).to_have_count(0)

    page.add_init_script(VOICE)
    page.goto(address)
    expect(page.get_by_role("heading", name="word do you hear?")).to_be_visible()
    expect(page.get_by_text("house")).to_have_count(1)
    expect(page.get_by_text("house")).to_be_hidden()
    page.get_by_role("button", name="Listen").click()
    page.locator("h1").click()
    page.keyboard.press("l")
    assert page.evaluate("said") == ["casa", "casa"]
    page.locator("input[name=typed]").fill("casa")
    page.keyboard.press("Enter")
    expect(answer(page)).to_contain_text("house")


def test_it_all_works_without_javascript(begin):
    page, program, [house, table] = begin(*WORDS[:2], java_script_enabled=False)
    page.goto("/review/")
    page.get_by_role("button", name="Show the answer").click()
    expect(answer(page)).to_contain_text("house")
    page.get_by_role("button", name=re.compile("Good")).click()
    expect(page.get_by_text("1 done")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Suspend").click()
    expect(page.locator(".asked")).to_contain_text("mesa")

    program.rate(table, 3)
    page.goto(f"/review/?card={table}")
    page.locator("input[name=typed]").fill("messa")
    page.get_by_role("button", name="Check").click()
    expect(answer(page)).to_contain_text("Not quite.")
    page.get_by_role("button", name=re.compile("Again")).click()
    expect(page.get_by_role("heading", name="Done for today")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_and_fits_a_phone(begin, scheme):
    page, program, ids = begin(*WORDS[:5], color_scheme=scheme, viewport=PHONE)
    for pk, ratings in zip(ids, ([], [3], [3, 3], [3, 3, 3], [4, 1] * 8), strict=True):
        program.rate(pk, *ratings)
    problems = []

    def look(name):
        problems.extend(
            f"{name}: {one['id']}: {one['nodes'][0]['html'][:120]}"
            for one in Axe().run(page).response["violations"]
        )
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            problems.append(f"{name}: scrolls sideways")

    for number, pk in enumerate(ids[:4]):
        page.goto(f"/review/?card={pk}")
        look(f"question {number}")
        if number:
            page.locator("input[name=typed]").fill("Habitacion")
            page.keyboard.press("Enter")
        else:
            page.get_by_role("button", name="Show the answer").click()
        expect(answer(page)).to_be_visible()
        look(f"answer {number}")
    page.goto(f"/review/?card={ids[1]}&number=1&typed={'x' * 101}")
    look("refused")
    page.goto("/review/")
    page.keyboard.press("Space")
    page.keyboard.press("4")
    expect(page.get_by_role("heading", name="Done for today")).to_be_visible()
    look("end")
    page.goto("/review/settings/")
    look("settings")
    page.get_by_label("Wanted retention").fill("5")
    page.evaluate("document.querySelector('main form').noValidate = true")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".errorlist")).to_have_count(1)
    look("settings refused")
    page.goto("/review/leeches/")
    page.get_by_text("Rewrite it").click()
    look("leeches")
    assert problems == []


def test_buttons_are_large_and_at_hand_on_a_phone(begin):
    page, _, _ = begin(WORDS[0], viewport=PHONE, has_touch=True)
    page.goto("/review/")
    page.get_by_role("button", name="Show the answer").tap()

    for name in ("Again", "Hard", "Good", "Easy"):
        place = page.get_by_role("button", name=re.compile(name)).bounding_box()
        assert place["height"] >= 48
        assert place["width"] >= 60
        assert PHONE["height"] / 2 < place["y"] < PHONE["height"] - place["height"]
