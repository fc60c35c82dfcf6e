"""Every error of the API as a problem (RFC 9457), with the fields at fault."""

import math
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error
from rest_framework.views import set_rollback

from lingo.api.errors import TooLarge

MEDIA_TYPE = "application/problem+json"


def handle(error, context):
    """Return the problem that answers `error`, or None where it is no API error."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, RequestDataTooBig):
        error = TooLarge(
            f"The body has more than {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes. A "
            "long history may be sent in parts: each request adds what is new."
        )
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    status = HTTPStatus(error.status_code)
    problem = {"type": "about:blank", "title": status.phrase, "status": status.value}
    if isinstance(error, exceptions.ValidationError):
        problem["detail"] = "The request has errors; see the fields below."
        problem["errors"] = dict(flatten(as_serializer_error(error)))
    else:
        problem["detail"] = str(error.detail)
    problem.update(getattr(error, "extra", {}))
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(math.ceil(error.wait))
    return Response(problem, status=status, headers=headers, content_type=MEDIA_TYPE)


def flatten(errors, path=""):
    """Yield (path, [texts]) for each field of nested errors: "words.3"."""
    if isinstance(errors, dict):
        for name, inner in errors.items():
            yield from flatten(inner, f"{path}.{name}" if path else str(name))
    else:
        yield _sendable(path), [_sendable(str(text)) for text in errors]


def _sendable(text):
    """Return the text with half surrogates escaped: an error quotes what was sent."""
    return text.encode("utf-8", "backslashreplace").decode()
