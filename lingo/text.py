"""Text as Lingo stores it: NFC, and only what every database can hold."""

import math
import re
import unicodedata

UNSTORABLE = "This text has a character that can't be stored (NUL or half a surrogate)."


def storable(text):
    """Return `text` in NFC. Raises ValueError where a database would refuse it."""
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError(UNSTORABLE)
    return unicodedata.normalize("NFC", text)


def fold(text):
    """Return `text` as it is compared where form doesn't matter.

    Without case and accents, and with a plain apostrophe where a phone typed ’.

    >>> fold("Él comió Spaß")
    'el comio spass'
    """
    spread = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(letter for letter in spread if not unicodedata.combining(letter))


# Space after what ends a sentence, a closing quotation mark with it; or a new line.
_SENTENCE_END = re.compile(r"(?:(?<=[.!?…])|(?<=[.!?…][»”\"]))\s+|\n+")


def sentences(text):
    """Return the sentences of `text` in order, without the space around them.

    >>> sentences("¿Un té? «Sí.» 3.50, por favor\\nGracias")
    ['¿Un té?', '«Sí.»', '3.50, por favor', 'Gracias']
    """
    return [text[start:end] for start, end in sentence_spans(text)]


def sentence_spans(text):
    """Return where each of the `sentences` of `text` begins and ends.

    >>> sentence_spans(" Sí. No.")
    [(1, 4), (5, 8)]
    """
    ends = [match.span() for match in _SENTENCE_END.finditer(text)]
    starts = [0, *(end for _, end in ends)]
    stops = [*(start for start, _ in ends), len(text)]
    found = []
    for start, stop in zip(starts, stops, strict=True):
        part = text[start:stop]
        if part.strip():
            start += len(part) - len(part.lstrip())
            found.append((start, start + len(part.strip())))
    return found


def storable_json(value, depth=20):
    """Return the JSON value with all its texts in NFC.

    Raises ValueError on an unstorable text, on NaN and infinity, and on a value nested
    more than `depth` levels deep.
    """
    if depth == 0:
        raise ValueError("This is nested too deep.")
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("A number must be finite.")
    if isinstance(value, list):
        return [storable_json(item, depth - 1) for item in value]
    if isinstance(value, dict):
        return {
            storable(key): storable_json(item, depth - 1) for key, item in value.items()
        }
    return value
