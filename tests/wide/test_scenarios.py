"""Scenarios in a real browser: finding, writing and playing one, learning its words."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.scenes import as_form, own_data

PHONE = {"width": 375, "height": 720}


def check(page):
    """Return what is not accessible, or doesn't fit, on this page."""
    found = Axe().run(page)
    problems = [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}"
        for one in found.response["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        problems.append("scrolls sideways")
    return problems


def write(page):
    """Fill the form for a scenario, with keyboard and labels alone."""
    page.goto("/own-scenarios/new/")
    for name, text in as_form().items():
        field = page.locator(f"[name='{name}']:not([type=hidden])")
        if field.count() == 0:
            continue
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.fill(text)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_pages_are_accessible_and_fit_a_phone(visit, scheme, tmp_path):
    page = visit("demo", color_scheme=scheme, viewport=PHONE)
    problems = {}
    for path in (
        "/scenarios/",
        "/scenarios/?q=nothing+like+it&level=advanced",
        "/scenarios/hotel/?language=de",
        "/own-scenarios/new/",
        "/own-scenarios/import/",
    ):
        page.goto(path)
        problems[path] = check(page)
    page.goto("/own-scenarios/new/")
    page.locator("form").last.evaluate("form => form.noValidate = true")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This field is required").first).to_be_visible()
    problems["errors"] = check(page)
    write(page)
    page.get_by_role("button", name="See it first").click()
    expect(page.get_by_text("Nothing is saved yet.")).to_be_visible()
    problems["preview"] = check(page)
    assert not {path: found for path, found in problems.items() if found}


def test_one_is_written_learned_and_played_without_javascript(visit):
    page = visit("demo", java_script_enabled=False)
    write(page)
    page.get_by_role("button", name="Room for more objectives").click()
    expect(page.get_by_label("Title")).to_have_value("At the bakery")
    expect(page.get_by_role("group", name="Objective 5")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="At the bakery", level=1)).to_be_visible()

    page.get_by_role("button", name="Add all").click()
    expect(page.get_by_text("You have all words and phrases")).to_be_visible()

    page.get_by_role("button", name="Begin in Spanish").click()
    for text in ("Un pan, por favor.", "Me llamo Ana.", "Con tarjeta."):
        page.get_by_role("textbox", name="Your message").fill(text)
        page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("The scene is played to its end.")).to_be_visible()
    expect(page.locator(".aims q", has_text="Me llamo Ana.")).to_be_visible()

    page.goto("/scenarios/?show=own&language=es")
    expect(page.locator(".badge", has_text="Played")).to_be_visible()
    page.get_by_role("link", name="At the bakery").click()
    page.get_by_role("button", name="Delete…").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("“At the bakery” is deleted.")).to_be_visible()


def test_a_file_comes_in(visit, tmp_path):
    file = tmp_path / "scene.json"
    file.write_text(json.dumps(own_data(slug="own-file", title="From a file")))
    page = visit("demo")
    page.goto("/own-scenarios/import/")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Bring in").click()
    expect(page.get_by_text("1 scenario brought in.")).to_be_visible()
    page.goto("/scenarios/own-file/")
    with page.expect_download() as download:
        page.get_by_role("button", name="Take out as a file").click()
    assert json.loads(download.value.path().read_text())["title"] == "From a file"
