"""The weekly report for programs."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from conversations.week import MOST_WORDS, Week, report
from lingo import languages
from lingo.api.serializers import StorableField, StrictSerializer
from progress.serializers import StudyDaySerializer

KINDS = (
    *("waiting", "silent", "recurs", "leech"),
    *("missed", "unfinished", "unplayed"),
)


class WeekRequestSerializer(StrictSerializer):
    week = StorableField(
        required=False,
        help_text="A week of ISO 8601, such as 2026-W48; else the last full one.",
    )

    def validate_week(self, name):
        try:
            week = Week.named(name)
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error
        if not week.has_begun(self.context["request"].user.local_date()):
            raise serializers.ValidationError("This week has not begun.")
        return week


class SaidSerializer(serializers.Serializer):
    """A message of the learner's own."""

    conversation_id = serializers.CharField(
        source="message.conversation.conversation_id"
    )
    position = serializers.IntegerField(source="message.position")
    language = serializers.CharField(source="message.language")
    content = serializers.CharField(source="message.content")
    date = serializers.DateField()
    url = serializers.CharField()


class WeekWordSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    language = serializers.ChoiceField(languages.CHOICES)
    word = serializers.CharField()


class WeekWordsSerializer(serializers.Serializer):
    """How many words, and which."""

    count = serializers.IntegerField(source="number")
    words = WeekWordSerializer(
        many=True, source="items", help_text=f"At most {MOST_WORDS}."
    )


class AdviceSerializer(serializers.Serializer):
    """Something to do next, and why."""

    kind = serializers.ChoiceField(KINDS)
    reason = serializers.CharField(source="text")
    act = serializers.CharField()
    url = serializers.CharField(source="address", help_text="The page that does it.")


class WeekSerializer(serializers.Serializer):
    """A week from Monday to Sunday, by the learner's own calendar."""

    week = serializers.CharField(source="week.name")
    begins_on = serializers.DateField(source="week.monday")
    ends_on = serializers.DateField(source="week.sunday")
    is_over = serializers.BooleanField()
    days = serializers.IntegerField(help_text="On which something was done.")
    minutes = serializers.IntegerField()
    study_seconds = serializers.IntegerField()
    turns = serializers.IntegerField()
    reviews = serializers.IntegerField()
    words = serializers.IntegerField(help_text="New words.")
    study_days = StudyDaySerializer(many=True)
    then = SaidSerializer(
        allow_null=True, help_text="The longest message before this week."
    )
    now = SaidSerializer(allow_null=True, help_text="The longest message of this week.")
    due_words = serializers.IntegerField(help_text="Learned words that came up.")
    kept = WeekWordsSerializer(help_text="Those recalled each time.")
    forgotten = WeekWordsSerializer(help_text="Those forgotten at least once.")
    became_known = WeekWordsSerializer()
    advice = AdviceSerializer(many=True, help_text="What to do next: at most three.")


class WeekView(APIView):
    """The weekly report."""

    @extend_schema(parameters=[WeekRequestSerializer], responses=WeekSerializer)
    def get(self, request):
        """What the learner's week came to, as the rows add up."""
        asked = WeekRequestSerializer(
            data=request.query_params, context={"request": request}
        )
        asked.is_valid(raise_exception=True)
        week = asked.validated_data.get("week") or Week.last_full(request.user)
        return Response(WeekSerializer(report(request.user, week)).data)
