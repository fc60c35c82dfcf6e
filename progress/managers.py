from collections import defaultdict

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import F, Q, Sum
from django.db.models.functions import Greatest, Least

from lingo.writing import first_wins
from progress import streaks, upserts
from progress.errors import GoalEnded
from progress.sessions import BREAK, Filing

BATCH = 500


def raised(tallies):
    """Return the assignments that add `tallies` in the database, losing no update."""
    return {name: F(name) + amount for name, amount in tallies.items() if amount}


class AwardQuerySet(models.QuerySet):
    def for_learner(self, learner):
        return self.filter(learner=learner)


class AwardManager(models.Manager.from_queryset(AwardQuerySet)):
    def give(self, awards):
        """Save one learner's awards; one that the learner has already stays as it is.

        One INSERT, or none.
        """
        self.bulk_create(awards, ignore_conflicts=True)


class LearningProgressQuerySet(models.QuerySet):
    def for_learner(self, learner):
        return self.filter(learner=learner)


class LearningProgressManager(models.Manager.from_queryset(LearningProgressQuerySet)):
    def record(self, learner, language, skill, *, at, **tallies):
        """Add `tallies` (sessions=1, words_learned=3, …) to the skill as of `at`.

        The row is made where there is none. A negative amount takes back what was
        recorded before. Not safe to repeat: the caller's own row says whether its
        share was recorded. Raises IntegrityError where another call makes the row in
        the same moment.
        """
        with transaction.atomic(savepoint=False):
            updated = self.filter(
                learner=learner, language=language, skill=skill
            ).update(
                **raised(tallies),
                first_activity_at=Least("first_activity_at", at),
                last_activity_at=Greatest("last_activity_at", at),
            )
            if not updated:
                self.create(
                    learner=learner,
                    language=language,
                    skill=skill,
                    first_activity_at=at,
                    last_activity_at=at,
                    **tallies,
                )

    def aim(self, learner, language, skill, target_level):
        """Save the level that the learner wants to reach, or None; return if it could.

        There is no target before the first study.
        """
        mine = self.filter(learner=learner, language=language, skill=skill)
        return bool(mine.update(target_level=target_level))


class StudyDayQuerySet(models.QuerySet):
    def for_learner(self, learner):
        return self.filter(learner=learner)

    def studied(self):
        """Only the days on which something was done."""
        return self.filter(
            Q(turns__gt=0) | Q(reviews__gt=0) | Q(weak_points__gt=0) | Q(words__gt=0)
        )

    def totals(self):
        """Return the sums over these days: one for each of TALLIES."""
        names = self.model.TALLIES
        sums = self.aggregate(**{f"total_{name}": Sum(name) for name in names})
        return {name: sums[f"total_{name}"] or 0 for name in names}

    def streak(self, today):
        """Return the `Streak` of these days, whatever the language: one query.

        All the dates of one learner are read, since the longest streak may be the
        first: at most 366 a year, from the index.
        """
        dates = self.studied().order_by("date").values_list("date", flat=True)
        return streaks.streak(dates.distinct(), today)

    def streaks(self, today):
        """Return {"": the `Streak` of all languages, "es": …}, in one query."""
        dates = defaultdict(list)
        studied = self.studied().order_by("date", "language")
        for language, date in studied.values_list("language", "date"):
            dates[language].append(date)
            if dates[""][-1:] != [date]:
                dates[""].append(date)
        return {
            language: streaks.streak(dates[language], today)
            for language in ("", *sorted(dates.keys() - {""}))
        }


class StudyDayManager(models.Manager.from_queryset(StudyDayQuerySet)):
    def record(self, learner, language, date, **tallies):
        """Add `tallies` (turns=1, words=3, …; see TALLIES) to the learner's day.

        One statement, whether the day has a row or not. Negative amounts take back
        what was recorded before. The caller sees to "once".
        """
        day = {"learner": learner, "language": language, "date": date}
        if min(tallies.values()) < 0:
            self.filter(**day).update(**raised(tallies))
        else:
            upserts.add_to_day(self.model(**day, **tallies))

    def record_many(self, learner, days):
        """Do as `record` does for many days: {(language, date): {"words": 2}}.

        A constant number of statements for 500 days.
        """
        keys = sorted(days)
        with transaction.atomic(savepoint=False):
            for start in range(0, len(keys), BATCH):
                self._record_batch(learner, days, keys[start : start + BATCH])

    def _record_batch(self, learner, days, keys):
        mine = self.filter(learner=learner)
        found = mine.filter(date__in={date for _, date in keys}).select_for_update()
        there = {(day.language, day.date): day for day in found.order_by("pk")}
        new = {
            (language, date): self.model(learner=learner, language=language, date=date)
            for language, date in keys
            if (language, date) not in there
        }
        for key in keys:
            day = there.get(key) or new[key]
            for name, amount in days[key].items():
                setattr(day, name, getattr(day, name) + amount)
        mine.bulk_update(
            [there[key] for key in keys if key in there], self.model.TALLIES
        )
        self.bulk_create(new.values())


class GoalQuerySet(models.QuerySet):
    def for_learner(self, learner):
        return self.filter(learner=learner)

    def active(self):
        return self.filter(ended_on=None)

    def in_order(self):
        """By period, kind and language; of the same of these, the newest first."""
        return self.order_by("period", "kind", "language", "-pk")

    def since(self, date):
        """Those that held on some day from `date` on, in order."""
        held = Q(ended_on__gt=date) & Q(ended_on__gt=F("started_on"))
        return self.filter(Q(ended_on=None) | held).in_order()


def _one_at_a_time(learner):
    """Wait until no other call changes the learner's goals: locked until the commit.

    By the learner's row: of goals, the one that follows can't be locked before it is.
    """
    mine = get_user_model().objects.select_for_update(no_key=True)
    mine.filter(pk=learner.pk).values_list("pk").get()


class GoalManager(models.Manager.from_queryset(GoalQuerySet)):
    def begin(self, learner, amount, **series):
        """Let the learner aim at `amount` from today; return the goal and if it is new.

        `series` are kind, period and language. The active goal of these ends, and is
        history; one of the same amount stays as it is, so that this is safe to repeat.
        """
        active = self.for_learner(learner).active().filter(**series)

        def write():
            _one_at_a_time(learner)
            before = active.first()
            if before and before.amount == amount:
                return before, False
            return self._follow(before, learner, amount, series), True

        return first_wins(write)

    def change(self, goal, amount):
        """Let a goal of another amount follow from today on; return it.

        Safe to repeat: the goal that follows already is returned, if it has this
        amount. Raises GoalEnded where the goal ended otherwise.
        """
        learner = goal.learner
        active = self.for_learner(learner).active().filter(**goal.series)

        def write():
            _one_at_a_time(learner)
            before = active.first()
            if before and before.amount == amount:
                return before
            if before != goal:
                raise GoalEnded
            return self._follow(before, learner, amount, goal.series)

        return first_wins(write)

    def end(self, goal):
        """Let the goal hold until yesterday; one that has ended stays as it is."""
        # After a journey west, today may be a day before the goal began.
        ended_on = max(goal.started_on, goal.learner.local_date())
        mine = self.for_learner(goal.learner_id).filter(pk=goal.pk)
        mine.active().update(ended_on=ended_on)

    def _follow(self, before, learner, amount, series):
        if before:
            before.learner = learner
            self.end(before)
        today = learner.local_date()
        return self.create(learner=learner, amount=amount, started_on=today, **series)


class StudySessionQuerySet(models.QuerySet):
    def for_learner(self, learner):
        return self.filter(learner=learner)

    def studied(self):
        """Only those of which something is left: not all undone or removed since."""
        return self.filter(Q(items__gt=0) | Q(study_seconds__gt=0))

    def latest_first(self):
        return self.order_by("-started_at", "-pk")

    def around(self, acts):
        """Those that acts with the keys and in the time of these can belong to."""
        moments = [act.at for act in acts]
        return self.filter(
            language__in={act.language for act in acts},
            kind__in={act.kind for act in acts},
            source_id__in={act.source_id for act in acts},
            started_at__lte=max(moments),
            last_at__gte=min(moments) - BREAK,
        )


class StudySessionManager(models.Manager.from_queryset(StudySessionQuerySet)):
    def record(self, learner, act):
        """Count an act of just now in the open session, or in one that begins with it.

        The open one goes on if its last act is at most BREAK away; else it ends with
        that act. One statement, but after a break three. The caller sees to "once".
        """
        session = self._begun(learner, act)
        if not upserts.add_to_open_session(session, BREAK):
            mine = self._open(learner).filter(
                language=act.language, kind=act.kind, source_id=act.source_id
            )
            mine.update(ended_at=F("last_at"))
            upserts.add_to_open_session(session, BREAK)

    def end(self, learner, source_id):
        """End the conversation's open session with its last act. Safe to repeat."""
        mine = self._open(learner).filter(source_id=source_id)
        mine.update(ended_at=F("last_at"))

    def record_many(self, learner, acts):
        """Count acts of any time, such as imported ones, each where it belongs.

        Those that no session spans make up sessions of their own. A constant number of
        statements.
        """
        if not acts:
            return
        with transaction.atomic(savepoint=False):
            there = self.for_learner(learner).around(acts).order_by("pk")
            there = list(there.select_for_update())
            new = self.file(learner, acts, there)
            self._save(learner, there, new)

    def take_back(self, learner, acts):
        """Take acts out of the sessions that span them.

        A constant number of statements. A session of which nothing is left stays, as a
        day does.
        """
        if not acts:
            return
        there = self.for_learner(learner).around(acts).order_by("pk")
        there = list(there.select_for_update())
        for of_key, sessions in _by_key(acts, there):
            filing = Filing(sessions)
            for act in of_key:
                if session := filing.spanning(act.at):
                    session.add(act, -1)
        self._save(learner, there, [])

    def file(self, learner, acts, sessions):
        """Count acts in these sessions, as objects; return further ones, not saved."""
        new = []
        for of_key, there in _by_key(acts, sessions):
            filing = Filing(there)
            for act in of_key:
                session = filing.going_on(act.at)
                if session is None:
                    session = self._begun(learner, act)
                    filing.begin(session)
                    new.append(session)
                else:
                    session.add(act)
        for session in new:
            session.ended_at = session.last_at
        return new

    def _open(self, learner):
        return self.filter(learner=learner, ended_at=None)

    def _begun(self, learner, act):
        """Return an unsaved session that begins with the act."""
        return self.model(
            learner=learner,
            language=act.language,
            kind=act.kind,
            source_id=act.source_id,
            started_at=act.at,
            last_at=act.at,
            date=learner.local_date(act.at),
            study_seconds=act.seconds,
            items=act.items,
            correct=act.correct,
        )

    def _save(self, learner, there, new):
        mine = self.filter(learner=learner)
        mine.bulk_update(there, ["last_at", *self.model.TALLIES])
        self.bulk_create(new)


def _by_key(acts, sessions):
    """Yield the acts of each key, earliest first, with the sessions of that key."""
    of_key, there = defaultdict(list), defaultdict(list)
    for act in sorted(acts, key=lambda act: act.at):
        of_key[act.key].append(act)
    for session in sessions:
        there[session.language, session.kind, session.source_id].append(session)
    return [(acts, there[key]) for key, acts in of_key.items()]
