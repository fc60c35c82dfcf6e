"""Rows that are made or added to in one statement: of Django's upserts, none adds."""

from lingo import sql

ADD_TO_DAY = """
INSERT INTO progress_studyday
    (learner_id, language, date,
     turns, reviews, weak_points, words, conversations, study_seconds)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (learner_id, date, language) DO UPDATE SET
    turns = progress_studyday.turns + excluded.turns,
    reviews = progress_studyday.reviews + excluded.reviews,
    weak_points = progress_studyday.weak_points + excluded.weak_points,
    words = progress_studyday.words + excluded.words,
    conversations = progress_studyday.conversations + excluded.conversations,
    study_seconds = progress_studyday.study_seconds + excluded.study_seconds
"""
# Of two acts at once, either may have come first.
ADD_TO_OPEN_SESSION = """
INSERT INTO progress_studysession
    (learner_id, language, kind, source_id, date, started_at, last_at,
     study_seconds, items, correct)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (learner_id, language, kind, source_id) WHERE ended_at IS NULL
DO UPDATE SET
    started_at = CASE WHEN excluded.started_at < progress_studysession.started_at
        THEN excluded.started_at ELSE progress_studysession.started_at END,
    last_at = CASE WHEN excluded.last_at > progress_studysession.last_at
        THEN excluded.last_at ELSE progress_studysession.last_at END,
    study_seconds = progress_studysession.study_seconds + excluded.study_seconds,
    items = progress_studysession.items + excluded.items,
    correct = progress_studysession.correct + excluded.correct
WHERE progress_studysession.last_at >= %s AND progress_studysession.started_at <= %s
"""


def add_to_day(day):
    """Add an unsaved `StudyDay` to the row of its learner, date and language."""
    names = ("learner", "language", "date", *day.TALLIES)
    sql.execute(ADD_TO_DAY, sql.values_of(day, names))


def add_to_open_session(session, longest_break):
    """Add an unsaved `StudySession` of one act to the open one of its key.

    Where there is none, it is saved. Returns 0, with nothing done, where the open one
    is further away than `longest_break`; else 1.
    """
    key = ("learner", "language", "kind", "source_id")
    names = (*key, "date", "started_at", "last_at", *session.TALLIES)
    near = type(session)(
        started_at=session.started_at - longest_break,
        last_at=session.last_at + longest_break,
    )
    values = sql.values_of(session, names)
    values += sql.values_of(near, ("started_at", "last_at"))
    return sql.execute(ADD_TO_OPEN_SESSION, values)
