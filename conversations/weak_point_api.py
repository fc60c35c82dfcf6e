"""Weak points for programs: what is due, its sentence, reviewing it, and undoing."""

from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from conversations import weak_point_reviewing, weak_points
from conversations.errors import NotTheLatestReview, NotTheNextReview
from conversations.feedback.categories import CATEGORIES
from conversations.models import Correction, WeakPointReview
from lingo import languages
from lingo.api.errors import Conflict
from lingo.api.serializers import StrictSerializer
from vocabulary.serializers import MemorySerializer, RatingField


class WeakPointSerializer(serializers.Serializer):
    """A category that was corrected in several messages, and when it is due."""

    language = serializers.ChoiceField(choices=languages.CHOICES)
    category = serializers.ChoiceField(choices=CATEGORIES)
    messages = serializers.IntegerField(help_text="In which it was corrected.")
    due = serializers.DateTimeField()
    number = serializers.IntegerField(help_text="Of its next review, from 1.")


class CardSerializer(WeakPointSerializer):
    """A weak point with the sentence that is asked next: the rest of it put right."""

    correction = serializers.IntegerField(source="card.correction.pk")
    before = serializers.CharField(source="card.before")
    original = serializers.CharField(source="card.correction.original")
    corrected = serializers.CharField(source="card.correction.corrected")
    after = serializers.CharField(source="card.after")
    reason = serializers.CharField(source="card.correction.reason")


class NewWeakPointReviewSerializer(StrictSerializer):
    """A review that was done elsewhere; the same `number` again is the same one."""

    correction = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    number = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    rating = RatingField()


class WeakPointReviewSerializer(serializers.ModelSerializer):
    """One review: history. `before` and `after` are the weak point's memory."""

    language = serializers.CharField(source="weak_point.language")
    category = serializers.CharField(source="weak_point.category")
    before = MemorySerializer()
    after = MemorySerializer()

    class Meta:
        model = WeakPointReview
        fields = [
            "id",
            "language",
            "category",
            "number",
            "correction",
            "rating",
            "before",
            "after",
            "desired_retention",
            "study_seconds",
            "reviewed_at",
            "reviewed_on",
            "undone_at",
        ]


# What names a weak point in an address.
KEY = [
    OpenApiParameter("language", str, "path", enum=list(languages.LANGUAGES)),
    OpenApiParameter("category", str, "path", enum=[name for name, _ in CATEGORIES]),
]


class WeakPointViewSet(viewsets.ViewSet):
    """What is corrected again and again, reviewed with the learner's sentences."""

    @extend_schema(responses=WeakPointSerializer(many=True))
    def list(self, request):
        """All weak points, those due soonest first: at most one of each category."""
        found = weak_points.standings(request.user)
        return Response(WeakPointSerializer(found, many=True).data)

    @extend_schema(parameters=KEY, responses=CardSerializer)
    def retrieve(self, request, language, category):
        """One weak point, and the sentence that is asked next."""
        standing = _standing(request.user, language, category)
        card = weak_points.card_of(request.user, standing)
        shown = {name: getattr(standing, name) for name in WeakPointSerializer().fields}
        return Response(CardSerializer({**shown, "card": card}).data)

    @extend_schema(
        parameters=KEY,
        request=NewWeakPointReviewSerializer,
        responses={201: WeakPointReviewSerializer, 200: WeakPointReviewSerializer},
    )
    def review_create(self, request, language, category):
        """Review the weak point; the same `number` again changes nothing."""
        sent = NewWeakPointReviewSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        wanted = sent.validated_data
        mine = Correction.objects.for_learner(request.user)
        mine = mine.filter(language=language, category=category)
        correction = mine.filter(pk=wanted["correction"]).first()
        if correction is None:
            reason = "No correction of this weak point has this id."
            raise serializers.ValidationError({"correction": [reason]})
        try:
            done, is_new = weak_point_reviewing.review(
                request.user, correction, wanted["number"], wanted["rating"]
            )
        except NotTheNextReview as error:
            raise Conflict(str(error)) from error
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(WeakPointReviewSerializer(done).data, status=code)


def _standing(learner, language, category):
    """Return the learner's `Standing` of this key. Raises Http404."""
    for one in weak_points.standings(learner):
        if (one.language, one.category) == (language, category):
            return one
    raise Http404


class WeakPointReviewFilter(filters.FilterSet):
    language = filters.ChoiceFilter(
        choices=languages.CHOICES, field_name="weak_point__language"
    )
    category = filters.ChoiceFilter(
        choices=CATEGORIES, field_name="weak_point__category"
    )
    date_after = filters.DateFilter(field_name="reviewed_on", lookup_expr="gte")
    date_before = filters.DateFilter(field_name="reviewed_on", lookup_expr="lte")
    is_undone = filters.BooleanFilter(
        field_name="undone_at", lookup_expr="isnull", exclude=True
    )


class WeakPointReviewViewSet(viewsets.ReadOnlyModelViewSet):
    """The reviews of weak points: history, of which each one's latest can be undone."""

    queryset = WeakPointReview.objects.none()
    serializer_class = WeakPointReviewSerializer
    filterset_class = WeakPointReviewFilter
    lookup_value_regex = "[0-9]{1,18}"
    ordering_fields = ["reviewed_at"]
    ordering = ["-reviewed_at", "-pk"]

    def get_queryset(self):
        mine = WeakPointReview.objects.for_learner(self.request.user.pk)
        return mine.prefetch_related("weak_point")

    @extend_schema(request=None, responses=WeakPointReviewSerializer)
    @action(detail=True, methods=["post"], filter_backends=[])
    def undo(self, request, pk):
        """Take the review back, exactly; 409 where a later one builds on it."""
        review = self.get_object()
        review.learner = request.user
        try:
            weak_point_reviewing.undo(review)
        except NotTheLatestReview as error:
            raise Conflict(str(error)) from error
        return Response(self.get_serializer(review).data)
