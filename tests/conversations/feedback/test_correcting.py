from conversations.feedback import correcting
from conversations.feedback.candidates import Candidate, Writing


def candidate(start, end, confidence=0.9, priority="important", corrected="x"):
    return Candidate(
        start,
        end,
        "o" * (end - start),
        corrected,
        "tense",
        priority,
        "Why.",
        "rule",
        confidence,
    )


class Everything:
    """A source that finds fault with every passage's first letter."""

    name = "rule"

    def find(self, writing):
        return [candidate(0, 1)]


def test_paragraphs_in_a_row_are_asked_for_at_once():
    text = "Hola, ¿cómo estás hoy?\n\nMuy bien, gracias.\n"

    assert correcting.target_passages(Writing(text, "es", "en")) == [(0, len(text) - 1)]


def test_a_source_is_asked_for_each_passage_in_the_target_language():
    text = (
        "Hola, ¿cómo estás hoy?\n\nI would like to know where the station is.\n"
        "Muy bien, gracias."
    )

    found = correcting.corrections(Writing(text, "es", "en"), [Everything()])

    assert [one.start for one in found] == [0, text.index("Muy")]


def test_what_no_language_is_gets_no_correction():
    writing = Writing("!!! 123\n😀\n", "es", "en")

    assert correcting.corrections(writing, [Everything()]) == []


def test_the_sources_work_together():
    text = "Yo soy 20 años. Tambien la problema es dificil. ¡Muy mucho!"

    found = correcting.corrections(Writing(text, "es", "de"))

    assert [(one.original, one.corrected, one.source) for one in found] == [
        ("soy", "tengo", "rule"),
        ("Tambien", "También", "spelling"),
        ("la", "el", "agreement"),
        ("dificil", "difícil", "spelling"),
        ("Muy mucho", "Mucho", "rule"),
    ]
    assert all(text[one.start : one.end] == one.original for one in found)


def test_of_those_that_overlap_one_stays():
    sure, unsure = candidate(0, 5), candidate(4, 9, 0.5)
    assert correcting.merged([unsure, sure]) == [sure]
    critical, minor = candidate(0, 5, priority="critical"), candidate(3, 6)
    assert correcting.merged([minor, critical]) == [critical]
    short, long = candidate(2, 4), candidate(0, 5)
    assert correcting.merged([long, short]) == [short]


def test_those_side_by_side_stay_in_the_order_of_the_text():
    first, second = candidate(0, 5), candidate(5, 9)

    assert correcting.merged([second, first]) == [first, second]


def test_what_is_inserted_at_the_edge_of_an_edit_overlaps_it():
    edit, insertion = candidate(3, 5), candidate(5, 5, 0.5)

    assert correcting.merged([edit, insertion]) == [edit]
    assert correcting.merged([insertion, candidate(6, 7)])[0] == insertion


def test_a_message_gets_so_many_corrections_and_no_more():
    many = [candidate(n, n + 1, confidence=n / 100) for n in range(60)]

    kept = correcting.merged(many)

    assert len(kept) == correcting.MOST
    assert kept[0].start == 20
