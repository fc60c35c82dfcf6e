"""Content files, TOML with all six languages side by side: the parts, and reading."""

import re
import tomllib
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from lingo.languages import LANGUAGES


class MalformedContent(Exception):
    """A content file is wrong: says the file, the line and the reason."""

    def __init__(self, path, line, reason):
        super().__init__(f"{path.name}, line {line}: {reason}")


def in_all_languages(texts):
    """Return the table by language code. Raises ValueError where one is missing."""
    for code in LANGUAGES:
        if not texts.get(code):
            raise ValueError(f"“{code}” is missing")
    unknown = set(texts) - set(LANGUAGES)
    if unknown:
        raise ValueError(f"no such language: {', '.join(sorted(unknown))}")
    return texts


Line = Annotated[str, Field(min_length=1, max_length=300)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Text = Annotated[dict[str, Line], AfterValidator(in_all_languages)]


class Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def read(path, kind):
    """Return the file as a `kind` of content. Raises MalformedContent."""
    source = path.read_text(encoding="utf-8")
    try:
        return kind.model_validate(tomllib.loads(source))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        end = source.count("\n") + 1
        raise MalformedContent(path, line[1] if line else end, str(error)) from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        reason = first["msg"].removeprefix("Value error, ")
        line = line_of(source, first["loc"])
        raise MalformedContent(path, line, f"{where}: {reason}") from error


def line_of(source, place):
    """Return the number of the line that `place` (keys and indexes) is at, from 1.

    That is the key's own line where it has one, else the nearest table around it.
    """
    best, depth = 1, 0
    for number, here in _places(source):
        if here == tuple(place[: len(here)]) and len(here) > depth:
            best, depth = number, len(here)
    return best


# Whoever checks a file asks for the lines of all that it finds there, one by one.
@lru_cache(maxsize=1)
def _places(source):
    """Return the number of each line that begins a table or a key, and its place."""
    table, places, counts = (), [], {}
    for number, line in enumerate(source.splitlines(), start=1):
        header = re.match(r"\s*(\[\[?)\s*([\w.\-]+)", line)
        key = re.match(r"\s*([\w\-]+)\s*=", line)
        if header:
            keys, table = header[2].split("."), ()
            for step in keys:
                table += (step,)
                if step == keys[-1] and len(table) and header[1] == "[[":
                    counts[table] = counts.get(table, -1) + 1
                if table in counts:
                    table += (counts[table],)
            here = table
        elif key:
            here = (*table, key[1])
        else:
            continue
        places.append((number, here))
    return places
