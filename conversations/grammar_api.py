"""Grammar flow charts for programs."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from rest_framework import serializers, viewsets

from conversations import grammar
from conversations.feedback.categories import CATEGORIES
from conversations.models import GrammarChart
from lingo import languages
from lingo.api.pagination import Pages


class GrammarFilter(filters.FilterSet):
    language = filters.ChoiceFilter(choices=languages.CHOICES)
    category = filters.ChoiceFilter(
        choices=CATEGORIES, method="by_category", label="Of corrections."
    )

    def by_category(self, charts, name, category):
        return charts.of_category(category)


class GrammarWaySerializer(serializers.Serializer):
    answer = serializers.CharField(
        allow_blank=True, help_text="Empty where nothing is asked."
    )
    to = serializers.CharField(help_text="The id of the node that it leads to.")


class GrammarNodeSerializer(serializers.Serializer):
    id = serializers.CharField()
    kind = serializers.CharField(
        help_text="start, question, step, example or end; the start comes first."
    )
    text = serializers.CharField(allow_blank=True)
    examples = serializers.ListField(
        child=serializers.CharField(), help_text="In the language that is learned."
    )
    ways = GrammarWaySerializer(many=True)


class GrammarChartSerializer(serializers.Serializer):
    """A chart, its texts in the learner's native language."""

    language = serializers.ChoiceField(choices=languages.CHOICES)
    slug = serializers.CharField()
    categories = serializers.ListField(
        child=serializers.CharField(),
        help_text="The categories of corrections that it explains.",
    )
    title = serializers.CharField()
    nodes = GrammarNodeSerializer(many=True)
    updated_at = serializers.DateTimeField()

    def to_representation(self, chart):
        native = self.context["request"].user.native_language
        boxes = grammar.boxes(chart.nodes, native).values()
        described = {
            "language": chart.language,
            "slug": chart.slug,
            "categories": chart.categories,
            "title": chart.title[native],
            "nodes": [
                {**box._asdict(), "ways": [way._asdict() for way in box.ways]}
                for box in boxes
            ],
            "updated_at": chart.updated_at,
        }
        return super().to_representation(described)


class GrammarPages(Pages):
    ordering = ("language", "slug")


class GrammarViewSet(viewsets.ReadOnlyModelViewSet):
    """Flow charts that lead to the right form, in the learner's native language."""

    queryset = GrammarChart.objects.all()
    serializer_class = GrammarChartSerializer
    filterset_class = GrammarFilter
    filter_backends = viewsets.ReadOnlyModelViewSet.filter_backends[:1]
    pagination_class = GrammarPages
    lookup_field = "slug"

    def get_object(self):
        if self.kwargs["language"] not in languages.LANGUAGES:
            raise Http404
        return get_object_or_404(GrammarChart, **self.kwargs)
