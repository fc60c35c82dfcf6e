"""A hundred turns of free talk stay varied and on level, whoever the learner is.

`python -m tests.simulation` measures more of it.
"""

import pytest

from conversations.tutors import content
from lingo.languages import LANGUAGES
from tests.simulation import talks
from tests.simulation.learners import BEHAVIOURS

# No wording of a question comes again before so many others were asked.
APART = 60


# Each kind of learner in some language, and each language with some kinds.
LEARNERS = [
    *zip(LANGUAGES, BEHAVIOURS, strict=False),
    *((language, "mixed") for language in LANGUAGES),
]


@pytest.mark.parametrize(("language", "behaviour"), LEARNERS)
def test_a_hundred_turns_stay_varied_and_on_level(language, behaviour):
    level = ["beginner", "intermediate"][BEHAVIOURS.index(behaviour) % 2]

    talk = talks.hold(language, behaviour, level)

    lines = talk.lines
    assert all(one != next_ for one, next_ in zip(lines, lines[1:], strict=False))
    asked = talks.new_questions(talk)
    assert min(talks.distances(asked), default=101) >= APART
    assert talks.repeated(lines) < 0.1
    assert talks.frequent(talk) > 0.93
    assert not any("{" in line for line in lines)
    assert max(talks.lengths_of_stay(talk)) <= 6


def test_all_topics_come_up_where_nothing_was_chosen():
    talk = talks.hold("es", "answers", "beginner", turns=150)

    seen = {cue.split("/")[0] for cue in talk.cues}
    assert seen >= set(list(content.topics())[:15])


def test_figures_of_talks():
    assert talks.repeated(["a", "b", "a", "a"]) == 0.5
    assert talks.distances(["a", "b", "a", "a"]) == [2, 1]
    assert talks.distinct(["a b a", "a b"], 1) == 0.4
    assert talks.distinct(["a b a", "a b"], 2) == pytest.approx(2 / 3)
