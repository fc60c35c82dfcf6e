"""Words out of an account and into one, as pages and API do it."""

from vocabulary.exchange import exporting, importing
from vocabulary.exchange.exporting import Format


def exported(learner, wanted, language=""):
    """Return the exported file's bytes."""
    with exporting.export(learner, Format(wanted), language).file as file:
        return file.read()


def found(learner, data, *, name="", has_header=None, **options):
    source = importing.read(data, name=name, has_header=has_header)
    return importing.found_in(learner, source, **options)


def brought(learner, data, **options):
    """Import the file; return how many words were new, and what was refused."""
    came = found(learner, data, **options)
    return importing.bring_in(learner, came), [tuple(one) for one in came.refused]
