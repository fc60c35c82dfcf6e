import zoneinfo
from datetime import UTC, datetime, time, timedelta
from functools import cache

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from lingo import languages
from lingo.managers import LearnerManager


@cache
def time_zones():
    """Return the names of all time zones, in order."""
    return sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})


def validate_time_zone(name):
    if name not in time_zones():
        raise ValidationError("“%(name)s” is not a time zone.", params={"name": name})


def validate_weekdays(days):
    """Raise ValidationError on anything but a list of different weekdays, 0 to 6."""
    is_fine = isinstance(days, list) and len(days) == len(set(map(str, days)))
    if not is_fine or any(day not in range(7) for day in days):
        raise ValidationError("Weekdays are different numbers from 0 to 6.")


class Learner(AbstractUser):
    """The signed-in person, whom everything learned belongs to."""

    class FeedbackStyle(models.TextChoices):
        NOW = "now", "At once"
        HINT_FIRST = "hint-first", "A hint first"
        AT_END = "at-end", "At the end"
        BLOCKING = "blocking", "Only what hinders understanding"
        OFF = "off", "Off"

    native_language = models.CharField(
        max_length=8, choices=languages.CHOICES, default="en"
    )
    time_zone = models.CharField(
        max_length=64, default="UTC", validators=[validate_time_zone]
    )
    daily_goal = models.PositiveSmallIntegerField(
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(1440)],
        help_text="Minutes of study a day.",
    )
    feedback_style = models.CharField(
        max_length=16, choices=FeedbackStyle, default=FeedbackStyle.NOW
    )
    monthly_cost_limit = models.DecimalField(
        max_digits=12,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="US dollars a month for tutors that cost money; empty for none set.",
    )

    known_words = models.PositiveSmallIntegerField(
        default=95,
        validators=[MinValueValidator(90), MaxValueValidator(98)],
        help_text="Of a hundred words of a tutor's, how many are known (90 to 98).",
    )

    # How words are reviewed.
    desired_retention = models.FloatField(
        default=0.9,
        validators=[MinValueValidator(0.8), MaxValueValidator(0.97)],
        help_text="The chance of recall at which a word is due again (0.80 to 0.97).",
    )
    new_words_a_day = models.PositiveSmallIntegerField(
        default=10,
        validators=[MaxValueValidator(200)],
        help_text="How many new words a day the review begins with, at most.",
    )
    easy_days = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_weekdays],
        help_text="Weekdays with half the reviews: 0 is Monday, 6 is Sunday.",
    )
    away_until = models.DateField(
        null=True, blank=True, help_text="The last day of a holiday from reviews."
    )
    catch_up_until = models.DateField(
        null=True, blank=True, help_text="The day by which a backlog is worked off."
    )
    minds_accents = models.BooleanField(
        default=False, help_text="A typed answer without its accents counts as wrong."
    )
    marks_words = models.BooleanField(
        default=True, help_text="Messages tell known, learning and new words apart."
    )
    shows_streak = models.BooleanField(
        default=True, help_text="Home and the progress page show days in a row."
    )

    objects = LearnerManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(desired_retention__range=(0.8, 0.97)),
                name="learner_retention_80_to_97",
            ),
            models.CheckConstraint(
                condition=Q(daily_goal__range=(1, 1440)),
                name="learner_daily_goal_within_a_day",
            ),
            models.CheckConstraint(
                condition=Q(known_words__range=(90, 98)),
                name="learner_known_words_90_to_98",
            ),
            models.CheckConstraint(
                condition=Q(monthly_cost_limit__gte=0),
                name="learner_cost_limit_not_negative",
            ),
        ]

    @property
    def zone(self):
        return zoneinfo.ZoneInfo(self.time_zone)

    def local_date(self, moment=None):
        """Return the date on this learner's calendar at `moment` (default: now)."""
        return timezone.localdate(moment, self.zone)

    def day_start(self, date):
        """Return the moment at which a date on this learner's calendar begins.

        Where the clocks skip midnight, it begins with the skip.
        """
        return datetime.combine(date, time.min, self.zone).astimezone(UTC)

    def day_end(self, moment=None):
        """Return when the learner's day around `moment` (default: now) is over."""
        return self.day_start(self.local_date(moment) + timedelta(days=1))
