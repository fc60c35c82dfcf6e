"""Whatever the figures, a drawing is well-formed and has a mark for each."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from progress.charts import Kind, Place
from progress.drawing import ticks_up_to
from tests.drawings import SVG, check, drawn, in_a_row, marks

days = st.dates(date(2000, 1, 1), date(2030, 1, 1))
counts = st.integers(0, 10**15)
amounts = st.none() | counts | st.floats(0, 1e12)
texts = st.text(max_size=60)
examples = settings(max_examples=100, deadline=None, derandomize=True)


@examples
@given(st.lists(amounts, max_size=60), st.integers(1, 4))
def test_bars_have_a_mark_for_each_figure(values, columns):
    drawing = drawn(Kind.BARS, in_a_row(values, columns), columns)

    check(drawing, len(values) * columns)


@examples
@given(st.lists(amounts, max_size=60), st.integers(1, 2))
def test_lines_have_a_mark_for_each_figure_that_there_is(values, columns):
    there = [value for value in values if value is not None]

    drawing = drawn(Kind.LINES, in_a_row(values, columns), columns)

    check(drawing, len(there) * columns)


@examples
@given(st.lists(st.tuples(texts, amounts), max_size=30))
def test_lying_bars_have_a_mark_for_each_figure(rows):
    drawing = drawn(Kind.ROWS, rows, first="text")

    check(drawing, len(rows))


@examples
@given(days, st.lists(counts, max_size=371))
def test_a_calendar_has_a_mark_for_each_day(first, values):
    first -= timedelta(days=first.weekday())
    rows = [(first + timedelta(days=n), value) for n, value in enumerate(values)]

    check(drawn(Kind.CALENDAR, rows), len(rows))


@examples
@given(texts, texts)
def test_any_text_is_written_as_text(text, language):
    places = [Place("/", language)]

    drawing = drawn(Kind.ROWS, [(text, 1)], first="text", places=places)

    assert not drawing.findall(f".//{SVG}script")
    assert len(marks(drawing)) == 1


@examples
@given(st.integers(1, 10**15) | st.floats(1e-6, 1e15), st.integers(0, 2))
def test_ticks_are_few_and_reach_the_highest(most, places):
    ticks = ticks_up_to(most, places)

    assert ticks[0] == 0
    assert ticks[-1] >= most * 0.999_99
    assert 2 <= len(ticks) <= 6
    assert ticks == sorted(set(ticks))
    assert places or all(tick == int(tick) for tick in ticks)
