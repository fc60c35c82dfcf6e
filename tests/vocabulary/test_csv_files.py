"""CSV: what spreadsheets and Anki write is read; what is written is safe to open."""

import csv
import io

import pytest

from tests.exchanging import brought, exported, found
from tests.factories import LearnerFactory, introduce
from vocabulary.errors import UnreadableFile
from vocabulary.exchange import csv_files, tables
from vocabulary.managers import NewWord
from vocabulary.models import VocabularyItem
from vocabulary.reviewing import review

FORMULAS = ["=1+1", "+1", "-1", "@x", "\tx", "\rx"]


def rows_of(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def cells(data, **options):
    table = csv_files.read(data, **options)
    return [table.columns, *(row.cells for row in table.rows)]


def test_every_column_is_written(learner):
    word = NewWord("casas", "house", "Dos casas.")
    item = introduce(learner, word, definition="Home.", phonetic="ˈkasas")[0]
    review(item, 4, client_id="1")

    row = rows_of(exported(learner, "csv"))[0]

    assert tuple(row) == csv_files.COLUMNS
    assert row["language"] == "es"
    assert (row["word"], row["lemma"]) == ("casas", "casa")
    assert (row["translation"], row["definition"]) == ("house", "Home.")
    assert (row["phonetic"], row["example"]) == ("ˈkasas", "Dos casas.")
    assert (row["source"], row["state"], row["is_suspended"]) == (
        "learner",
        "review",
        "no",
    )
    item.refresh_from_db()
    assert row["due"] == item.due.isoformat()
    assert row["introduced_at"] == item.introduced_at.isoformat()
    assert float(row["stability"]) == item.stability
    assert (row["times_correct"], row["lapses"]) == ("1", "0")


def test_what_is_not_known_yet_is_empty(learner):
    introduce(learner, "casa")
    VocabularyItem.objects.update(is_suspended=True)

    row = rows_of(exported(learner, "csv"))[0]

    assert (row["stability"], row["difficulty"]) == ("", "")
    assert row["is_suspended"] == "yes"


def test_one_language_can_be_taken_out_alone(learner, stranger):
    introduce(learner, "casa", "pan")
    introduce(learner, "maison", language="fr")
    introduce(stranger, "mesa")

    def words(*args):
        return [row["word"] for row in rows_of(exported(learner, "csv", *args))]

    assert words() == ["casa", "pan", "maison"]
    assert words("fr") == ["maison"]


@pytest.mark.parametrize("count", [1, 50])
def test_writing_takes_one_query_for_any_number(
    learner, count, django_assert_num_queries
):
    introduce(learner, *(f"zq{n}k" for n in range(count)))
    with django_assert_num_queries(1):
        assert len(rows_of(exported(learner, "csv"))) == count


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_begins_like_a_formula(learner, text):
    introduce(learner, NewWord("casa", text, f"'{text}"), definition=f"''{text}")

    row = rows_of(exported(learner, "csv"))[0]

    assert row["translation"] == f"'{text}"
    assert (row["example"], row["definition"]) == (f"''{text}", f"'''{text}")


@pytest.mark.parametrize(
    "text",
    [*FORMULAS, "'=1", "''@x", "'til", "'", "''", "", "a=1", 'a "b", c;d\te\nf\r\ng'],
)
def test_a_text_comes_back_as_it_was(learner, text):
    introduce(learner, NewWord("casa", text, text), definition=text)
    data = exported(learner, "csv")
    other = LearnerFactory()

    assert brought(other, data) == (1, [])

    item = VocabularyItem.objects.for_learner(other).get()
    assert (item.translation, item.example, item.definition) == (text, text, text)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_delimiters_and_marks_of_other_programs_are_understood(separator, mark):
    lines = [["Word", "Translation"], ["añil", "blue, of a kind; dark"], ["pan", ""]]
    text = "\r\n".join(
        separator.join(f'"{cell}"' for cell in line) for line in [*lines, []]
    )
    assert cells(mark + text.encode()) == lines


def test_a_delimiter_within_the_texts_is_none():
    assert cells(b"casa;house, home\npan;bread, loaf") == [
        ["Column 1", "Column 2"],
        ["casa", "house, home"],
        ["pan", "bread, loaf"],
    ]


def test_a_single_column_is_a_list_of_words(learner):
    assert brought(learner, b"casa\npan\n", language="es") == (2, [])


@pytest.mark.parametrize(
    ("first", "is_header"),
    [
        ("word,notes", True),
        ("Front,Back", True),
        ("Expression,Meaning,Sentence", True),
        ("back,espalda", False),
        ("casa,house", False),
    ],
)
def test_a_line_of_names_is_told_from_a_word(first, is_header):
    table = csv_files.read(f"{first}\nx,y".encode())
    assert table.has_header is is_header
    assert len(table.rows) == (1 if is_header else 2)


def test_the_learner_knows_better_whether_there_are_names():
    assert cells(b"Wort,Bedeutung\nHaus,house", has_header=True) == [
        ["Wort", "Bedeutung"],
        ["Haus", "house"],
    ]
    assert len(cells(b"word,translation\npan,bread", has_header=False)) == 3
    assert cells(b"\n\n", has_header=True) == [[]]


def test_rows_keep_the_line_that_they_begin_in():
    table = csv_files.read(b'word,example\ncasa,"one\ntwo"\n\n,\npan,x\n')
    assert [(row.line, row.cells[0]) for row in table.rows] == [(2, "casa"), (6, "pan")]


def test_short_and_long_rows_fit_the_columns():
    assert cells(b"word,translation\ncasa\npan,bread,what\n")[1:] == [
        ["casa", "", ""],
        ["pan", "bread", "what"],
    ]


ANKI = (
    "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n"
    "#deck column:3\n#tags column:6\n"
    "g1\tBasic\tMy::Spanish\tel <b>gato</b>\tcat &amp; tomcat\tanimal\n"
    "g2\tBasic\tDefault\tpan\tbread<br>loaf\t\n"
)


def test_a_text_file_from_anki_is_read():
    assert cells(ANKI.encode()) == [
        ["GUID", "Note type", "Deck’s language", "Column 4", "Column 5", "Tags"],
        ["g1", "Basic", "es", "el gato", "cat & tomcat", "animal"],
        ["g2", "Basic", "", "pan", "bread\nloaf", ""],
    ]
    assert csv_files.read(ANKI.encode()).rows[0].line == 7


def test_anki_may_name_the_columns():
    data = b"#separator:Pipe\r\n#columns:Front|Back\r\npan|bread\r\n"
    table = csv_files.read(data)
    assert (table.columns, table.has_header) == (["Front", "Back"], None)
    assert table.rows[0].cells == ["pan", "bread"]


@pytest.mark.parametrize(
    "above",
    ["#separator:,", "#separator:\U0001f600", "#deck column:9", "#tags column:x"],
)
def test_what_anki_says_in_vain_is_left_out(above):
    assert cells(f"{above}\npan,bread".encode()) == [
        ["Column 1", "Column 2"],
        ["pan", "bread"],
    ]


def test_a_word_with_a_number_sign_is_no_remark(learner):
    assert cells(b"#word,x\npan,y")[1] == ["#word", "x"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("día".encode("latin-1"), "UTF-8"),
        ("día".encode("utf-16"), "UTF-8"),
        (b"pan\x00", "NUL"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "UTF-8"),
        (b"pan," + b"x" * 200_000, "Line 1"),
        (b"ok\n" + b"a," * 200, "columns"),
    ],
)
def test_a_file_that_is_no_table_says_why(data, why):
    with pytest.raises(UnreadableFile, match=why):
        csv_files.read(data)


def test_a_file_of_too_many_rows_is_refused(monkeypatch):
    monkeypatch.setattr(csv_files, "MOST_ROWS", 2)
    assert len(csv_files.read(b"word,back\na,b\nc,d").rows) == 2
    for data in (b"word,back\na,b\nc,d\ne,f", b"a\nb\nc\nd\ne\nf"):
        with pytest.raises(UnreadableFile, match="at most 2 rows"):
            csv_files.read(data)


@pytest.mark.parametrize(
    ("columns", "guessed"),
    [
        (["Front", "Back"], ["word", "translation"]),
        (["Word", "Expression"], ["word", ""]),
        (["Meaning", "Sentence", "Kana"], ["translation", "example", "word"]),
        (["Column 1", "Column 2", "Column 3"], ["word", "translation", ""]),
        (["Column 1"], ["word"]),
        (["GUID", "Column 2", "Tags"], ["", "word", ""]),
        (["IPA"], ["phonetic"]),
        (list(csv_files.COLUMNS[:5]), [*csv_files.COLUMNS[:2], "", "translation"]),
    ],
)
def test_what_columns_are_is_guessed_from_their_names(columns, guessed):
    assert tables.guess(columns)[: len(guessed)] == guessed


def test_a_rows_language_is_known_by_any_of_its_names(learner):
    data = "word,language\ncasa,Español\nmaison,FR\nHaus,de-AT\nx,Klingon\ny,\n"
    came = found(learner, data.encode())
    assert [entry.item["language"] for entry in came.entries] == ["es", "fr", "de"]
    assert [(line, reason[:24]) for line, reason in came.refused] == [
        (5, "Lingo doesn’t teach “Kli"),
        (6, "It isn’t said which lang"),
    ]
