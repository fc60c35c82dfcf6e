import ipaddress
import os
import socket

from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError, call_command
from django.db import OperationalError, connection

from lingo import local

LEARNER, STAFF = "demo", "staff"
THREADS = 128


class Command(BaseCommand):
    help = "Set up Lingo on this machine and serve it; running it again keeps all data."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, host, port, **options):
        check_free(host, port)
        try:
            call_command("migrate", verbosity=0)
            call_command("load_content", stdout=self.stdout)
            accounts = make_demo_accounts(is_active=is_loopback(host))
        except OperationalError as error:
            name = connection.settings_dict["NAME"]
            raise CommandError(f"The database {name} can't be used: {error}") from error
        shown = f"[{host}]" if ":" in host else host
        self.stdout.write(f"\nLingo is at http://{shown}:{port}/ (Ctrl+C stops it).\n")
        for username, password in accounts:
            self.stdout.write(f"  Sign in as {username:6} {password}")
        self.stdout.write("")
        self.stdout.flush()
        serve(host, port)


def is_loopback(host):
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_free(host, port):
    """Raise CommandError where nothing can be served at this address."""
    if not 0 <= port <= 65535:
        raise CommandError(f"Can't serve at port {port}: ports end at 65535.")
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise CommandError(
            f"Can't serve at {host}, port {port}: {error}. Try another: --port 8001"
        ) from error


def make_demo_accounts(*, is_active):
    """Make the demo learner and the demo staff account; return (username, password).

    They can sign in only while Lingo is served on loopback. A password that was
    changed since stays changed.
    """
    Learner = get_user_model()
    accounts = []
    for username, is_staff in ((LEARNER, False), (STAFF, True)):
        password = local.secret(f"{username}_password", length=9)
        account, is_new = Learner.objects.get_or_create(
            username=username,
            defaults={"is_staff": is_staff, "is_superuser": is_staff},
        )
        if is_new:
            account.set_password(password)
        elif not account.check_password(password):
            password = "(the password that you gave it)"
        account.is_active = is_active
        account.save()
        accounts.append((username, password))
    return accounts if is_active else []


def serve(host, port):
    """Serve until interrupted: one process with threads, pages and API alike."""
    from granian import Granian
    from granian.constants import Interfaces

    connection.close()
    if not is_loopback(host):
        names = {
            host,
            socket.gethostname(),
            *local_addresses(),
            "localhost",
            "127.0.0.1",
        }
        os.environ.setdefault("ALLOWED_HOSTS", ",".join(sorted(names)))
    Granian(
        "lingo.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=THREADS,  # a tutor's stream takes one as long as it lasts
        log_enabled=False,
    ).serve()


def local_addresses():
    """Return this machine's own addresses, as far as its name resolves."""
    try:
        return socket.gethostbyname_ex(socket.gethostname())[2]
    except OSError:
        return []
