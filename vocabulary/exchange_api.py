"""Taking words out and bringing them in, for programs."""

from django.conf import settings
from django.http import FileResponse, QueryDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError as Invalid
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from lingo.api.errors import TooLarge
from lingo.api.parsers import ObjectParser
from vocabulary.errors import UnreadableFile
from vocabulary.exchange import exporting, importing
from vocabulary.exchange.archive import VocabularyArchive
from vocabulary.serializers import (
    ExportQuerySerializer,
    ImportFileSerializer,
    ImportOutcomeSerializer,
    ImportQuerySerializer,
)


class AnyFile(BaseContentNegotiation):
    """For files: whatever a client accepts, it gets what it asked for."""

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class ExchangeActions:
    """Actions of the vocabulary's viewset."""

    @extend_schema(
        parameters=[ExportQuerySerializer],
        responses={
            (200, "text/csv"): OpenApiTypes.BINARY,
            (200, "application/x-apkg"): OpenApiTypes.BINARY,
            (200, "application/json"): VocabularyArchive,
        },
        filters=False,
    )
    @action(detail=False, pagination_class=None, content_negotiation_class=AnyFile)
    def export(self, request):
        """The learner's words as a file."""
        sent = ExportQuerySerializer(data=request.query_params)
        sent.is_valid(raise_exception=True)
        made = exporting.export(
            request.user,
            sent.validated_data["export_format"],
            sent.validated_data.get("language", ""),
        )
        return FileResponse(
            made.file,
            as_attachment=True,
            filename=made.name,
            content_type=made.media_type,
        )

    @extend_schema(
        parameters=[ImportQuerySerializer],
        request={
            "multipart/form-data": ImportFileSerializer,
            "application/json": VocabularyArchive,
        },
        responses=ImportOutcomeSerializer,
    )
    @action(
        detail=False,
        methods=["post"],
        url_path="import",
        url_name="import",
        parser_classes=[MultiPartParser, ObjectParser],
    )
    def bring_in(self, request):
        """Bring words in from a file, or from an archive as the body.

        All at once or not at all; a word that is there already stays as it is.
        """
        query = ImportQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        found = _sent_words(request)
        if query.validated_data["dry_run"]:
            new = importing.preview(request.user, found).new
        else:
            new = importing.bring_in(request.user, found)
        outcome = {
            "new": new,
            "known": len(found.entries) - new,
            "refused": [one._asdict() for one in found.refused],
        }
        return Response(ImportOutcomeSerializer(outcome).data)


def _sent_words(request):
    """Return the words of a request as `Found`. Raises Invalid and TooLarge."""
    if not isinstance(request.data, QueryDict):
        try:
            return importing.found_in(request.user, importing.read(request.data))
        except UnreadableFile as error:
            wrong = {path: [why] for path, why in error.problems.items()}
            raise Invalid(wrong) from error
    sent = ImportFileSerializer(data=request.data)
    sent.is_valid(raise_exception=True)
    options = sent.validated_data
    file = options["file"]
    if file.size > settings.MAX_UPLOAD:
        raise TooLarge(f"The file has more than {settings.MAX_UPLOAD} bytes.")
    try:
        source = importing.read(
            file.read(), name=file.name, has_header=options["has_header"]
        )
    except UnreadableFile as error:
        raise Invalid({"file": [str(error)]}) from error
    return importing.found_in(
        request.user,
        source,
        language=options.get("language", ""),
        meanings=options.get("columns"),
    )
