"""`python -m tests.benchmarks.serving`: Lingo as it is served, asked by many at once.

For each database a server of its own (`manage.py start`: one process with threads), a
conversation of a hundred turns, and clients on the same machine that ask for the talk
page one request after the other. A guided turn is timed from the request to the whole
answer: the first one of a server just started (cold), and those after it (warm). The
streams are of a language model, a stand-in on loopback, whose reply begins and waits.
"""

import http.client
import json
import re
import statistics
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import psycopg

from tests.benchmarks.__main__ import LOCAL_SERVER, database_beside
from tests.provider import Provider, drips
from tests.serving import PATIENCE, Server

CLIENTS = (1, 8, 32)
SECONDS = 8
STREAMS = 100
TURNS, WARM_TURNS = 60, 40
CONVERSATION = "benchmark"


def main():
    with tempfile.TemporaryDirectory() as folder:
        results = {"SQLite": measure(f"sqlite:///{folder}/lingo.sqlite3", folder)}
    try:
        admin = psycopg.connect(LOCAL_SERVER, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        sys.stderr.write(f"Without PostgreSQL: {error}\n")
    else:
        with (
            admin,
            database_beside(admin, LOCAL_SERVER) as url,
            tempfile.TemporaryDirectory() as folder,
        ):
            results["PostgreSQL"] = measure(url, folder)
    print("\n".join(report(results)))  # noqa: T201


def measure(database_url, folder):
    """Return the figures of one database."""
    provider = Provider()
    provider.usual = drips(provider)
    provider.start()
    server = Server(database_url, Path(folder))
    server.env |= {
        "LINGO_TUTOR_MODEL": "openai:gpt-4o-mini",
        "LINGO_TUTOR_BASE_URL": provider.url,
        "LINGO_TUTOR_API_KEY": "none",
        "LINGO_TUTOR_TIMEOUT": "120",
        "LINGO_TUTOR_SITE_LIMIT": "1000",
        "LINGO_TUTOR_LEARNER_LIMIT": "1000",
    }
    server.start()
    try:
        server.sign_in()
        server.post("conversations/", conversation_id=CONVERSATION, language="es")
        for number in range(1, TURNS + 1):
            take_turn(server, -number)
        server.kill()
        server.start()
        await_ready(server)
        turns = [timed(lambda n=n: take_turn(server, n)) for n in range(WARM_TURNS)]
        cookie = sign_in(server)
        return {
            "cold": turns[0],
            "warm": statistics.median(turns[1:]),
            "pages": {clients: load(server, cookie, clients) for clients in CLIENTS},
            "streams": beside_streams(server, provider, cookie),
        }
    finally:
        server.kill()
        provider.stop()


def await_ready(server):
    urllib.request.urlopen(  # noqa: S310
        f"http://127.0.0.1:{server.port}/readyz", timeout=PATIENCE
    ).close()


def take_turn(server, client_id):
    address = f"conversations/{CONVERSATION}/turns/"
    text = "Quisiera un café con leche, por favor."
    server.post(address, client_id=str(client_id), content=text)


def timed(call):
    """Return how many milliseconds the call takes."""
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def sign_in(server):
    """Sign in as a browser does; return the header of its cookies."""
    cookies = CookieJar()
    browser = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(cookies)
    ).open
    address = f"http://127.0.0.1:{server.port}/account/login/"
    page = browser(address).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    password = (server.folder / "demo_password").read_text().strip()
    form = {"csrfmiddlewaretoken": token, "login": "demo", "password": password}
    browser(address, urllib.parse.urlencode(form).encode()).close()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in cookies)


def load(server, cookie, clients):
    """Return requests a second, and the sorted latencies in milliseconds."""
    until = time.monotonic() + SECONDS
    latencies = []

    def ask():
        browser = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
        while time.monotonic() < until:
            latencies.append(timed(lambda: look(browser, cookie)))

    started = time.monotonic()
    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(latencies) / (time.monotonic() - started), sorted(latencies)


def beside_streams(server, provider, cookie):
    """As `load` with 8 clients, while STREAMS replies stand open; all are kept then.

    Returns requests a second, latencies, and how many replies were whole in the end.
    """
    talks = [f"stream-{number}" for number in range(STREAMS)]
    for talk in talks:
        server.post(
            "conversations/", conversation_id=talk, language="es", tutor="model"
        )
    begun, whole = threading.Semaphore(0), []

    def listen(talk):
        browser = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
        token = re.search("csrftoken=([^;]+)", cookie)[1]
        headers = {
            "Cookie": cookie,
            "X-CSRFToken": token,
            "HX-Request": "true",
            "Accept": "text/event-stream",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        form = urllib.parse.urlencode(
            {"content": "Me gusta el pan.", "client_id": talk}
        )
        browser.request("POST", f"/conversations/{talk}/turns/", form, headers)
        answer = browser.getresponse()
        while not (line := answer.readline()).startswith(b"event: draft"):
            if not line:
                raise AssertionError(f"A stream ends at once: {answer.status}.")
        begun.release()
        rest = answer.read().rpartition(b"event: turn\ndata: ")[2]
        whole.append("pan" in json.loads(rest)["html"])

    threads = [threading.Thread(target=listen, args=[talk]) for talk in talks]
    for thread in threads:
        thread.start()
    for _ in talks:
        if not begun.acquire(timeout=120):
            raise AssertionError("Not all streams begin.")
    rate, latencies = load(server, cookie, 8)
    provider.go_on.set()
    for thread in threads:
        thread.join()
    return rate, latencies, sum(whole)


def look(browser, cookie):
    browser.request(
        "GET", f"/conversations/{CONVERSATION}/", headers={"Cookie": cookie}
    )
    answer = browser.getresponse()
    body = answer.read()
    if answer.status != 200 or b"Quisiera" not in body:
        raise AssertionError(f"The talk page answers {answer.status}.")


def report(results):
    """Yield the lines of the tables."""
    yield "| | database | ms |"
    yield "|---|---|---|"
    for name, found in results.items():
        yield f"| guided turn, the first of a server | {name} | {found['cold']:.0f} |"
        yield f"| guided turn, those after it | {name} | {found['warm']:.1f} |"
    yield ""
    yield "| talk page | database | requests a second | 50 % | 95 % | 99 % |"
    yield "|---|---|---|---|---|---|"
    for clients in CLIENTS:
        for name, found in results.items():
            yield line(f"{clients} clients", name, *found["pages"][clients])
    for name, found in results.items():
        rate, latencies, whole = found["streams"]
        what = f"8 clients, {STREAMS} streams open, {whole} of them whole in the end"
        yield line(what, name, rate, latencies)


def line(what, name, rate, latencies):
    parts = statistics.quantiles(latencies, n=100, method="inclusive")
    shown = " | ".join(f"{parts[share - 1]:.0f} ms" for share in (50, 95, 99))
    return f"| {what} | {name} | {rate:.0f} | {shown} |"


if __name__ == "__main__":
    main()
