"""A LanguageTool server's corrections, where one is configured.

https://languagetool.org/http-api/: POST /v2/check. Whatever fails is logged, and leaves
this source without a word for PAUSE: a learner never waits longer than TIMEOUT for it,
and others don't either.
"""

import json
import time
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import structlog
from django.conf import settings

from conversations.feedback.candidates import Candidate
from conversations.feedback.edits import minimal
from lingo.text import storable

log = structlog.get_logger(__name__)

# Seconds, and seconds; and the most bytes that are read of an answer.
TIMEOUT, PAUSE, MOST_BYTES = 3, 30, 2**20
CONFIDENCE = 0.75
LOCALES = {"en": "en-US", "de": "de-DE", "pt": "pt-BR"}
# LanguageTool's categories, by their ids; what is style or taste is left out.
CATEGORIES = {
    "CASING": "capitals",
    "COMPOUNDING": "spelling",
    "CONFUSED_WORDS": "word-choice",
    "FALSE_FRIENDS": "word-choice",
    "GRAMMAR": "agreement",
    "PUNCTUATION": "punctuation",
    "TYPOS": "spelling",
}
PRIORITIES = {"agreement": "important", "word-choice": "important"}


class LanguageToolSource:
    """Asks the LanguageTool server of the settings."""

    name, label = "languagetool", "LanguageTool"

    def __init__(self):
        self.rests_until = 0.0  # on the monotonic clock

    def find(self, writing):
        """Return the `Candidate`s in a text in the target language."""
        if not settings.LANGUAGETOOL_URL or time.monotonic() < self.rests_until:
            return []
        try:
            answer = _ask(writing)
            return [
                candidate
                for match in answer["matches"]
                if (candidate := _candidate(match, writing.text))
            ]
        except (URLError, OSError, ValueError, KeyError, TypeError) as error:
            log.warning("languagetool_failed", reason=repr(error))
            self.rests_until = time.monotonic() + PAUSE
            return []


def _ask(writing):
    """Return the server's answer. Raises OSError, or ValueError where it is no JSON."""
    asked = {
        "text": writing.text,
        "language": LOCALES.get(writing.language, writing.language),
        "motherTongue": writing.native_language,
    }
    # The address is the settings', and no learner's.
    request = Request(  # noqa: S310
        f"{settings.LANGUAGETOOL_URL.rstrip('/')}/v2/check",
        urlencode(asked).encode(),
        {"Accept": "application/json"},
    )
    with urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310
        return json.loads(response.read(MOST_BYTES))


def _candidate(match, text):
    """Return a match as a `Candidate`, or None where it is style or no one edit."""
    category = CATEGORIES.get(match["rule"]["category"]["id"])
    # Its offsets count UTF-16 units, as Java's do.
    units = text.encode("utf-16-le")
    start = len(units[: 2 * match["offset"]].decode("utf-16-le"))
    end = start + len(
        units[2 * match["offset"] : 2 * (match["offset"] + match["length"])].decode(
            "utf-16-le"
        )
    )
    suggested = match["replacements"][:1]
    if not category or not suggested:
        return None
    edit = minimal(text, start, end, storable(suggested[0]["value"]))
    if not edit:
        return None
    start, end, corrected = edit
    return Candidate(
        start,
        end,
        text[start:end],
        corrected,
        category,
        PRIORITIES.get(category, "minor"),
        storable(match["message"])[:500],
        LanguageToolSource.name,
        CONFIDENCE,
    )
