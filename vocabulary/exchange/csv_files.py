"""Words as CSV: written for spreadsheets, read from whatever writes such files."""

import csv
import io
import re
from datetime import UTC
from itertools import islice

from vocabulary.errors import UnreadableFile
from vocabulary.exchange.html_text import to_text
from vocabulary.exchange.tables import (
    DECK,
    MOST_COLUMNS,
    MOST_ROWS,
    Row,
    Table,
    deck_language,
    meaning,
)

COLUMNS = (
    "language",
    "word",
    "lemma",
    "translation",
    "definition",
    "phonetic",
    "example",
    "source",
    "introduced_at",
    "state",
    "due",
    "stability",
    "difficulty",
    "times_correct",
    "times_incorrect",
    "lapses",
    "is_suspended",
)
BATCH = 1000

# A spreadsheet takes a cell that begins so for a formula; an apostrophe before it stops
# that. Source: OWASP, https://owasp.org/www-community/attacks/CSV_Injection
# A text with apostrophes there already gets one more, so that reading, which takes one
# away, gives every text back.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_DISARMED = re.compile(r"'+[=+\-@\t\r]")

DELIMITERS = {
    "comma": ",",
    "semicolon": ";",
    "tab": "\t",
    # Only where Anki says so.
    "space": " ",
    "pipe": "|",
    "colon": ":",
}
SNIFFED = "\t;,"
# How many rows decide on the delimiter and the number of columns.
SAMPLE = 20
# What stands above the notes of a text file from Anki, and the columns marked there.
# Source: https://docs.ankiweb.net/importing/text-files.html#file-headers
_DIRECTIVE = re.compile(
    r"#(separator|html|columns|tags|deck|notetype|if matches"
    r"|(?:guid|notetype|deck|tags) column):(.*)\n?"
)
MARKED = {
    "guid column": "GUID",
    "notetype column": "Note type",
    "deck column": DECK,
    "tags column": "Tags",
}


def write(items, file):
    """Write the items to the binary file: UTF-8 with the mark that Excel looks for.

    One query; the items are never all in memory.
    """
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for item in items.iterator(chunk_size=BATCH):
        writer.writerow(disarmed(_written(item, name)) for name in COLUMNS)
    text.detach()  # written out, and the file stays open


def _written(item, name):
    value = getattr(item, name)
    if name == "state":
        return item.get_state_display().lower()
    if name in ("introduced_at", "due"):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def disarmed(text):
    """Return the text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def rearmed(text):
    """Return the text that `disarmed` was given."""
    return text[1:] if _DISARMED.match(text) else text


def read(data, has_header=None):
    """Return the `Table` of a CSV file, or of a text file that Anki exported.

    `has_header` says whether the first line names the columns; None leaves it to the
    file. Raises UnreadableFile.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            "This is no text in UTF-8. Save it as CSV with the encoding UTF-8, or "
            "choose an Anki package (.apkg) or Lingo’s JSON."
        ) from error
    if "\x00" in text:
        raise UnreadableFile("This is no text: it has NUL characters.")
    said, text, above = _directives(text)
    delimiter = said.get("delimiter") or _sniffed(text)
    rows = _rows(text, delimiter, above)
    width = max((len(row.cells) for row in rows[:SAMPLE]), default=0)
    if width > MOST_COLUMNS:
        raise UnreadableFile(f"A table has at most {MOST_COLUMNS} columns.")
    names = []
    if has_header is None:
        has_header = not above and _is_header(rows)
    if "columns" in said:
        names, has_header = said["columns"].split(delimiter), None
    elif has_header and rows:
        names = rows.pop(0).cells
    if len(rows) > MOST_ROWS:
        raise UnreadableFile(f"A file has at most {MOST_ROWS} rows.")
    names = _named(names, width, said)
    clean = _cleaner(names, is_html=said.get("html", "").strip() == "true")
    return Table(names, [Row(row.line, clean(row.cells)) for row in rows], has_header)


def _directives(text):
    """Return what Anki says above the rows, the text below it, and that many lines."""
    said, at, lines = {}, 0, 0
    while match := _DIRECTIVE.match(text, at):
        said[match[1]] = match[2].rstrip("\r")
        at, lines = match.end(), lines + 1
    name = said.get("separator", "")
    said["delimiter"] = DELIMITERS.get(name.strip().casefold()) or (
        name if name in DELIMITERS.values() else ""
    )
    return said, text[at:], lines


def _sniffed(text):
    """Return the delimiter that makes most columns: in every row, else in the first.

    Of equals it is the one that stands first in the text.
    """

    def columns(delimiter):
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            widths = [len(row) for row in islice(filter(None, rows), SAMPLE)]
        except csv.Error:
            widths = []
        before = len(text.partition(delimiter)[0])
        return min(widths, default=1), *widths[:1], -before

    return max(SNIFFED, key=columns)


def _rows(text, delimiter, above):
    """Return the rows that are not blank, each with the line that it begins in."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows, line = [], above + 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append(Row(line, cells))
            if len(rows) > MOST_ROWS + 1:
                break  # too many, with or without a line of names
            line = above + reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFile(f"Line {line} can’t be read: {error}.") from error
    return rows


def _is_header(rows):
    """Whether the first row names columns: “word” among them, or two known names."""
    names = [name.strip().casefold() for name in rows[0].cells] if rows else []
    return "word" in names or len([name for name in names if meaning(name)]) > 1


def _named(names, width, said):
    """Return a name for each of `width` columns."""
    names = [name.strip() for name in names] + [""] * (width - len(names))
    for directive, name in MARKED.items():
        at = said.get(directive, "").strip()
        if re.fullmatch("[1-9][0-9]{0,2}", at) and int(at) <= len(names):
            names[int(at) - 1] = name
    return [name or f"Column {at}" for at, name in enumerate(names, start=1)]


def _cleaner(names, *, is_html):
    """Return the function that makes a row's cells texts, one for each name."""

    def clean(name, cell):
        cell = to_text(cell) if is_html else rearmed(cell).strip(" ")
        return deck_language(cell) if name == DECK else cell

    def cleaned(cells):
        cells = cells + [""] * (len(names) - len(cells))
        return [clean(name, cell) for name, cell in zip(names, cells, strict=False)]

    return cleaned
