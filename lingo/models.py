import zoneinfo
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


class Learner(AbstractUser):
    """The signed-in person, whom everything learned belongs to."""

    class FeedbackStyle(models.TextChoices):
        NOW = "now", "At once"
        HINT_FIRST = "hint-first", "A hint first"
        AT_END = "at-end", "At the end"
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
        help_text="US dollars a month for tutors that cost money; empty for none set.",
    )

    objects = LearnerManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(daily_goal__range=(1, 1440)),
                name="learner_daily_goal_within_a_day",
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
