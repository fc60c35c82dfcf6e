"""Lingo served by a process of its own, as `manage.py start` does it."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from lingo.management.commands.start import LEARNER

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 30


class Server:
    """`manage.py start` in a process group of its own, to be killed as a whole."""

    def __init__(self, database_url, folder):
        self.folder = folder
        self.token = None
        settings = ("SECRET_KEY", "LINGO_LOCAL", "DJANGO_SETTINGS_MODULE")
        self.env = {
            **{name: text for name, text in os.environ.items() if name not in settings},
            "DATABASE_URL": database_url,
            "LINGO_DATA_DIR": str(folder),
            "LINGO_THROTTLE_API": "100000/min",
            "LINGO_THROTTLE_TURNS": "100000/min",
        }

    def start(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "start", "--port", str(self.port)],
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            log = (self.folder / "server.log").read_text()
            assert self.process.poll() is None, log
            assert time.monotonic() < deadline, log
            time.sleep(0.05)

    def kill(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def sign_in(self):
        password = (self.folder / f"{LEARNER}_password").read_text().strip()
        self.token = None
        answer = self.post("auth/login/", username=LEARNER, password=password)
        self.token = answer["token"]

    def post(self, path, **data):
        return self._ask(path, json.dumps(data).encode())

    def get(self, path):
        return self._ask(path)

    def get_all(self, path):
        """Return the rows of all pages."""
        page = self.get(path)
        rows = page["results"]
        while page["next"]:
            page = self.get(page["next"].partition("/api/v1/")[2])
            rows += page["results"]
        return rows

    def _ask(self, path, data=None):
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Token {self.token}"
        address = f"http://127.0.0.1:{self.port}/api/v1/{path}"
        request = urllib.request.Request(address, data, headers)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)
