import pytest

from conversations.feedback.edits import like, minimal, put_in


@pytest.mark.parametrize(
    ("text", "corrected", "edit"),
    [
        ("Yo soy de acuerdo", "Yo estoy de acuerdo", (3, 6, "estoy")),
        ("Voy comer", "Voy a comer", (4, 4, "a ")),
        ("muy mucho", "mucho", (0, 4, "")),
        ("l’ami est là", "l'ami est la", (10, 12, "la")),
        ("20\u00a0ans", "20 ans", None),
        ("", "Hola", (0, 0, "Hola")),
        ("Hola", "", (0, 4, "")),
        ("igual", "igual", None),
        ("a a a", "a a", (3, 5, "")),
    ],
)
def test_an_edit_is_cut_to_the_words_that_change(text, corrected, edit):
    assert minimal(text, 0, len(text), corrected) == edit


def test_edits_are_put_in_wherever_they_are():
    assert put_in("uno dos tres", [(0, 3, "un"), (7, 7, " y"), (8, 12, "")]) == (
        "un dos y "
    )


@pytest.mark.parametrize(
    ("original", "becomes"),
    [("soy", "es"), ("Soy", "Es"), ("SOY", "ES"), ("I", "Es"), ("A ", "Es")],
)
def test_a_correction_has_the_capitals_of_what_it_replaces(original, becomes):
    assert like(original, "es") == becomes
