"""Charts drawn as SVG: figures in, text out, no query.

The look is `charts.css`; without it a drawing still has plain colours of its own, as
attributes, which a strict Content-Security-Policy allows. It allows no style element,
such as chart libraries (pygal) write into each drawing.
"""

import re
from datetime import date, timedelta
from math import ceil, floor, log10
from typing import NamedTuple
from xml.etree import ElementTree

from django.utils import translation
from django.utils.formats import date_format

from progress.charts import Kind, shown

# A drawing is so many units wide, about the pixels of a phone; pages scale it.
WIDTH = 360
LEFT, RIGHT, TOP, HEIGHT = 38, 8, 22, 130
FOOT = 38  # below the axis: its ticks, and what it is
LINE = 16  # of the legend
ROW, BAR = 34, 10  # of bars that lie: each with its label above
MOST_TICKS = 4
LEAST = 1e-6  # what is less is no more than nothing
LABEL_LENGTH = 40
# A calendar is folded, so that its days can be told apart on a phone.
FOLD = 27
STEPS = (2, 4, 6, 8, 10)  # how large a day is, by how much was done on it

# What no XML may hold.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Where no style sheet says more. Neighbours differ in lightness, for print.
COLOURS = ("#0f6660", "#b9dcd7", "#8a5a00", "#ffffff")
INK, GRID = "#4a4740", "#8d877b"
DASHES = ("none", "5 3")


def svg(chart, native="en"):
    """Return the chart as SVG, its dates and numbers as `native` writes them."""
    with translation.override(native):
        body = ElementTree.Element("g")
        height = DRAWERS[chart.data.kind](body, chart.data)
        whole = _whole(chart, height, native)
        whole.append(body)
        return ElementTree.tostring(whole, encoding="unicode")


def _whole(chart, height, native):
    ids = [f"chart-{chart.name}-{part}" for part in ("title", "desc")]
    whole = ElementTree.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": f"chart {chart.data.kind}",
            "viewBox": f"0 0 {WIDTH} {_figure(height)}",
            "role": "img",
            "aria-labelledby": " ".join(ids),
            "lang": native,
            "font-family": "sans-serif",
            "font-size": "11",
            "fill": INK,
        },
    )
    texts = (chart.title, _described(chart.data))
    for part, key, text in zip(("title", "desc"), ids, texts, strict=True):
        _add(whole, part, text, id=key, lang="en")
    return whole


def _described(data):
    """Return what the chart shows, with its greatest figure."""
    axis = data.columns[0]
    found = [
        (row[at], row[0], column)
        for row in data.rows
        for at, column in data.drawn
        if row[at] is not None
    ]
    if not found:
        return f"{data.about} There is nothing yet."
    value, place, column = max(found, key=lambda one: one[0])
    most = f"{shown(value, column)} ({shown(place, axis)})"
    return f"{data.about} The highest of {column.label.lower()}: {most}."


def _bars(body, data):
    """Draw a bar for each row; several columns stand on each other."""
    sums = [sum(_size(row[at]) for at, _ in data.drawn) for row in data.rows]
    plot = _plot(body, data, max(sums, default=0))
    band = (WIDTH - LEFT - RIGHT) / max(1, len(data.rows))
    for n, row in enumerate(data.rows):
        below = 0
        for series, (at, column) in enumerate(data.drawn, start=1):
            top = below + _size(row[at])
            y = plot.y(top)
            mark = _add(
                plot.series[series],
                "rect",
                x=LEFT + band * (n + 0.1),
                y=y,
                width=band * 0.8,
                height=max(0, plot.y(below) - y),
            )
            _say(mark, data, row, at, column)
            below = top
    return plot.height


def _lines(body, data):
    """Draw a line for each column, with a point for each value; None leaves a gap."""
    drawn = data.drawn
    values = [row[at] for row in data.rows for at, _ in drawn if row[at] is not None]
    plot = _plot(body, data, max(values, default=0))
    band = (WIDTH - LEFT - RIGHT) / max(1, len(data.rows))
    for series, (at, column) in enumerate(drawn, start=1):
        group, path, is_drawing = plot.series[series], [], False
        marks = []
        for n, row in enumerate(data.rows):
            if row[at] is not None:
                x, y = LEFT + band * (n + 0.5), plot.y(_size(row[at]))
                path.append(f"{'L' if is_drawing else 'M'}{_figure(x)} {_figure(y)}")
                marks.append((row, x, y))
            is_drawing = row[at] is not None
        line = {"class": "line", "fill": "none", "d": "".join(path)}
        if path:
            _add(group, "path", **line)
        for row, x, y in marks:
            _say(_point(group, series, x, y), data, row, at, column)
    return plot.height


def _point(group, series, x, y):
    """A point of a line: round for the first, square for others."""
    if series == 1:
        return _add(group, "circle", cx=x, cy=y, r=2.5)
    return _add(group, "rect", x=x - 1.5, y=y - 1.5, width=3, height=3)


def _rows(body, data):
    """Draw a bar that lies for each row, its label above and its value behind it."""
    [(at, column)] = data.drawn
    most = max((_size(row[at]) for row in data.rows), default=0) or 1
    longest = WIDTH - 60
    _add(body, "text", data.columns[0].label, x=0, y=12, **_axis("start"))
    unit = data.unit or column.label
    _add(body, "text", unit, x=WIDTH, y=12, **_axis("end"))
    group = _add(body, "g", **_series(1))
    top = TOP
    places = data.places or [None] * len(data.rows)
    for row, place in zip(data.rows, places, strict=True):
        label = shown(row[0], data.columns[0])
        if len(label) > LABEL_LENGTH:
            label = f"{label[: LABEL_LENGTH - 1]}…"
        language = {"lang": place.language} if place and place.language else {}
        _add(body, "text", label, x=0, y=top + 13, **language)
        width = longest * (_size(row[at]) / most)
        mark = _add(group, "rect", x=0, y=top + 18, width=width, height=BAR)
        _say(mark, data, row, at, column)
        value = shown(row[at], column)
        _add(body, "text", value, x=width + 5, y=top + 27)
        top += ROW
    return top + 4


def _calendar(body, data):
    """Draw each day as a square, the larger the more was done, in columns of weeks."""
    if not data.rows:
        return TOP
    [(at, column)] = data.drawn
    most = max(_size(row[at]) for row in data.rows)
    dates = [row[0] for row in data.rows]
    first = min(dates) - timedelta(days=min(dates).weekday())
    folds = (max(dates) - first).days // (7 * FOLD) + 1
    pitch = (WIDTH - LEFT) / FOLD
    block = 7 * pitch + LINE + 4
    for fold in range(folds):
        _weekdays(body, first, pitch, fold * block)
    group, months = _add(body, "g", **_series(1)), set()
    for row in sorted(data.rows):
        week, weekday = divmod((row[0] - first).days, 7)
        fold, across = divmod(week, FOLD)
        x = LEFT + pitch * (across + 0.5)
        y = fold * block + LINE + pitch * (weekday + 0.5)
        step = step_of(_size(row[at]), most)
        side = STEPS[step]
        square = {"x": x - side / 2, "y": y - side / 2, "width": side, "height": side}
        _say(_add(group, "rect", **square, **_step(step)), data, row, at, column)
        month = (row[0].year, row[0].month)
        # Where there is room for its name.
        if row[0].day <= 7 and month not in months and across < FOLD - 1:
            months.add(month)
            name = date_format(row[0], "M")
            _add(body, "text", name, x=x - pitch / 2, y=fold * block + 11)
    return _steps(body, data, most, block * folds)


def _step(step):
    return {"class": f"step-{step}", "fill-opacity": 0.3 + 0.7 * step / 4}


def step_of(value, most):
    """Return how much was done on a day, in steps: 0 for nothing, 4 for the most."""
    return min(4, ceil(4 * (value / most))) if value else 0


def _weekdays(body, first, pitch, top):
    for weekday in (0, 2, 4):
        name = date_format(first + timedelta(days=weekday), "D")
        y = top + LINE + pitch * (weekday + 0.5) + 4
        _add(body, "text", name, x=LEFT - 6, y=y, **_axis("end"))


def _steps(body, data, most, top):
    """Say what the sizes stand for."""
    [(_, column)] = data.drawn
    unit = data.unit or column.label
    _add(body, "text", f"{unit}: 0", x=0, y=top + 13, lang="en", **{"class": "axis"})
    group = _add(body, "g", **_series(1))
    x = WIDTH - 118
    for step, side in enumerate(STEPS):
        y = top + 9 - side / 2
        path = f"M{_figure(x)} {_figure(y)}h{side}v{side}h-{side}z"
        _add(group, "path", d=path, **_step(step))
        x += 15
    _add(body, "text", shown(most, column), x=WIDTH, y=top + 13, **_axis("end"))
    return top + 20


class Plot(NamedTuple):
    """The space between the axes: where a value is, and the group of each series."""

    top: float
    most: float
    height: float
    series: dict[int, ElementTree.Element]

    def y(self, value):
        return self.top + HEIGHT * (1 - value / self.most)


def _plot(body, data, most):
    """Draw legend, axes, ticks and their labels; return the `Plot`."""
    drawn = data.drawn
    top = TOP
    if len(drawn) > 1:
        for series, (_, column) in enumerate(drawn, start=1):
            _legend(body, data.kind, series, column.label, top)
            top += LINE
        top += 6
    ticks = ticks_up_to(max(most, data.reaches), drawn[0][1].places)
    plot = Plot(top, ticks[-1], top + HEIGHT + FOOT, {})
    unit = data.unit or drawn[0][1].label
    _add(body, "text", unit, x=0, y=12, lang="en", **{"class": "axis"})
    grid = _add(body, "g", **{"class": "grid", "stroke": GRID, "stroke-width": "0.5"})
    for tick in ticks:
        y = plot.y(tick)
        _add(grid, "line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y)
        _add(body, "text", short(tick), x=LEFT - 5, y=y + 4, **_axis("end"))
    _days(body, data, top + HEIGHT)
    for series in range(1, len(drawn) + 1):
        plot.series[series] = _add(body, "g", **_series(series, data.kind))
    return plot


def _days(body, data, bottom):
    """Label some rows of the axis, and say what it is."""
    axis, count = data.columns[0], len(data.rows)
    band = (WIDTH - LEFT - RIGHT) / max(1, count)
    places = sorted({round(n * (count - 1) / 3) for n in range(4)}) if count else []
    for n in places:
        value = data.rows[n][0]
        label = date_format(value, "j M") if isinstance(value, date) else value
        anchor, x = "middle", LEFT + band * (n + 0.5)
        if n == 0 and count > 1:
            anchor, x = "start", LEFT
        elif n == count - 1 and count > 1:
            anchor, x = "end", WIDTH - RIGHT
        _add(body, "text", label, x=x, y=bottom + 15, **_axis(anchor))
    middle = LEFT + (WIDTH - LEFT - RIGHT) / 2
    _add(
        body, "text", axis.label, x=middle, y=bottom + 31, lang="en", **_axis("middle")
    )


def _legend(body, kind, series, label, top):
    group = _add(body, "g", **_series(series, kind))
    y = top + 3
    if kind == Kind.LINES:
        _add(group, "path", d=f"M{LEFT} {y}h18", **{"class": "line", "fill": "none"})
    else:
        _add(group, "path", d=f"M{LEFT} {y - 5}h10v10h-10z")
    _add(body, "text", label, x=LEFT + 24, y=y + 4, lang="en")


def ticks_up_to(most, places=0):
    """Return two to six round numbers from 0 to at least `most`.

    Without decimal places they are whole.
    """
    if most < LEAST:
        return [0, 1]
    size = 10.0 ** floor(log10(most / MOST_TICKS))
    steps = [size * factor for factor in (1, 2, 2.5, 5, 10)]
    step = next((one for one in steps if one * MOST_TICKS >= most), steps[-1])
    if not places:
        step = ceil(step)
    return [step * n for n in range(ceil(most / step) + 1)]


def short(number):
    """Return a number in short, for an axis: “1.5k”, “2M”.

    >>> short(20), short(2500), short(3_000_000)
    ('20', '2.5k', '3M')
    """
    for size, name in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= size:
            return f"{number / size:.3g}{name}"
    return f"{number:.3g}"


def _series(series, kind=Kind.BARS):
    """The attributes of a series: its class, and how it looks without the styles."""
    colour = COLOURS[series - 1]
    if kind == Kind.LINES:
        colour = (COLOURS[0], INK)[series - 1]
        look = {"stroke": colour, "stroke-dasharray": DASHES[series - 1]}
    else:
        look = {"stroke": INK, "stroke-width": "0.25"}
    return {"class": f"series-{series}", "fill": colour, **look}


def _axis(anchor):
    return {"class": "axis", "text-anchor": anchor}


def _say(mark, data, row, at, column):
    """Give a mark what a mouse shows: its place and value."""
    place, value = shown(row[0], data.columns[0]), shown(row[at], column)
    _add(mark, "title", f"{place}: {value} {column.label.lower()}")


def _size(value):
    """Return a value as a length is made of it: nothing is less than 0."""
    return max(0, value or 0)


def _add(parent, tag, text=None, **attributes):
    written = {name: _figure(value) for name, value in attributes.items()}
    made = ElementTree.SubElement(parent, tag, written)
    made.text = None if text is None else _UNWRITABLE.sub("�", str(text))
    return made


def _figure(value):
    if isinstance(value, str):
        return _UNWRITABLE.sub("�", value)
    return f"{value:.2f}".rstrip("0").rstrip(".")


DRAWERS = {
    Kind.BARS: _bars,
    Kind.LINES: _lines,
    Kind.ROWS: _rows,
    Kind.CALENDAR: _calendar,
}
