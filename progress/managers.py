from datetime import timedelta

from django.db import models, transaction
from django.db.models import F, Q, Sum
from django.db.models.functions import Greatest, Least

BATCH = 500


def raised(tallies):
    """Return the assignments that add `tallies` in the database, losing no update."""
    return {name: F(name) + amount for name, amount in tallies.items() if amount}


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
                    status=self.model.Status.IN_PROGRESS,
                    first_activity_at=at,
                    last_activity_at=at,
                    **tallies,
                )


class StudyDayQuerySet(models.QuerySet):
    def for_learner(self, learner):
        return self.filter(learner=learner)

    def studied(self):
        """Only the days on which something was done."""
        return self.filter(Q(turns__gt=0) | Q(reviews__gt=0) | Q(words__gt=0))

    def totals(self):
        """Return the sums over these days: turns, reviews, words, study_seconds."""
        names = self.model.TALLIES
        sums = self.aggregate(**{f"total_{name}": Sum(name) for name in names})
        return {name: sums[f"total_{name}"] or 0 for name in names}

    def streak(self, today):
        """Return how many days in a row were studied, up to `today` or yesterday."""
        streak, expected = 0, today
        dates = self.studied().filter(date__lte=today).values_list("date", flat=True)
        for date in dates.order_by("-date").distinct().iterator():
            if streak == 0 and date == today - timedelta(days=1):
                expected = date
            if date != expected:
                break
            streak += 1
            expected = date - timedelta(days=1)
        return streak


class StudyDayManager(models.Manager.from_queryset(StudyDayQuerySet)):
    def record(self, learner, language, date, **tallies):
        """Add `tallies` (turns, reviews, words, study_seconds) to the learner's day.

        As with `LearningProgress.objects.record`: one statement where the day has a
        row, negative amounts take back, and the caller sees to "once".
        """
        with transaction.atomic(savepoint=False):
            day = self.filter(learner=learner, language=language, date=date)
            if not day.update(**raised(tallies)):
                self.create(learner=learner, language=language, date=date, **tallies)

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
