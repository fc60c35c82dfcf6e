"""Flow charts as drawings: nothing is drawn over anything."""

import re
from itertools import combinations

import pytest

from conversations import flow_drawing, grammar
from conversations.grammar import Box, Way
from lingo.languages import LANGUAGES

CHARTS = [
    pytest.param(grammar.boxes(chart.nodes(), native), id=f"{language}-{slug}-{native}")
    for language, slug, chart in grammar.charts()
    for native in LANGUAGES
]


def box(name, *following, text="Text"):
    kind = "question" if len(following) > 1 else "step" if following else "end"
    labels = ["Yes", "No", "Neither"] if kind == "question" else [""]
    ways = [Way(label, to) for label, to in zip(labels, following, strict=False)]
    return Box(name, kind, text, [] if following else ["Ejemplo"], ways)


def chart(*boxes):
    return {one.id: one for one in boxes}


MEETING = [
    # Two paths meet again; one of them is longer.
    chart(box("a", "b", "z"), box("b", "c"), box("c", "z"), box("z")),
    chart(box("a", "b", "c"), box("b", "z"), box("c", "z"), box("z")),
    chart(
        box("a", "b", "c", "z"), box("b", "z", "y"), box("c", "y"), box("y"), box("z")
    ),
    chart(
        box("a", "b", "c"), box("b", "y", "z"), box("c", "y", "z"), box("y"), box("z")
    ),
]


def overlap(one, other):
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def segments(path):
    """Yield the straight parts of path data as x, y, x, y of their ends."""
    x, y = map(int, re.match(r"M(\d+) (\d+)", path).groups())
    for way, to in re.findall(r"([VH])(\d+)", path):
        to_x, to_y = (x, int(to)) if way == "V" else (int(to), y)
        yield x, y, to_x, to_y
        x, y = to_x, to_y


def crosses(segment, place):
    x, y, to_x, to_y = segment
    return (
        min(x, to_x) < place.x + place.width
        and max(x, to_x) > place.x
        and min(y, to_y) < place.y + place.height
        and max(y, to_y) > place.y
    )


@pytest.mark.parametrize("boxes", [*CHARTS, *MEETING])
def test_neither_boxes_nor_lines_lie_over_a_box(boxes):
    drawing = flow_drawing.draw(boxes)

    assert not [pair for pair in combinations(drawing.places, 2) if overlap(*pair)]
    for path in drawing.arrows + drawing.lines:
        for segment in segments(path):
            assert not [place for place in drawing.places if crosses(segment, place)]


@pytest.mark.parametrize("boxes", [*CHARTS, *MEETING])
def test_everything_is_drawn_within_the_drawing(boxes):
    drawing = flow_drawing.draw(boxes)

    drawn = [place for place in drawing.places if place.kind != "answer"]
    assert len(drawn) == len(boxes)
    assert len(drawing.places) - len(drawn) == sum(
        bool(way.answer) for one in boxes.values() for way in one.ways
    )
    for place in drawing.places:
        assert place.x >= 0
        assert place.x + place.width <= drawing.width
        assert place.y >= 0
        assert place.y + place.height <= drawing.height


def test_long_texts_are_wrapped_into_a_higher_box():
    short = flow_drawing.draw(chart(box("a")))
    long = flow_drawing.draw(chart(box("a", text="word " * 30 + "x" * 60)))

    assert long.height > short.height
    assert all(len(line.text) <= flow_drawing.LETTERS for line in long.places[0].lines)


def test_what_follows_stands_below():
    first, *others = flow_drawing.draw(MEETING[0]).places

    assert all(other.y > first.y + first.height for other in others)
