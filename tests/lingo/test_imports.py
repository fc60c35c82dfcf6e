"""Imports point one way: conversations → vocabulary → progress → lingo."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# From the bottom to the top: a module imports its own app and those before it.
APPS = ["lingo", "progress", "vocabulary", "conversations"]
# Where lingo puts the apps together.
TOGETHER = (
    "lingo.urls",
    "lingo.api.urls",
    "lingo.wsgi",
    "lingo.management.commands.start",
)
HEAVY = {
    "anthropic",
    "fsrs",
    "genai_prices",
    "genanki",
    "httpx2",
    "openai",
    "py3langid",
    "pydantic_ai",
    "simplemma",
    "wordfreq",
}

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts): path
    for app in APPS
    for path in sorted((ROOT / app).rglob("*.py"))
}


def imported(node, *, lazily=True):
    """Yield the full names that the code imports, in functions only if `lazily`."""
    for inside in ast.iter_child_nodes(node):
        if isinstance(inside, ast.Import):
            yield from (name.name for name in inside.names)
        elif isinstance(inside, ast.ImportFrom):
            assert inside.level == 0, "imports name the whole module"
            yield from (f"{inside.module}.{name.name}" for name in inside.names)
        elif lazily or not isinstance(inside, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from imported(inside, lazily=lazily)


def tops(names):
    return {name.split(".")[0] for name in names}


@pytest.fixture(scope="module")
def trees():
    return {name: ast.parse(path.read_text("utf-8")) for name, path in MODULES.items()}


def test_a_module_imports_only_what_is_below_it(trees):
    for name, tree in trees.items():
        if name not in TOGETHER:
            above = set(APPS[APPS.index(name.split(".")[0]) + 1 :])
            assert not tops(imported(tree)) & above, name


def test_a_module_imports_no_heavy_library_at_its_top(trees):
    for name, tree in trees.items():
        assert not tops(imported(tree, lazily=False)) & HEAVY, name


def test_a_module_uses_no_signals(trees):
    signals = ("django.db.models.signals", "django.dispatch")
    for name, tree in trees.items():
        assert not [one for one in imported(tree) if one.startswith(signals)], name


def test_starting_django_imports_no_heavy_library():
    code = (
        "import sys, django; django.setup(); import lingo.urls;"
        f"print(sorted({HEAVY!r} & sys.modules.keys()))"
    )
    started = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (started.stdout, started.stderr) == ("[]\n", "")
