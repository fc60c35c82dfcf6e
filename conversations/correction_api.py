"""Corrections for programs: all of the learner's, and disagreeing with one."""

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from conversations.feedback.categories import CATEGORIES, PRIORITIES
from conversations.feedback.correcting import FINDERS
from conversations.models import Correction
from conversations.serializers import CorrectionSerializer
from lingo import languages


class CorrectionFilter(filters.FilterSet):
    language = filters.ChoiceFilter(choices=languages.CHOICES)
    category = filters.ChoiceFilter(choices=CATEGORIES)
    priority = filters.ChoiceFilter(choices=PRIORITIES)
    source = filters.ChoiceFilter(choices=FINDERS)
    conversation = filters.CharFilter(
        field_name="message__conversation__conversation_id", label="By its id."
    )


class CorrectionViewSet(viewsets.ReadOnlyModelViewSet):
    """What was corrected in the learner's messages, whatever the pages show."""

    queryset = Correction.objects.none()
    serializer_class = CorrectionSerializer
    filterset_class = CorrectionFilter
    lookup_value_regex = "[0-9]{1,18}"
    ordering_fields = ["created_at"]
    ordering = ["-created_at", "-pk"]

    def get_queryset(self):
        return Correction.objects.for_learner(self.request.user.pk).with_messages()

    @extend_schema(request=None, responses=CorrectionSerializer)
    @action(detail=True, methods=["post"])
    def dispute(self, request, pk):
        """Disagree with a correction: staff will look at it. Safe to repeat."""
        correction = Correction.objects.dispute(self.get_object())
        return Response(self.get_serializer(correction).data)

    @extend_schema(request=None, responses=CorrectionSerializer)
    @dispute.mapping.delete
    def agree(self, request, pk):
        """Take the disagreement back; once staff has judged it, it stays."""
        correction = Correction.objects.agree(self.get_object())
        return Response(self.get_serializer(correction).data)
