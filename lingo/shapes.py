"""What the interchange shapes (transcripts, vocabulary) have in common, for pydantic.

Texts are kept in NFC. A time without a zone is UTC.
"""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from lingo import languages
from lingo.text import storable


def _language(name):
    code = languages.resolve(name)
    if code is None:
        raise ValueError(f"Lingo doesn't teach “{name}”.")
    return code


def _aware(moment):
    if not 1900 <= moment.year <= 2999:
        raise ValueError("A time is between the years 1900 and 2999.")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Storable = Annotated[str, AfterValidator(storable)]
Moment = Annotated[datetime, AfterValidator(_aware)]
LanguageCode = Annotated[str, AfterValidator(_language)]
# PositiveIntegerField's range on every database.
Count = Annotated[int, Field(ge=0, le=2_147_483_647, strict=True)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


def problems(error, *, whole):
    """Return the first problems of a ValidationError: {"items.3.word": "…"}.

    One of the whole value goes by the name `whole`.
    """
    return {
        ".".join(str(step) for step in found["loc"]) or whole: found[
            "msg"
        ].removeprefix("Value error, ")
        for found in error.errors(include_url=False, include_input=False)[:20]
    }
