"""Which study session an act belongs to: computed, without the ORM."""

from collections import deque
from datetime import datetime, timedelta
from typing import NamedTuple

# After so long without an act, the next one begins another session. The usual time-out
# of web analytics, from Catledge and Pitkow (1995), "Characterizing Browsing Strategies
# in the World-Wide Web", who found 25.5 minutes (mean and 1.5 standard deviations).
BREAK = timedelta(minutes=30)


class Act(NamedTuple):
    """One act of study: `items` are a conversation's turns, or reviews."""

    language: str
    kind: str
    source_id: str
    at: datetime
    seconds: int
    items: int = 0
    correct: int = 0

    @property
    def key(self):
        """What the acts of one session have in common."""
        return self.language, self.kind, self.source_id


class Filing:
    """Files acts of one key, earliest first, under the sessions of that key.

    A session has `started_at`, `last_at` and `ended_at`. Where two span a moment, it
    belongs to the one that began later.
    """

    def __init__(self, sessions):
        self.to_come = deque(sorted(sessions, key=lambda one: one.started_at))
        self.begun = []
        self.latest = None  # the last that an act can still go on with

    def spanning(self, at):
        """Return the session that spans the moment, or None."""
        while self.to_come and self.to_come[0].started_at <= at:
            self.begun.append(self.to_come.popleft())
        while self.begun and self.begun[-1].last_at < at:
            over = self.begun.pop()
            self.latest = self.latest if over.ended_at else over
        return self.begun[-1] if self.begun else None

    def going_on(self, at):
        """Return the session that an act at the moment goes on with, or None."""
        session = self.spanning(at)
        if session is None and self.latest and at - self.latest.last_at <= BREAK:
            session = self.latest
            self._extend(session, at)
        return session

    def begin(self, session):
        """Go on with this session, which no earlier act was filed under."""
        self.begun.append(session)

    def _extend(self, session, at):
        session.last_at = at
        self.begun.append(session)
        self.latest = None
