"""Achievements for programs."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from conversations import awarding
from lingo.api.serializers import StrictSerializer
from progress import rarity
from progress.achievements import CATEGORIES, MEASURES, RARITIES


class EvidenceSerializer(serializers.Serializer):
    """What proved an award when it was given; it may be gone by now."""

    kind = serializers.ChoiceField(["conversation", "word", "days"])
    conversation_id = serializers.CharField(required=False)
    position = serializers.IntegerField(
        required=False, help_text="Of the message, where it is one."
    )
    id = serializers.IntegerField(required=False, help_text="Of the word.")
    language = serializers.CharField(required=False)
    lemma = serializers.CharField(required=False)
    since = serializers.DateField(required=False, help_text="The first of the days.")
    until = serializers.DateField(required=False, help_text="The last of the days.")


class AchievementSerializer(serializers.Serializer):
    """An achievement, and how far the learner is."""

    slug = serializers.CharField(source="achievement.slug")
    category = serializers.ChoiceField(list(CATEGORIES), source="achievement.category")
    rarity = serializers.ChoiceField(RARITIES, source="achievement.rarity")
    points = serializers.IntegerField(source="achievement.points")
    share = serializers.SerializerMethodField(
        help_text="Of the learners with any achievement; null where they are too few."
    )
    title = serializers.SerializerMethodField(
        help_text="In the learner's native language."
    )
    description = serializers.SerializerMethodField(
        help_text="In the learner's native language."
    )
    measure = serializers.ChoiceField(list(MEASURES), source="achievement.measure")
    value = serializers.IntegerField(
        help_text="What it has come to; once earned, what it was then."
    )
    threshold = serializers.IntegerField(source="achievement.at_least")
    is_earned = serializers.SerializerMethodField()
    awarded_at = serializers.DateTimeField(
        source="award.awarded_at", default=None, help_text="As the rows say."
    )
    evidence = EvidenceSerializer(
        source="award.evidence", default=None, allow_null=True
    )

    def _in_native_language(self, texts):
        return texts[self.context["request"].user.native_language]

    def get_title(self, standing) -> str:
        return self._in_native_language(standing.achievement.title)

    def get_description(self, standing) -> str:
        return self._in_native_language(standing.achievement.description)

    def get_share(self, standing) -> float | None:
        shares = self.context["shares"]
        return shares.get(standing.achievement.slug, 0) if shares else None

    def get_is_earned(self, standing) -> bool:
        return standing.award is not None


class AchievementsQuerySerializer(StrictSerializer):
    category = serializers.ChoiceField(list(CATEGORIES), required=False)
    is_earned = serializers.BooleanField(required=False, allow_null=True, default=None)
    date_after = serializers.DateField(
        required=False, help_text="Earned on this day of the learner's or later."
    )
    date_before = serializers.DateField(required=False)

    def narrowed(self, standings):
        """Return those of the standings that are asked for."""
        return [one for one in standings if self._is_wanted(one)]

    def _is_wanted(self, standing):
        wanted, award = self.validated_data, standing.award
        learner = self.context["request"].user
        day = learner.local_date(award.awarded_at) if award else None
        return (
            wanted.get("category", standing.achievement.category)
            == standing.achievement.category
            and wanted["is_earned"] in (None, award is not None)
            and ("date_after" not in wanted or (day and day >= wanted["date_after"]))
            and ("date_before" not in wanted or (day and day <= wanted["date_before"]))
        )


class AchievementsView(APIView):
    @extend_schema(
        parameters=[AchievementsQuerySerializer],
        responses=AchievementSerializer(many=True),
    )
    def get(self, request):
        """All achievements in order, earned or not; what was reached is awarded."""
        context = {"request": request}
        query = AchievementsQuerySerializer(data=request.query_params, context=context)
        query.is_valid(raise_exception=True)
        standings = query.narrowed(awarding.standings(request.user))
        context["shares"] = rarity.shares()
        return Response(
            AchievementSerializer(standings, many=True, context=context).data
        )
