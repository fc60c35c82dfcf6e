from rest_framework import serializers

from progress.models import LearningProgress, StudyDay


class ProgressSerializer(serializers.ModelSerializer):
    minutes = serializers.IntegerField()

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
            "words",
            "minutes",
            "study_seconds",
        ]


class TalliesSerializer(serializers.Serializer):
    turns = serializers.IntegerField()
    reviews = serializers.IntegerField()
    words = serializers.IntegerField()
    study_seconds = serializers.IntegerField()


class ProgressSummarySerializer(serializers.Serializer):
    """What the learner's study days add up to."""

    today = TalliesSerializer()
    total = TalliesSerializer()
    study_days = serializers.IntegerField()
    streak = serializers.IntegerField(help_text="Days in a row.")
    daily_goal = serializers.IntegerField(help_text="Minutes.")
