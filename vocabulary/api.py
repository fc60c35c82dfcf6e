"""The learner's vocabulary for programs."""

from drf_spectacular.utils import extend_schema
from rest_framework import status, viewsets
from rest_framework.response import Response

from vocabulary.adding import add_word, remove_word
from vocabulary.filters import VocabularyFilter
from vocabulary.models import VocabularyItem
from vocabulary.serializers import NewWordSerializer, VocabularySerializer


class VocabularyViewSet(viewsets.ModelViewSet):
    """The learner's own words."""

    queryset = VocabularyItem.objects.none()
    serializer_class = VocabularySerializer
    filterset_class = VocabularyFilter
    lookup_value_regex = "[0-9]{1,18}"
    ordering_fields = ["introduced_at", "due", "lemma", "difficulty_level"]
    ordering = ["-introduced_at"]

    def get_queryset(self):
        return VocabularyItem.objects.for_learner(self.request.user.pk)

    @extend_schema(
        request=NewWordSerializer,
        responses={201: VocabularySerializer, 200: VocabularySerializer},
    )
    def create(self, request):
        """Add a word; one that is there, in any form, is given back as it is."""
        sent = NewWordSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        item, is_new = add_word(request.user, **sent.validated_data)
        answer = self.get_serializer(item).data
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(answer, status=code)

    def perform_update(self, sent):
        VocabularyItem.objects.revise(sent.instance, **sent.validated_data)

    def perform_destroy(self, item):
        remove_word(item)
