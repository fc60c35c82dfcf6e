"""Charts: what a drawing says, and how figures become marks."""

from xml.etree import ElementTree

import pytest

from progress.charts import Chart, Column, Data, Kind, shown
from progress.drawing import short, step_of, svg, ticks_up_to
from tests.drawings import MONDAY, SVG, chart, check, drawn, in_a_row, marks, texts_of


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    "values", [[0, 0], [1, 10**15], [2**31] * 60, list(range(371))]
)
def test_there_is_a_mark_for_each_figure(kind, values):
    check(drawn(kind, in_a_row(values)), len(values))


@pytest.mark.parametrize("kind", [Kind.BARS, Kind.LINES])
def test_each_column_has_a_mark_for_each_figure(kind):
    check(drawn(kind, in_a_row([0, 3, 8], 2), 2), 6)


@pytest.mark.parametrize(
    "text", ["<script>", "a & b", '"', "\x01\x00", "\ud800", "]]>"]
)
def test_any_text_is_written_as_text(text):
    drawing = drawn(Kind.ROWS, [(text, 1)], first="text")

    assert len(marks(drawing)) == 1
    assert not drawing.findall(f".//{SVG}script")


@pytest.mark.parametrize(
    ("most", "places", "ticks"),
    [
        (0, 0, [0, 1]),
        (1, 0, [0, 1]),
        (3, 0, [0, 1, 2, 3]),
        (60, 0, [0, 20, 40, 60]),
        (97, 1, [0, 25, 50, 75, 100]),
        (0.5, 1, [0, 0.2, 0.4, 0.6000000000000001]),
        (10**15, 0, [0, 2.5e14, 5e14, 7.5e14, 1e15]),
    ],
)
def test_an_axis_has_few_round_ticks(most, places, ticks):
    assert ticks_up_to(most, places) == ticks


@pytest.mark.parametrize("kind", Kind)
def test_it_has_title_description_and_the_names_of_its_axes(kind):
    drawing = drawn(kind, in_a_row([3, 7]))

    title, description = list(drawing)[:2]
    assert (title.tag, title.text) == (f"{SVG}title", "Some <chart>")
    assert description.text == (
        "What it & shows. The highest of series <0>: 7 (2 Jun 2026)."
    )
    assert drawing.get("role") == "img"
    assert (
        drawing.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    )
    assert any("Series <0>" in text for text in texts_of(drawing))
    assert kind == Kind.CALENDAR or "Axis & place" in texts_of(drawing)


@pytest.mark.parametrize("kind", Kind)
def test_without_rows_it_says_so(kind):
    drawing = drawn(kind, [])

    assert list(drawing)[1].text == "What it & shows. There is nothing yet."
    assert marks(drawing) == []
    assert chart(kind, []).data.is_empty


@pytest.mark.parametrize("kind", Kind)
def test_a_single_figure_is_drawn(kind):
    check(drawn(kind, in_a_row([5])), 1)


@pytest.mark.parametrize("kind", Kind)
def test_a_figure_below_nothing_has_no_size(kind):
    check(drawn(kind, in_a_row([-5, 5])), 2)


@pytest.mark.parametrize("kind", Kind)
def test_no_drawing_has_styles_of_its_own(kind):
    drawing = drawn(kind, in_a_row([1, 2, 3]))

    assert not drawing.findall(f".//{SVG}style")
    assert not [one for one in drawing.iter() if one.get("style")]


def test_bars_of_a_row_stand_on_each_other():
    data = Data(
        "",
        Kind.BARS,
        [Column("a", "A", "date"), Column("b", "B"), Column("c", "C")],
        [(MONDAY, 1, 3)],
    )
    low, high = marks(ElementTree.fromstring(svg(Chart("x", "X", data))))

    assert float(high.get("height")) == pytest.approx(3 * float(low.get("height")))
    top_of_low = float(low.get("y"))
    bottom_of_high = float(high.get("y")) + float(high.get("height"))
    assert bottom_of_high == pytest.approx(top_of_low, abs=0.02)


def test_a_column_that_is_not_drawn_is_only_in_the_table():
    columns = [
        Column("a", "A", "date"),
        Column("b", "B"),
        Column("c", "C", is_drawn=False),
    ]
    data = Data("", Kind.LINES, columns, [(MONDAY, 0, 9)])

    drawing = ElementTree.fromstring(svg(Chart("x", "X", data)))

    assert len(marks(drawing)) == 1
    assert data.is_empty
    assert "C" not in texts_of(drawing)


def test_nothing_known_leaves_a_gap_in_the_line():
    drawing = drawn(Kind.LINES, in_a_row([1, 2, None, 3]))

    [path] = [one for one in drawing.iter(f"{SVG}path") if one.get("class") == "line"]
    assert path.get("d").count("M") == 2
    assert path.get("d").count("L") == 1


def test_each_line_has_a_dash_and_a_shape_of_its_own():
    drawing = drawn(Kind.LINES, in_a_row([1], 2), 2)

    assert [mark.tag for mark in marks(drawing)] == [f"{SVG}circle", f"{SVG}rect"]
    dashes = {g.get("stroke-dasharray") for g in drawing.iter(f"{SVG}g")} - {None}
    assert len(dashes) == 2


def test_days_are_the_larger_the_more_was_done():
    drawing = drawn(Kind.CALENDAR, in_a_row([0, 1, 5, 10, 20]))

    sides = [float(mark.get("width")) for mark in marks(drawing)]
    assert sides == sorted(sides)
    assert sides[0] < sides[1] < sides[3] < sides[4]


@pytest.mark.parametrize(
    ("value", "most", "step"), [(0, 0, 0), (1, 100, 1), (50, 100, 2), (100, 100, 4)]
)
def test_nothing_is_a_step_of_its_own(value, most, step):
    assert step_of(value, most) == step


def test_a_long_label_is_cut():
    drawing = drawn(Kind.ROWS, [("a" * 100, 1)], first="text")

    assert f"{'a' * 39}…" in texts_of(drawing)


def test_dates_are_written_in_the_native_language():
    drawing = ElementTree.fromstring(
        svg(chart(Kind.BARS, in_a_row([1500, 2])), native="de")
    )

    assert drawing.get("lang") == "de"
    assert any("Juni" in text or "Jun" in text for text in texts_of(drawing))
    assert "1.500" in marks(drawing)[0].find(f"{SVG}title").text


def test_the_axis_reaches_as_far_as_is_said():
    drawing = drawn(Kind.LINES, in_a_row([40]), reaches=100)

    assert "100" in texts_of(drawing)


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (20, "20"), (2500, "2.5k"), (3e6, "3M"), (4e9, "4G"), (5e13, "50T")],
)
def test_an_axis_has_short_numbers(number, text):
    assert short(number) == text


def test_values_are_shown_by_their_columns():
    assert shown(None, Column("a", "A")) == "–"
    assert shown(1234.56, Column("a", "A", places=1)) == "1,234.6"
    assert shown(MONDAY, Column("a", "A", "date")) == "1 Jun 2026"
    assert shown("pan", Column("a", "A", "text")) == "pan"
