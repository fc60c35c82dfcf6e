"""What the OpenAPI description says beyond what the code shows by itself."""

from lingo.api.problems import MEDIA_TYPE

DESCRIPTIONS = {
    "400": "The request has errors; `errors` names the fields.",
    "401": "No valid token or session.",
    "403": "Not allowed: a session without its CSRF token.",
    "404": "There is no such thing of this learner's.",
    "405": "This method is not for this address.",
    "406": "Only JSON is given.",
    "409": "It contradicts what is saved, or the state that it is in.",
    "413": "The body is too large.",
    "415": "Only JSON is taken.",
    "429": "Too many requests; `Retry-After` says how many seconds to wait.",
    "503": "The tutor does not answer; the message is kept.",
}
EVERYWHERE = ("400", "401", "403", "404", "405", "406", "429")
WITH_BODY = ("409", "413", "415")
TURNS = ("503",)

PROBLEM = {
    "type": "object",
    "description": "A problem (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}


def document_problems(result, generator, request, public):
    """Add the problems that each operation may answer with."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            statuses = list(EVERYWHERE)
            if method in ("post", "put", "patch", "delete"):
                statuses += WITH_BODY
            if path.endswith("/turns/"):
                statuses += TURNS
            for status in statuses:
                operation["responses"].setdefault(status, _problem(status))
    return result


def _problem(status):
    return {
        "description": DESCRIPTIONS[status],
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
