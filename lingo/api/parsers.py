from io import BytesIO

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from lingo.api.problems import TooLarge


class BoundedJSONParser(JSONParser):
    """JSON objects up to DATA_UPLOAD_MAX_MEMORY_SIZE bytes; more is not read."""

    def parse(self, stream, media_type=None, parser_context=None):
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        length = int(parser_context["request"].META.get("CONTENT_LENGTH") or 0)
        body = stream.read(limit + 1) if length <= limit else b""
        if max(length, len(body)) > limit:
            raise TooLarge(
                f"The body has more than {limit} bytes. A long history may be sent in "
                "parts: each request adds what is new."
            )
        try:
            data = super().parse(BytesIO(body), media_type, parser_context)
        except RecursionError as error:
            raise ParseError("JSON parse error - nested too deep") from error
        if not isinstance(data, dict):
            raise ParseError("The body must be a JSON object.")
        return data
