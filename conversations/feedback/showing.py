"""Which corrections a learner sees of a message where, and the words around each."""

import re
from typing import NamedTuple

from conversations.feedback.categories import names
from lingo.models import Learner
from lingo.text import sentence_spans

Style = Learner.FeedbackStyle
# About how many characters of the sentence are shown on either side of an edit.
AROUND = 40


class Shown(NamedTuple):
    """A correction as it is shown: what stands before the edit, and after it.

    `category` is in the learner's native language. A hint comes before rule and answer.
    """

    correction: object
    before: str
    after: str
    category: str
    has_chart: bool
    is_hint: bool


def in_talk(correction, learner):
    """Whether the learner wants to see the correction under the message."""
    is_early = learner.feedback_style != Style.AT_END
    return is_early and in_summary(correction, learner)


def in_summary(correction, learner):
    """Whether the learner wants to see the correction on the summary.

    One that staff took back stays in sight only of who disagreed with it.
    """
    style = learner.feedback_style
    if style == Style.OFF or (correction.is_withdrawn and not correction.disputed_at):
        return False
    return style != Style.BLOCKING or correction.priority == "critical"


def shown(correction, content, learner, charted, *, is_hint=False):
    """Return the `Shown` of a correction of a message with this content.

    `charted` are the categories that grammar charts explain.
    """
    return Shown(
        correction,
        *around(content, correction.start, correction.end),
        names()[correction.category][learner.native_language],
        correction.category in charted,
        is_hint,
    )


def around(text, start, end):
    """Return what stands before and after a place in its sentence, cut at words."""
    begin, stop = sentence_around(text, start, end)
    before, after = text[begin:start], text[end:stop]
    if len(before) > AROUND:
        before = "…" + re.sub(r"^\S*", "", before[-AROUND:])
    if len(after) > AROUND:
        after = re.sub(r"\S*$", "", after[:AROUND]) + "…"
    return before, after


def sentence_around(text, start, end):
    """Return where the sentence of a place begins and ends; the text, if none has it.

    >>> sentence_around("Uno. Dos tres.", 9, 13)
    (5, 14)
    """
    for span in sentence_spans(text):
        if span[0] <= start and end <= span[1]:
            return span
    return 0, len(text)
