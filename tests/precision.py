"""How many right sentences Lingo's own sources of corrections find fault with.

`python -m tests.precision` prints the table that the README shows, and what is
corrected although it is right.
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

SENTENCES = Path(__file__).resolve().parent / "conversations" / "feedback" / "sentences"
# The most right sentences that may be corrected, in percent.
MOST = 2


def sentences(language):
    """Return the right sentences of a language, in their order."""
    lines = (SENTENCES / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def corrected(language):
    """Return the right sentences that are corrected, each with what it becomes.

    Each is asked for one native language, and all of them in turn.
    """
    natives = [code for code in LANGUAGES if code != language]
    found = []
    for number, sentence in enumerate(sentences(language)):
        native = natives[number % len(natives)]
        edits = [
            (one.start, one.end, one.corrected)
            for one in correcting.corrections(Writing(sentence, language, native))
        ]
        if edits:
            found.append((sentence, put_in(sentence, edits)))
    return found


def percent(language):
    """Return the share of right sentences that are corrected, in percent."""
    return 100 * len(corrected(language)) / len(sentences(language))


def table():
    """Return the shares as a table in Markdown."""
    rows = ["| Language | Right sentences | Corrected all the same |", "|---|---|---|"]
    for code, language in LANGUAGES.items():
        rows.append(
            f"| {language.name} | {len(sentences(code))} | {percent(code):.1f} % |"
        )
    return "\n".join(rows)


if __name__ == "__main__":
    sys.stdout.write(table() + "\n\n")
    for code in LANGUAGES:
        for was, became in corrected(code):
            sys.stdout.write(f"{code}: {was}\n    {became}\n")
