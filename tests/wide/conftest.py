"""Lingo as a newcomer has it: `manage.py start` on loopback, and a real browser."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
WAIT_SECONDS = 60


class Site:
    """A running installation."""

    def __init__(self, data_dir, **settings):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.data_dir, self.settings = data_dir, settings
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self):
        given = ("SECRET_KEY", "LINGO_LOCAL", "DJANGO_SETTINGS_MODULE", "DATABASE_URL")
        clean = {name: text for name, text in os.environ.items() if name not in given}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "start", "--port", str(self.port)],
            cwd=ROOT,
            env={
                **clean,
                "LINGO_DATA_DIR": str(self.data_dir),
                "LINGO_THROTTLE_TURNS": "10000/min",
                "LINGO_THROTTLE_API": "100000/min",
                "LINGO_THROTTLE_LOGIN": "1000/min",
                **self.settings,
            },
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=5):
                    return
            except OSError:
                assert self.process.poll() is None, "the server ended"
                assert time.monotonic() < until, "the server does not answer"
                time.sleep(0.1)

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(5)

    def password(self, username):
        return (self.data_dir / f"{username}_password").read_text().strip()


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    running = Site(tmp_path_factory.mktemp("data"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def chromium():
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "the browser tests need Debian's chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-quic", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def visit(site, chromium):
    """Return a function that opens a browser window, signed in if a name is given.

    At the end no page may have complained, or asked another host for anything.
    """
    contexts, complaints = [], []

    def visit(username=None, **options):
        context = chromium.new_context(base_url=site.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on(
            "console",
            lambda said: (
                said.type == "error"
                # What the network refused, a test may well have wanted.
                and not said.text.startswith(("Failed to load resource", "htmx:"))
                and complaints.append(said.text)
            ),
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda request: (
                request.url.startswith((site.url, "data:"))
                or complaints.append(f"asked for {request.url}")
            ),
        )
        if username:
            page.goto("/account/login/")
            page.get_by_label("Username or email").or_(
                page.get_by_label("Username")
            ).first.fill(username)
            page.get_by_label("Password").first.fill(site.password(username))
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url("**/")
        return page

    yield visit
    for context in contexts:
        context.close()
    assert complaints == []
