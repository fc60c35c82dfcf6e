"""`python -m tests.benchmarks`: Lingo against SQL by hand and what it replaces.

Makes a throwaway database of each kind, measures in a process of its own, and prints
one Markdown table. PostgreSQL is the server of DATABASE_URL, else the local one; where
none answers, SQLite is measured alone.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

LOCAL_SERVER = "postgres://postgres@127.0.0.1:5432/postgres"
NAMES = ("Lingo", "SQL by hand", "replaced")
ACTS = {
    "turn": "saving a turn",
    "released": "a turn, its connection given back while the tutor thinks",
    "statements": "statements of a turn",
    "last": "loading the last 50",
    "all": "loading all",
}


def main():
    with tempfile.TemporaryDirectory() as folder:
        results = [measure(f"sqlite:///{folder}/lingo.sqlite3", folder)]
        given = os.environ.get("DATABASE_URL", "")
        server = given if given.startswith("postgres") else LOCAL_SERVER
        try:
            admin = psycopg.connect(server, autocommit=True, connect_timeout=3)
        except psycopg.OperationalError as error:
            sys.stderr.write(f"Without PostgreSQL: {error}\n")
        else:
            with admin, database_beside(admin, server) as url:
                results.append(measure(url, folder))
    print("\n".join(report(results)))  # noqa: T201


@contextmanager
def database_beside(admin, server):
    """Make a database on the server that `admin` is connected to; drop it after."""
    name = f"lingo_benchmark_{os.getpid()}"
    admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
        admin.execute(drop.format(sql.Identifier(name)))


def measure(url, folder):
    """Return the figures of one database as `tests.benchmarks.measure` prints them."""
    env = {
        **os.environ,
        "DATABASE_URL": url,
        "LINGO_DATA_DIR": folder,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    command = [sys.executable, "-m", "tests.benchmarks.measure"]
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def report(results):
    """Yield the lines of the table."""
    versions = " and ".join(result["version"] for result in results)
    yield (
        f"Measured on {datetime.now(UTC):%-d %B %Y}: {os.cpu_count()} cores"
        f" ({platform.machine()}, {platform.system()}), Python"
        f" {platform.python_version()}, {versions}. Medians in milliseconds; in"
        " brackets, how many times as long as Lingo."
    )
    yield ""
    yield f"| | messages | database | {' | '.join(NAMES)} |"
    yield "|---" * (len(NAMES) + 3) + "|"
    for act, what in ACTS.items():
        for size in results[0]["conversations"][act]:
            for result in results:
                found = result["conversations"][act][size]
                yield line(what, size, result, cells(act, found))
    for page in results[0]["pages"]:
        for result in results:
            for size, (queries, taken) in result["pages"][page].items():
                shown = [f"{taken:.1f} ({queries} statements)", "", ""]
                yield line(f"{page} page", size, result, shown)
    for result in results:
        tokens, analysis = result["words"]["tokens"], result["words"]["analysis"]
        shown = [f"{analysis:.2f} ({analysis / tokens:.3g}× cutting it alone)", "", ""]
        yield line("known words in a message of 500", 1, result, shown)
    yield ""
    yield from report_progress(results)
    yield ""
    yield from report_words(results)


def report_progress(results):
    """Yield the lines of the pages of progress; the empty page has no study days."""
    yield "| | study days | database | Lingo |"
    yield "|---|---|---|---|"
    for page in results[0]["progress"]:
        for result in results:
            sizes = result["progress"][page]
            for size, (queries, taken) in sizes.items():
                times = f"{taken / sizes['0'][1]:.3g}× the empty page"
                shown = [f"{taken:.1f} ({queries} statements, {times})"]
                yield line(f"{page} page", size, result, shown)


def report_words(results):
    """Yield the lines of the words' table, and the plans of what is due."""
    yield "| | words | database | Lingo |"
    yield "|---|---|---|---|"
    for rows in zip(*(result["vocabulary"]["rows"] for result in results), strict=True):
        for result, (what, size, figures) in zip(results, rows, strict=True):
            yield line(what, size, result, [figures])
    yield ""
    yield "Plans of what is due, among a million words of ten thousand learners:"
    yield ""
    for result in results:
        for what, plan in result["vocabulary"]["plans"].items():
            yield f"- {database_of(result)}, {what}: `{plan}`"


def line(what, size, result, shown):
    return (
        "| " + " | ".join([what, f"{int(size):,}", database_of(result), *shown]) + " |"
    )


def database_of(result):
    return result["version"].split()[0]


def cells(act, found):
    """Return one act's figures as they are shown, in the order of NAMES."""
    if act == "statements":
        return [str(found.get(name, "")) for name in NAMES]
    shown = {
        name: f"{taken:.2f} ({taken / found['Lingo']:.3g}×)"
        for name, taken in found.items()
        if name != "Lingo"
    }
    return [f"{found['Lingo']:.2f}", *(shown.get(name, "") for name in NAMES[1:])]


if __name__ == "__main__":
    main()
