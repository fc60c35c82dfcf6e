"""A learner's charts for programs: their rows, and their drawings."""

from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from conversations import charts
from lingo import languages
from progress import periods
from progress.charts_data import Asked
from progress.drawing import svg
from vocabulary.exchange_api import AnyFile

NAME = OpenApiParameter("name", str, "path", enum=list(charts.CHARTS))


class ChartQuerySerializer(serializers.Serializer):
    period = serializers.ChoiceField(
        choices=list(periods.CHOICES),
        default=periods.DEFAULT,
        help_text="Days, up to today.",
    )
    language = serializers.ChoiceField(
        choices=languages.CHOICES, required=False, help_text="All, unless given."
    )


class ChartNameSerializer(serializers.Serializer):
    name = serializers.CharField()
    title = serializers.CharField()


class ColumnSerializer(serializers.Serializer):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    type = serializers.CharField(help_text="date, text or number")


class ChartSerializer(ChartNameSerializer):
    about = serializers.CharField(source="data.about")
    columns = ColumnSerializer(source="data.columns", many=True)
    rows = serializers.ListField(
        source="data.rows",
        child=serializers.ListField(child=serializers.JSONField()),
        help_text="A value for each column; null where there is nothing to say.",
    )
    rows_url = serializers.CharField(
        source="address", help_text="The page of what is counted; empty where none is."
    )


class ChartViewSet(viewsets.ViewSet):
    """Charts of the learner's own rows."""

    lookup_field = "name"
    lookup_value_regex = "[a-z-]+"

    @extend_schema(responses=ChartNameSerializer(many=True))
    def list(self, request):
        """The names of all charts, with their titles."""
        named = [
            {"name": name, "title": source.title}
            for name, source in charts.CHARTS.items()
        ]
        return Response(ChartNameSerializer(named, many=True).data)

    @extend_schema(parameters=[NAME, ChartQuerySerializer], responses=ChartSerializer)
    def retrieve(self, request, name):
        """A chart's columns and rows."""
        return Response(ChartSerializer(_chart(request, name)).data)

    @extend_schema(
        parameters=[NAME, ChartQuerySerializer],
        responses={(200, "image/svg+xml"): OpenApiTypes.STR},
    )
    @action(detail=True, content_negotiation_class=AnyFile)
    def svg(self, request, name):
        """A chart, drawn."""
        drawn = svg(_chart(request, name), request.user.native_language)
        return HttpResponse(drawn, content_type="image/svg+xml")


def _chart(request, name):
    """Return the chart that is asked for. Raises Http404 and ValidationError."""
    if name not in charts.CHARTS:
        raise Http404("There is no such chart.")
    query = ChartQuerySerializer(data=request.query_params)
    query.is_valid(raise_exception=True)
    wish = query.validated_data
    asked = Asked(request.user, wish["period"], wish.get("language", ""))
    return charts.chart(name, asked)
