"""Errors of the API that Django REST framework has no name for."""

from http import HTTPStatus

from rest_framework import exceptions


class Conflict(exceptions.APIException):
    """The request is fine, but not with what is saved."""

    status_code = HTTPStatus.CONFLICT
    default_code = "conflict"


class TooLarge(exceptions.APIException):
    """The body is larger than the server reads."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class Unavailable(exceptions.APIException):
    """Something that Lingo depends on does not answer."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_code = "unavailable"
