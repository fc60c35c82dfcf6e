"""A local installation: `manage.py start`, its data folder and its secrets."""

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import OperationalError

from conversations.models import Scenario
from lingo import databases, local
from lingo.management.commands import start
from lingo.models import Learner

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def data_dir(tmp_path, monkeypatch):
    monkeypatch.setenv("LINGO_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def served(monkeypatch):
    """Where Lingo was asked to serve, instead of serving."""
    calls = []
    monkeypatch.setattr(start, "serve", lambda host, port: calls.append((host, port)))
    monkeypatch.setattr(start, "check_free", lambda host, port: None)
    return calls


@pytest.fixture
def has_content(monkeypatch):
    """Starting leaves the content alone: reading it takes longer than all else."""

    def call(name, **options):
        if name != "load_content":
            call_command(name, **options)

    monkeypatch.setattr(start, "call_command", call)


def manage(*arguments, **environment):
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in ("SECRET_KEY", "LINGO_LOCAL", "DJANGO_SETTINGS_MODULE")
    }
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env={**clean, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_secret_is_made_once_and_readable_by_its_owner_only(data_dir):
    made = local.secret("secret_key")

    assert local.secret("secret_key") == made
    assert len(made) >= 50
    assert stat.S_IMODE((data_dir / "secret_key").stat().st_mode) == 0o600


def test_start_loads_content_makes_accounts_prints_them_and_serves(
    db, data_dir, served, capsys
):
    call_command("start", port=8123)

    printed = capsys.readouterr().out
    assert "http://127.0.0.1:8123/" in printed
    for username, is_staff in (("demo", False), ("staff", True)):
        account = Learner.objects.get(username=username)
        password = (data_dir / f"{username}_password").read_text().strip()
        assert account.check_password(password)
        assert account.is_staff is is_staff
        assert f"{username}" in printed
        assert password in printed
    assert served == [("127.0.0.1", 8123)]
    assert Scenario.objects.exists()


@pytest.mark.usefixtures("has_content")
def test_starting_again_keeps_accounts_and_changed_passwords(
    db, data_dir, served, capsys
):
    call_command("start")
    demo = Learner.objects.get(username="demo")
    demo.set_password("another one")
    demo.save()
    capsys.readouterr()

    call_command("start")

    assert Learner.objects.count() == 2
    assert Learner.objects.get(username="demo").check_password("another one")
    assert "the password that you gave it" in capsys.readouterr().out


@pytest.mark.usefixtures("has_content")
def test_demo_accounts_exist_on_loopback_only(db, data_dir, served, capsys):
    call_command("start")
    capsys.readouterr()

    call_command("start", host="0.0.0.0")

    assert not Learner.objects.filter(is_active=True).exists()
    assert "Sign in as" not in capsys.readouterr().out
    call_command("start", host="localhost")
    assert Learner.objects.filter(is_active=True).count() == 2


@pytest.mark.usefixtures("has_content")
def test_an_ipv6_address_is_shown_as_a_link(db, data_dir, served, capsys):
    call_command("start", host="::1")

    assert "http://[::1]:8000/" in capsys.readouterr().out


def test_a_taken_port_is_one_clear_line():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(CommandError, match=f"port {port}: .*in use"):
            start.check_free("127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "port"), [("no.such.host.invalid", 8000), ("127.0.0.1", 70000)]
)
def test_an_address_that_is_none_is_one_clear_line(host, port):
    with pytest.raises(CommandError, match="Can't serve at"):
        start.check_free(host, port)


def test_a_free_port_is_fine():
    start.check_free("127.0.0.1", 0)


def test_a_database_that_cannot_be_opened_is_one_clear_line(tmp_path):
    (tmp_path / "lingo.sqlite3").mkdir()

    ended = manage(
        "start", "--port", "0", LINGO_DATA_DIR=str(tmp_path), DATABASE_URL=""
    )

    assert ended.returncode == 1
    assert "lingo.sqlite3 can't be used" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_database_that_cannot_be_used_is_one_clear_line(
    data_dir, served, monkeypatch
):
    def fails(*args, **options):
        raise OperationalError("attempt to write a readonly database")

    monkeypatch.setattr(start, "call_command", fails)

    with pytest.raises(CommandError, match="can't be used: attempt to write"):
        start.Command().handle(host="127.0.0.1", port=8000)


def test_a_data_folder_that_cannot_be_written_is_one_clear_line(tmp_path):
    (tmp_path / "file").write_text("in the way")

    ended = manage("start", LINGO_DATA_DIR=str(tmp_path / "file"))

    assert ended.returncode == 1
    assert ended.stderr.startswith("Lingo can't write its data folder")
    assert len(ended.stderr.splitlines()) == 1


def test_production_refuses_to_start_without_a_secret_key(tmp_path):
    ended = manage("check", LINGO_DATA_DIR=str(tmp_path))

    assert ended.returncode != 0
    assert "SECRET_KEY" in ended.stderr


def test_production_refuses_to_start_without_its_hosts(tmp_path):
    ended = manage("check", LINGO_DATA_DIR=str(tmp_path), SECRET_KEY="x" * 60)

    assert ended.returncode != 0
    assert "ALLOWED_HOSTS" in ended.stderr


def test_commands_use_the_local_installation_once_there_is_one(tmp_path):
    (tmp_path / "secret_key").write_text("x" * 60)

    ended = manage("check", LINGO_DATA_DIR=str(tmp_path))

    assert ended.returncode == 0, ended.stderr


def test_an_environment_with_its_own_key_is_no_local_installation(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "x")
    monkeypatch.delenv("LINGO_LOCAL", raising=False)

    local.choose()

    assert "LINGO_LOCAL" not in os.environ


def test_an_unwritable_data_folder_ends_the_process(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("LINGO_DATA_DIR", str(tmp_path / "file"))
    monkeypatch.delenv("SECRET_KEY", raising=False)

    with pytest.raises(SystemExit, match="can't write"):
        local.choose()


def test_choosing_a_local_installation_makes_its_key(data_dir, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.delenv("LINGO_LOCAL", raising=False)

    local.choose()

    assert os.environ.pop("LINGO_LOCAL") == "true"
    assert local.is_installed()


def test_sqlite_is_opened_for_safety():
    options = databases.with_options(
        {"ENGINE": "django.db.backends.sqlite3", "NAME": "x"}, pool_size=5
    )["OPTIONS"]

    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]
    assert "synchronous=FULL" in options["init_command"]
    assert options["timeout"] == 20


def test_a_sqlite_that_is_too_old_is_named(monkeypatch):
    monkeypatch.setattr(databases.sqlite3, "sqlite_version_info", (3, 34, 1))
    monkeypatch.setattr(databases.sqlite3, "sqlite_version", "3.34.1")

    with pytest.raises(ImproperlyConfigured, match=r"3\.35 .* this is 3\.34\.1"):
        databases.with_options(
            {"ENGINE": "django.db.backends.sqlite3", "NAME": "x"}, pool_size=5
        )


def test_postgresql_has_a_pool_and_keeps_its_own_options():
    options = databases.with_options(
        {
            "ENGINE": "django.db.backends.postgresql",
            "OPTIONS": {"sslmode": "require"},
        },
        pool_size=5,
    )["OPTIONS"]

    assert options["pool"]["max_size"] == 5
    assert options["sslmode"] == "require"


def test_a_wildcard_host_is_reached_by_this_machines_names(monkeypatch):
    class Granian:
        def __init__(self, target, **options):
            self.options = options

        def serve(self):
            seen.append((self.options["address"], os.environ.get("ALLOWED_HOSTS")))

    seen = []
    monkeypatch.setattr("granian.Granian", Granian)
    monkeypatch.delenv("ALLOWED_HOSTS", raising=False)

    start.serve("127.0.0.1", 8000)
    start.serve("0.0.0.0", 8000)

    assert seen[0] == ("127.0.0.1", None)
    assert socket.gethostname() in os.environ.pop("ALLOWED_HOSTS").split(",")


def test_a_machine_without_a_name_still_serves(monkeypatch):
    def fails(name):
        raise OSError

    monkeypatch.setattr(socket, "gethostbyname_ex", fails)

    assert start.local_addresses() == []
