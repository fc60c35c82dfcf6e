"""Hold long talks with the guided tutor, and say how varied and how easy they are.

python -m tests.simulation
"""

import os
import sys
from statistics import mean

import django

HEADER = """\
| Language | Level | Messages said before | Questions asked before \
| Nearest repeat of a question | Distinct-1 | Distinct-2 | Common words |
|---|---|---|---|---|---|---|---|
"""


def table():
    """Return the figures of all talks as a table in Markdown."""
    from lingo.languages import LANGUAGES

    rows = [
        row(language, level)
        for language in LANGUAGES.values()
        for level in ("beginner", "intermediate")
    ]
    return HEADER + "\n".join(rows)


def row(language, level):
    from tests.simulation import talks
    from tests.simulation.learners import BEHAVIOURS

    held = [talks.hold(language.code, behaviour, level) for behaviour in BEHAVIOURS]
    asked = [talks.new_questions(talk) for talk in held]
    nearest = min(one for lines in asked for one in [*talks.distances(lines), 101])
    cells = [
        language.name,
        level,
        f"{mean(talks.repeated(talk.lines) for talk in held):.1%}",
        f"{mean(talks.repeated(lines) for lines in asked):.1%}",
        "none" if nearest > 100 else f"after {nearest}",
        f"{mean(talks.distinct(talk.lines, 1) for talk in held):.2f}",
        f"{mean(talks.distinct(talk.lines, 2) for talk in held):.2f}",
        f"{mean(talks.frequent(talk) for talk in held):.1%}",
    ]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    sys.stdout.write(table() + "\n")
