"""Charts of plain figures, drawn and parsed, and what must hold of every drawing."""

from datetime import date, timedelta
from xml.etree import ElementTree

from progress.charts import Chart, Column, Data
from progress.drawing import svg

SVG = "{http://www.w3.org/2000/svg}"
MONDAY = date(2026, 6, 1)
SIZES = ("width", "height", "r")


def chart(kind, rows, columns=1, first="date", **options):
    drawn = [Column(f"c{n}", f"Series <{n}>") for n in range(columns)]
    axis = Column("axis", "Axis & place", first)
    data = Data("What it & shows.", kind, [axis, *drawn], rows, **options)
    return Chart("some", "Some <chart>", data)


def drawn(kind, rows, columns=1, **options):
    """Return the drawing, parsed: so it is well-formed."""
    return ElementTree.fromstring(svg(chart(kind, rows, columns, **options)))


def marks(drawing):
    """What stands for a figure; each says which when a mouse is over it."""
    said = f"{SVG}title"
    return [
        one
        for one in drawing.iter()
        if one is not drawing and one.find(said) is not None
    ]


def texts_of(drawing):
    return [one.text for one in drawing.iter(f"{SVG}text")]


def in_a_row(values, columns=1):
    """Rows of one day after the other, from a list of values each."""
    return [
        (MONDAY + timedelta(days=n), *([value] * columns))
        for n, value in enumerate(values)
    ]


def check(drawing, number):
    """One mark for each figure; no size below 0, and nothing outside of the drawing."""
    _, _, width, height = map(float, drawing.get("viewBox").split())
    assert len(marks(drawing)) == number
    for mark in marks(drawing):
        sizes = {name: float(mark.get(name)) for name in SIZES if mark.get(name)}
        assert all(size >= 0 for size in sizes.values())
        x, y = float(mark.get("x", 0)), float(mark.get("y", 0))
        assert 0 <= x <= x + sizes.get("width", 0) <= width + 0.1
        assert 0 <= y <= y + sizes.get("height", 0) <= height + 0.1
