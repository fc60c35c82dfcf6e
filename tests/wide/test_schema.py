"""The API keeps to its description, whatever it is sent."""

import json
import os
import urllib.request

import pytest
import schemathesis
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode, checks

API = "/api/v1/"
EXAMPLES = int(os.environ.get("EXAMPLES", "20"))


def login(site):
    sent = {"username": "demo", "password": site.password("demo")}
    request = urllib.request.Request(
        f"{site.url}{API}auth/login/",
        json.dumps(sent).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)["token"]


@pytest.fixture(scope="session")
def token(site):
    return login(site)


@pytest.fixture(scope="session", autouse=True)
def rows(site, token):
    """Give the learner a conversation, a word and a review of one."""
    made = {}
    for path, sent in (
        ("conversations/", {"conversation_id": "0", "language": "es"}),
        ("conversations/0/turns/", {"content": "Hola", "client_id": "0"}),
        ("vocabulary/", {"language": "es", "word": "casa"}),
        ("vocabulary/{id}/reviews/", {"rating": 3, "client_id": "0"}),
    ):
        request = urllib.request.Request(
            f"{site.url}{API}{path.format(**made)}",
            json.dumps(sent).encode(),
            {"Content-Type": "application/json", "Authorization": f"Token {token}"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            made = json.load(answer)


def cases():
    """Return each operation with right data, and with wrong where it takes any."""
    described = SchemaGenerator(api_version="1").get_schema(public=True)
    written = OpenApiJsonRenderer().render(described, renderer_context={})
    schema = schemathesis.openapi.from_dict(json.loads(written))
    return [
        pytest.param(operation, mode, id=f"{operation.label}-{mode.value}")
        for operation in (found.ok() for found in schema.get_all_operations())
        for mode in GenerationMode
        if mode.is_positive
        or operation.body
        or operation.query
        or "{" in operation.path
    ]


@pytest.mark.parametrize(("operation", "mode"), cases())
def test_answers_are_as_described(operation, mode, site, token):
    if "logout" in operation.path:
        token = login(site)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case):
        case.call_and_validate(
            base_url=site.url,
            headers={"Authorization": f"Token {token}"},
            checks=[
                checks.not_a_server_error,
                checks.status_code_conformance,
                checks.content_type_conformance,
                checks.response_schema_conformance,
            ],
            timeout=20,
        )

    check()
