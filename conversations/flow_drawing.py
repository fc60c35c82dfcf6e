"""Where the boxes and lines of a flow chart stand; the template draws them.

Layered from top to bottom: a node stands one layer below the lowest that leads to it.
Each answer is a small node of its own between its question and what follows, and a
line that passes a layer has a place there as well; so nothing is drawn over anything.
All figures are whole units of the drawing, 1 of which is a CSS pixel at full size.
"""

import textwrap
from typing import NamedTuple

WIDTH = 200  # of a box
SLOT = WIDTH + 16  # of a column
MARGIN = 8
GAP = 28  # between layers
LINE = 20
PADDING = 10
# Letters that fit into a line: at 15 px one takes 8 px on average, with some to spare.
LETTERS = 23


class Line(NamedTuple):
    """A line of text, and where its middle and its base line are."""

    text: str
    x: int
    y: int
    is_example: bool


class Place(NamedTuple):
    """A box, or an answer (`kind` "answer"), by its upper left corner."""

    kind: str
    x: int
    y: int
    width: int
    height: int
    lines: list[Line]


class Drawing(NamedTuple):
    """`arrows` are SVG path data; those of `lines` have no head."""

    width: int
    height: int
    places: list[Place]
    arrows: list[str]
    lines: list[str]


class _Part:
    """A node of the drawing: a box, an answer, or the bend of a line."""

    def __init__(self, kind, text="", examples=()):
        self.kind = kind
        self.texts = [(line, False) for line in textwrap.wrap(text, LETTERS)]
        for example in examples:
            self.texts += [(line, True) for line in textwrap.wrap(example, LETTERS)]
        self.following = []
        self.layer = 0
        self.column = None

    @property
    def height(self):
        padding = {"answer": 4, "bend": 0}.get(self.kind, PADDING)
        return len(self.texts) * LINE + 2 * padding


def draw(chart):
    """Return the Drawing of the boxes of a chart, as `grammar.boxes` gives them."""
    first = _parts(chart)
    ordered = _in_order(first)
    for part in ordered:
        for following in part.following:
            following.layer = max(following.layer, part.layer + 1)
    for part in ordered:
        part.following = [_bent(part, following) for following in part.following]
    columns = _set_columns(first, 0)
    ordered = _in_order(first)
    tops, height = _tops(ordered)
    return _drawing(ordered, tops, columns * SLOT - (SLOT - WIDTH), height)


def _parts(chart):
    """Return the part of the chart's first box, with all that follows it."""
    parts = {box.id: _Part(box.kind, box.text, box.examples) for box in chart.values()}
    for box in chart.values():
        for way in box.ways:
            following = parts[way.to]
            if way.answer:
                answer = _Part("answer", way.answer)
                answer.following = [following]
                following = answer
            parts[box.id].following.append(following)
    return next(iter(parts.values()))


def _in_order(first):
    """Return the parts so that each comes before all that follow it."""
    seen, ordered = set(), []

    def visit(part):
        if part not in seen:
            seen.add(part)
            for following in reversed(part.following):
                visit(following)
            ordered.append(part)

    visit(first)
    return ordered[::-1]


def _bent(part, following):
    """Return what comes next on the line from `part`: a bend in each layer between."""
    for layer in range(following.layer - 1, part.layer, -1):
        bend = _Part("bend")
        bend.layer, bend.following = layer, [following]
        following = bend
    return following


def _set_columns(part, free):
    """Give `part` and what follows it their columns; return the next free one.

    A part stands over the first that it brings, so that the start is in sight on a
    small screen; what another part brought before stays where it is.
    """
    part.column = here = free
    for following in part.following:
        if following.column is None:
            free = _set_columns(following, free)
    return max(free, here + 1)


def _tops(parts):
    """Return the upper edge of each layer, and the height of all."""
    heights = {}
    for part in parts:
        heights[part.layer] = max(heights.get(part.layer, 0), part.height)
    tops, y = {}, MARGIN
    for layer in sorted(heights):
        tops[layer] = y
        y += heights[layer] + GAP
    return tops, y - GAP + MARGIN


def _drawing(parts, tops, width, height):
    places, arrows, lines = [], [], []
    for part in parts:
        x, y = _middle(part), tops[part.layer]
        if part.kind != "bend":
            places.append(_place(part, x, y))
        for following in part.following:
            path = _path(x, y + part.height, _middle(following), tops[following.layer])
            has_head = following.kind not in ("answer", "bend")
            (arrows if has_head else lines).append(path)
    return Drawing(width + 2 * MARGIN, height, places, arrows, lines)


def _middle(part):
    return MARGIN + WIDTH // 2 + part.column * SLOT


def _path(x, y, to_x, to_y):
    """Down to the gap above the next layer, across, and down to what stands there."""
    if x == to_x:
        return f"M{x} {y}V{to_y}"
    return f"M{x} {y}V{to_y - GAP // 2}H{to_x}V{to_y}"


def _place(part, x, y):
    base = y + (part.height - len(part.texts) * LINE) // 2 + LINE - 5
    lines = [
        Line(text, x, base + number * LINE, is_example)
        for number, (text, is_example) in enumerate(part.texts)
    ]
    return Place(part.kind, x - WIDTH // 2, y, WIDTH, part.height, lines)
