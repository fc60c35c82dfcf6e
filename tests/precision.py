"""How many right sentences Lingo's own sources of corrections find fault with, and how
many wrong ones they put right.

`python -m tests.precision` prints the table that the README shows, what is corrected
although it is right, and what is not put right although it is wrong.
"""

import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from conversations.feedback import correcting  # noqa: E402
from conversations.feedback.candidates import Writing  # noqa: E402
from conversations.feedback.edits import put_in  # noqa: E402
from lingo.languages import LANGUAGES  # noqa: E402

FOLDER = Path(__file__).resolve().parent / "conversations" / "feedback"
# The most right sentences that may be corrected, and the fewest errors that are put
# right, in percent.
MOST, LEAST = 2, 80


def sentences(language):
    """Return the right sentences of a language, in their order."""
    return _lines("sentences", language)


def errors(language):
    """Return sentences as learners write them, each with the right one."""
    return [tuple(line.split(" => ")) for line in _lines("errors", language)]


def corrected(language):
    """Return the right sentences that are corrected, each with what it becomes."""
    became = _corrected(sentences(language), language)
    return [(was, now) for was, now in became if now != was]


def missed(language):
    """Return the wrong sentences that don't become right, each with what it becomes."""
    pairs = errors(language)
    became = _corrected([wrong for wrong, _ in pairs], language)
    return [
        found
        for found, (_, right) in zip(became, pairs, strict=True)
        if found[1] != right
    ]


def _lines(folder, language):
    path = FOLDER / folder / f"{language}.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _corrected(sentences, language):
    """Return each sentence with what it becomes.

    Each is asked for one native language, and all of them in turn.
    """
    natives = [code for code in LANGUAGES if code != language]
    found = []
    for number, sentence in enumerate(sentences):
        writing = Writing(sentence, language, natives[number % len(natives)])
        edits = [
            (one.start, one.end, one.corrected)
            for one in correcting.corrections(writing)
        ]
        found.append((sentence, put_in(sentence, edits)))
    return found


def percent(language):
    """Return the share of right sentences that are corrected, in percent."""
    return 100 * len(corrected(language)) / len(sentences(language))


def table():
    """Return the shares as a table in Markdown."""
    rows = [
        "| Language | Right sentences | Corrected all the same | Errors | Put right |",
        "|---|---|---|---|---|",
    ]
    for code, language in LANGUAGES.items():
        wrong = len(errors(code))
        put_right = 100 - 100 * len(missed(code)) / wrong
        rows.append(
            f"| {language.name} | {len(sentences(code))} | {percent(code):.1f} % "
            f"| {wrong} | {put_right:.0f} % |"
        )
    return "\n".join(rows)


if __name__ == "__main__":
    sys.stdout.write(table() + "\n\n")
    for code in LANGUAGES:
        for was, became in [*corrected(code), *missed(code)]:
            sys.stdout.write(f"{code}: {was}\n    {became}\n")
