"""What a language model says is a correction only where it stands in the text."""

import pytest

from conversations.feedback.candidates import Candidate, Proposal, Writing
from conversations.feedback.located import located

TEXT = "Yo soy de acuerdo. Mi madre es de acuerdo, y yo soy feliz."
LANGUAGES = {"language": "es", "native_language": "en"}


def proposal(original="soy de acuerdo", corrected="estoy de acuerdo", **more):
    fields = {"category": "verb-choice", "reason": "Agreement is a state.", **more}
    return Proposal(original, corrected, **fields)


def find(*proposals, text=TEXT):
    return located(proposals, Writing(text, **LANGUAGES))


def test_it_is_cut_to_the_edit_and_knows_its_place():
    assert find(proposal()) == (
        [
            Candidate(
                3,
                6,
                "soy",
                "estoy",
                "verb-choice",
                "important",
                "Agreement is a state.",
                "model",
                0.7,
            )
        ],
        0,
    )


@pytest.mark.parametrize(
    ("more", "start"),
    [
        ({"start": 48}, 48),
        ({"start": 45}, 48),
        ({"start": 0}, 3),
        ({"context": "yo soy feliz"}, 48),
        ({"context": "Yo soy de acuerdo."}, 3),
    ],
)
def test_of_several_places_the_one_that_is_meant_is_taken(more, start):
    [found] = find(proposal("soy", "estoy", **more)).candidates

    assert found.start == start


@pytest.mark.parametrize(
    "dropped",
    [
        proposal("no está aquí", "no está allí"),
        proposal("soy", "estoy"),
        proposal("soy", "estoy", context="no está aquí"),
        proposal("no está aquí", "no está allí", start=3),
        proposal("", "de"),
        proposal("  ", "de"),
        proposal("oy", "estoy", start=3),
        proposal("soy de acuerdo", "soy de acuerdo"),
        proposal("\x00", "a"),
        proposal(corrected="estoy\x00 de acuerdo"),
        proposal(category="style"),
        proposal(priority="urgent"),
        proposal(reason=" "),
        proposal(reason="x" * 501),
        proposal(confidence=1.1),
        proposal(confidence=-0.1),
        proposal(confidence=float("nan")),
        proposal("acuerdo. Mi", "acuerdo y mi"),
        proposal("acuerdo", "acuerdo\ny paz"),
        proposal("Yo soy de acuerdo", "A mí me parece que así es"),
        proposal(TEXT, "Estoy de acuerdo con mi madre, que lo está, y feliz."),
    ],
)
def test_what_is_no_small_edit_of_the_text_is_dropped_and_counted(dropped):
    assert find(dropped) == ([], 1)


def test_a_longer_edit_is_fine_in_a_longer_sentence():
    text = "Ayer yo fui ido al mercado con mi madre y mi hermana pequeña."

    [found] = find(proposal("yo fui ido", "fui", start=None), text=text).candidates

    assert (found.original, found.corrected) == ("yo fui ido", "fui")


def test_of_two_that_overlap_the_more_certain_stays():
    sure = proposal("es de acuerdo", "está de acuerdo", confidence=0.9)
    unsure = proposal("madre es", "madre son", confidence=0.5)

    found = find(unsure, proposal(), sure)

    assert [one.corrected for one in found.candidates] == ["estoy", "está"]
    assert found.dropped == 1


def test_a_paragraph_in_another_language_is_left_alone():
    text = "Hola, yo soy de acuerdo.\nI think that this is what you wanted to say here."

    found = find(proposal(), proposal("think", "believe"), text=text)

    assert [one.original for one in found.candidates] == ["soy"]
    assert found.dropped == 1


def test_text_that_came_decomposed_is_found():
    text = "El esta alli\u0301".replace("i\u0301", "í")

    [found] = find(proposal("alli\u0301", "aqui\u0301"), text=text).candidates

    assert (found.start, found.original, found.corrected) == (8, "allí", "aquí")
