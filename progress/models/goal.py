from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lingo import languages
from progress.managers import GoalManager

DAY_MINUTES = 24 * 60


class Goal(models.Model):
    """What one learner wants to do in each period: an amount, from one date on.

    It never changes: another amount is another goal, and the one before it ends. What
    it came to is computed from study days; see `goals`.
    """

    MOST = 7 * DAY_MINUTES

    class Kind(models.TextChoices):
        MINUTES = "minutes"
        REVIEWS = "reviews"
        WORDS = "words", "New words"
        CONVERSATIONS = "conversations"

    class Period(models.TextChoices):
        DAY = "day", "A day"
        WEEK = "week", "A week, from Monday"

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="goals",
        db_index=False,  # the index below begins with it
    )
    kind = models.CharField(max_length=16, choices=Kind)
    period = models.CharField(max_length=8, choices=Period)
    # Blank for all languages together.
    language = models.CharField(max_length=8, choices=languages.CHOICES, blank=True)
    amount = models.PositiveIntegerField()
    started_on = models.DateField()
    # The first day on which it holds no more; empty while it is active.
    ended_on = models.DateField(null=True, blank=True)

    objects = GoalManager()

    class Meta:
        ordering = ["-started_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "kind", "period", "language"],
                name="progress_one_active_goal",
                condition=Q(ended_on=None),
            ),
            models.CheckConstraint(
                condition=Q(amount__range=(1, 7 * DAY_MINUTES)),
                name="progress_goal_within_a_week",
            ),
            models.CheckConstraint(
                condition=~Q(kind="minutes", period="day") | Q(amount__lte=DAY_MINUTES),
                name="progress_goal_within_a_day",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__gte=F("started_on")),
                name="progress_goal_starts_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("minutes", "reviews", "words", "conversations")),
                name="progress_goal_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(period__in=("day", "week")),
                name="progress_goal_period_known",
            ),
        ]
        indexes = [
            # The goals page and home: one learner's active goals, and the latest ones.
            models.Index(fields=["learner", "ended_on"], name="progress_goals"),
        ]

    def __str__(self):
        where = f" in {self.get_language_display()}" if self.language else ""
        return f"{self.amount} {self.unit} a {self.period}{where}"

    @classmethod
    def most(cls, kind, period):
        """Return the largest amount that makes sense."""
        is_daily = (kind, period) == (cls.Kind.MINUTES, cls.Period.DAY)
        return DAY_MINUTES if is_daily else cls.MOST

    @property
    def series(self):
        """What it has in common with the goals that it followed and that follow it."""
        return {"kind": self.kind, "period": self.period, "language": self.language}

    @property
    def unit(self):
        """What is counted: “minutes”, or “minute” where it is one."""
        unit = self.get_kind_display().lower()
        return unit.removesuffix("s") if self.amount == 1 else unit

    @property
    def is_active(self):
        return self.ended_on is None

    def holds_on(self, date):
        return self.started_on <= date and (self.is_active or date < self.ended_on)
