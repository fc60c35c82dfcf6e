from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from lingo import languages
from lingo.api.serializers import StrictSerializer
from progress import goals
from progress.models import Goal, LearningProgress, StudyDay, StudySession


class ProgressSerializer(serializers.ModelSerializer):
    minutes = serializers.IntegerField()
    # The database makes these; without a measure there is none.
    level = serializers.IntegerField(allow_null=True, read_only=True)
    percentage = serializers.IntegerField(
        allow_null=True, read_only=True, help_text="Of the target."
    )
    accuracy = serializers.IntegerField(
        allow_null=True, read_only=True, help_text="Reviews recalled, in per cent."
    )

    class Meta:
        model = LearningProgress
        fields = [
            "language",
            "skill",
            "status",
            "level",
            "target_level",
            "percentage",
            "accuracy",
            "minutes",
            "study_seconds",
            "sessions",
            "words_learned",
            "words_known",
            "reviews",
            "reviews_recalled",
            "conversations_completed",
            "first_activity_at",
            "last_activity_at",
        ]


class StudyDaySerializer(serializers.ModelSerializer):
    minutes = serializers.IntegerField()

    class Meta:
        model = StudyDay
        fields = [
            "date",
            "language",
            "turns",
            "reviews",
            "weak_points",
            "words",
            "conversations",
            "minutes",
            "study_seconds",
        ]


class StudySessionSerializer(serializers.ModelSerializer):
    minutes = serializers.IntegerField()

    class Meta:
        model = StudySession
        fields = [
            "id",
            "language",
            "kind",
            "source_id",
            "date",
            "started_at",
            "last_at",
            "ended_at",
            "minutes",
            "study_seconds",
            "items",
            "correct",
        ]


class TalliesSerializer(serializers.Serializer):
    turns = serializers.IntegerField()
    reviews = serializers.IntegerField()
    words = serializers.IntegerField()
    conversations = serializers.IntegerField()
    study_seconds = serializers.IntegerField()


class MilestoneSerializer(serializers.Serializer):
    """A length in days, and the date on which a streak had it first."""

    days = serializers.IntegerField()
    reached_on = serializers.DateField()


class StreakSerializer(serializers.Serializer):
    """Studied days in a row. A missed day uses a freeze, where one was earned."""

    language = serializers.CharField(help_text="Empty for all languages together.")
    current = serializers.IntegerField()
    longest = serializers.IntegerField()
    freezes_left = serializers.IntegerField()
    frozen_dates = serializers.ListField(child=serializers.DateField())
    milestones = MilestoneSerializer(many=True)


class ProgressSummarySerializer(serializers.Serializer):
    """What the learner's study days add up to."""

    today = TalliesSerializer()
    total = TalliesSerializer()
    study_days = serializers.IntegerField()
    streak = serializers.IntegerField(help_text="Days in a row, in any language.")
    streaks = StreakSerializer(many=True, help_text="In all languages, and in each.")
    daily_goal = serializers.IntegerField(help_text="Minutes.")


class StandingSerializer(serializers.Serializer):
    """What study days came to between two dates, both included."""

    first = serializers.DateField()
    last = serializers.DateField()
    done = serializers.IntegerField()
    is_reached = serializers.BooleanField()


class GoalHistorySerializer(StrictSerializer):
    before = serializers.DateField(
        required=False,
        help_text=f"Only earlier periods than that of this date: at most "
        f"{goals.MOST_PERIODS} are given at once.",
    )


class GoalSerializer(serializers.ModelSerializer):
    """A goal: it holds from `started_on` on, and no more on `ended_on`.

    An empty language is all of them; a week begins on Monday.
    """

    is_active = serializers.BooleanField(read_only=True)
    progress = serializers.SerializerMethodField()

    class Meta:
        model = Goal
        fields = [
            "id",
            "kind",
            "amount",
            "period",
            "language",
            "started_on",
            "ended_on",
            "is_active",
            "progress",
        ]

    @extend_schema_field(StandingSerializer(allow_null=True))
    def get_progress(self, goal):
        """Return what it came to this period; null where it has ended."""
        if not goal.is_active:
            return None
        return StandingSerializer(self.context["view"].standing_of(goal)).data


class NewGoalSerializer(StrictSerializer):
    kind = serializers.ChoiceField(choices=Goal.Kind.choices)
    amount = serializers.IntegerField(min_value=1, max_value=Goal.MOST)
    period = serializers.ChoiceField(choices=Goal.Period.choices)
    language = serializers.ChoiceField(
        choices=languages.CHOICES, allow_blank=True, default=""
    )

    def validate(self, given):
        _check_amount(given["kind"], given["period"], given["amount"])
        return given


class ChangedGoalSerializer(StrictSerializer):
    """Another amount for the goal that the context names."""

    amount = serializers.IntegerField(min_value=1, max_value=Goal.MOST)

    def validate(self, given):
        goal = self.context["goal"]
        _check_amount(goal.kind, goal.period, given["amount"])
        return given


def _check_amount(kind, period, amount):
    most = Goal.most(kind, period)
    if amount > most:
        raise serializers.ValidationError(
            {"amount": [f"A {period} has {most} minutes."]}
        )
