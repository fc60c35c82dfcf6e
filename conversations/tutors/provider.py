"""One request to a language model's provider, through pydantic-ai.

pydantic-ai takes a second to import, so it is imported where a request is made. Each
request has a client and an event loop of its own: many threads make them at once.
"""

import asyncio
import re
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import ROUND_UP, Decimal
from functools import cache
from importlib import import_module
from typing import Annotated, Any, NamedTuple, get_args

import structlog
from django.conf import settings
from pydantic import AfterValidator, BaseModel, Field, ValidationError
from pydantic_core import from_json

from conversations.feedback.categories import Category, Priority
from conversations.models import TutorCall
from lingo.text import storable
from vocabulary.entries import shortened
from vocabulary.glossary import CARD

log = structlog.get_logger(__name__)

Outcome = TutorCall.Outcome
OLLAMA = "http://127.0.0.1:11434/v1"
CENTS = Decimal("0.000001")
# Tokens that a message takes beside its text, and a request beside its messages.
OF_MESSAGE, OF_REQUEST = 16, 64


# JSON in a fence, as models write it where their server knows no tools.
FENCED = re.compile(r"\s*```(?:json)?\s*(\{.*\})\s*```\s*", re.DOTALL | re.IGNORECASE)


# No database holds NUL; half a surrogate is no JSON.
Text = Annotated[str, AfterValidator(lambda text: text.replace("\0", "").strip())]


class WordOffered(BaseModel):
    word: Text
    translation: Text = ""

    @property
    def on_a_card(self):
        """The translation, as much of it as a card takes."""
        return shortened(storable(self.translation), CARD)


class CorrectionOffered(BaseModel):
    """A correction as the model gives it: what is not so is dropped, not refused."""

    original: Text
    corrected: Text
    category: Text = Field("", json_schema_extra={"enum": [*get_args(Category)]})
    priority: Text = Field("", json_schema_extra={"enum": [*get_args(Priority)]})
    reason: Text = ""
    context: Text = Field("", description="The words around it, as they stand there.")


class Reply(BaseModel):
    """The tutor's next line, and what belongs to it."""

    reply: Text = Field(description="What the tutor says to the learner.")
    corrections: list[CorrectionOffered] = Field(default_factory=list)
    vocabulary: list[WordOffered] = Field(default_factory=list)
    objectives_met: list[Text] = Field(default_factory=list)

    @property
    def is_empty(self):
        return not any(character.isalnum() for character in self.reply)


class Summary(BaseModel):
    """What the tutor must remember of the conversation."""

    summary: Text

    @property
    def is_empty(self):
        return not self.summary


class Answer(NamedTuple):
    """What came of a request; `content` is of the form asked for, or None.

    `cost` None: not known. `retry_after`: the seconds that the provider asks to wait.
    """

    outcome: str
    content: Any = None
    detail: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    cost: Decimal | None = None
    time_ms: int = 0
    can_retry: bool = False
    retry_after: float | None = None


def ask(messages, form, on_draft=None):
    """Send `messages` ([{role, content}]) and return the `Answer`, of the form `form`.

    Takes at most TUTOR_TIMEOUT seconds, and raises nothing. `on_draft` is called with
    the beginning of a `Reply`'s text as it grows.
    """
    started = time.perf_counter()
    try:
        with ThreadPoolExecutor(1) as thread:  # a loop needs one without another loop
            asked = thread.submit(asyncio.run, _ask(messages, form, on_draft))
            answer = asked.result()
    except Exception as error:
        answer = _failure(error)
        log.warning("tutor_request_failed", why=answer.detail)
    return answer._replace(time_ms=round((time.perf_counter() - started) * 1000))


def warm_up():
    """Import what a request needs, where a model is set up: that takes seconds."""
    if settings.TUTOR_MODEL:
        provider, _ = settings.TUTOR_MODEL.split(":", 1)
        import_module(f"pydantic_ai.models.{provider}")
        _trusted()
        price(0, 0)


def most(messages, form):
    """Return what a request costs at most in US dollars; None where that's unknown.

    No token is less than a byte, and no answer longer than TUTOR_MAX_TOKENS.
    """
    size = OF_REQUEST + len(str(form.model_json_schema()).encode())
    for message in messages:
        size += OF_MESSAGE + len(message["content"].encode())
    return price(size, settings.TUTOR_MAX_TOKENS)


def price(tokens_in, tokens_out):
    """Return what tokens cost in US dollars, rounded up; None where that's unknown.

    Source: TUTOR_PRICES, or else genai-prices. A model of Ollama's runs on a machine of
    one's own.
    """
    if settings.TUTOR_PRICES:
        paid_in, paid_out = settings.TUTOR_PRICES
        cost = (tokens_in * paid_in + tokens_out * paid_out) / 1_000_000
        return cost.quantize(CENTS, ROUND_UP)
    from genai_prices import Usage, calc_price

    provider, name = settings.TUTOR_MODEL.split(":", 1)
    if provider == "ollama":
        return Decimal(0)
    usage = Usage(input_tokens=tokens_in, output_tokens=tokens_out)
    try:
        cost = calc_price(usage, name, provider_id=provider).total_price
    except LookupError:
        return None
    return cost.quantize(CENTS, ROUND_UP)


async def _ask(messages, form, on_draft):
    import httpx2
    from pydantic_ai.direct import model_request_stream

    async with httpx2.AsyncClient(verify=_trusted()) as client:
        stream = model_request_stream(
            _model(client),
            _as_pydantic_ai(messages),
            model_settings={
                "max_tokens": settings.TUTOR_MAX_TOKENS,
                "request_timeout": settings.TUTOR_TIMEOUT,
                "timeout": settings.TUTOR_TIMEOUT,
                "max_retries": 0,
            },
            model_request_parameters=_parameters(form),
        )
        async with stream as coming:
            drafted = ""
            async for _ in coming:
                draft = _draft(_text(coming.get())) if on_draft else ""
                if draft != drafted:
                    on_draft(draft)
                    drafted = draft
            return _answer(coming.get(), form)


@cache
def _trusted():
    """Return whose certificates are trusted; reading them takes a while."""
    import httpx2

    return httpx2.create_ssl_context()


def _model(client):
    """Return pydantic-ai's model of TUTOR_MODEL, which uses the HTTP client."""
    provider, name = settings.TUTOR_MODEL.split(":", 1)
    given = {"http_client": client}
    if settings.TUTOR_API_KEY:
        given["api_key"] = settings.TUTOR_API_KEY
    if settings.TUTOR_BASE_URL:
        given["base_url"] = settings.TUTOR_BASE_URL
    if provider == "anthropic":
        from pydantic_ai.models.anthropic import AnthropicModel
        from pydantic_ai.providers.anthropic import AnthropicProvider

        return AnthropicModel(name, provider=AnthropicProvider(**given))
    from pydantic_ai.models.openai import OpenAIChatModel

    if provider == "ollama":
        from pydantic_ai.models.ollama import OllamaModel
        from pydantic_ai.providers.ollama import OllamaProvider

        given.setdefault("base_url", OLLAMA)
        return OllamaModel(name, provider=OllamaProvider(**given))
    from pydantic_ai.providers.openai import OpenAIProvider

    return OpenAIChatModel(name, provider=OpenAIProvider(**given))


def _parameters(form):
    """Return how the answer is to be given: as the arguments of a tool, or as JSON."""
    from pydantic_ai.models import ModelRequestParameters
    from pydantic_ai.output import OutputObjectDefinition
    from pydantic_ai.tools import ToolDefinition

    name, schema = form.__name__.lower(), form.model_json_schema()
    if settings.TUTOR_MODEL.startswith("ollama:"):  # small models call no tools
        asked = OutputObjectDefinition(json_schema=schema, name=name)
        return ModelRequestParameters(output_mode="native", output_object=asked)
    tool = ToolDefinition(
        name=name, description=form.__doc__, parameters_json_schema=schema
    )
    return ModelRequestParameters(
        output_mode="tool", output_tools=[tool], allow_text_output=False
    )


def _as_pydantic_ai(messages):
    from pydantic_ai.messages import (
        ModelRequest,
        ModelResponse,
        SystemPromptPart,
        TextPart,
        UserPromptPart,
    )

    made = {
        "system": lambda text: ModelRequest(parts=[SystemPromptPart(text)]),
        "user": lambda text: ModelRequest(parts=[UserPromptPart(text)]),
        "assistant": lambda text: ModelResponse(parts=[TextPart(text)]),
    }
    return [made[message["role"]](message["content"]) for message in messages]


def _text(response):
    """Return the JSON that the model gave, as a tool's arguments or as text."""
    for part in response.parts:
        if part.part_kind == "tool-call":
            is_text = part.args is None or isinstance(part.args, str)
            return part.args or "" if is_text else part.args_as_json_str()
    text = response.text or ""
    fenced = FENCED.fullmatch(text)
    return fenced[1] if fenced else text


def _draft(text):
    """Return the reply's text as far as it is there."""
    try:
        found = from_json(text, allow_partial="trailing-strings")
    except ValueError:
        return ""
    reply = found.get("reply") if isinstance(found, dict) else None
    return reply if isinstance(reply, str) else ""


def _answer(response, form):
    text, usage = _text(response), response.usage
    is_measured = bool(usage.input_tokens or usage.output_tokens)
    made = Answer(
        Outcome.OK,
        tokens_in=usage.input_tokens,
        tokens_out=usage.output_tokens,
        cost=price(usage.input_tokens, usage.output_tokens) if is_measured else None,
    )
    refusal = (response.provider_details or {}).get("refusal")
    if refusal or response.finish_reason == "content_filter":
        return made._replace(outcome=Outcome.REFUSED, detail=str(refusal or "")[:300])
    if not text.strip():
        return made._replace(outcome=Outcome.EMPTY, can_retry=True)
    try:
        content = form.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]["msg"]
        why = f"{first} (finish: {response.finish_reason})"
        return made._replace(outcome=Outcome.MALFORMED, detail=why, can_retry=True)
    if content.is_empty:
        return made._replace(outcome=Outcome.EMPTY, can_retry=True)
    return made._replace(content=content)


def _failure(error):
    """Return the `Answer` that an error is: what it cost, and whether to try again."""
    from pydantic_ai import exceptions

    detail = f"{type(error).__name__}: {error}"[:300]
    has_status = isinstance(error, exceptions.ModelHTTPError)
    is_free = (has_status and not error.in_stream) or _never_left(error)
    made = Answer(
        Outcome.ERROR,
        detail=detail,
        cost=Decimal(0) if is_free else None,
        can_retry=True,
        retry_after=getattr(error, "retry_after", None),
    )
    match error:
        case exceptions.ModelTimeoutError() | exceptions.ModelRequestTimeout():
            return made._replace(outcome=Outcome.TIMED_OUT)
        case exceptions.ModelRateLimitError() | exceptions.ModelOverloadedError():
            return made._replace(outcome=Outcome.RATE_LIMITED)
        case exceptions.ModelAPIError():
            refused = (
                exceptions.ModelRequestRejectedError,
                exceptions.ModelQuotaExceededError,
            )
            return made._replace(can_retry=not isinstance(error, refused))
    return made._replace(can_retry=False)


def _never_left(error):
    """Whether nothing was sent: no connection, or no key."""
    import httpx2
    from pydantic_ai.exceptions import UserError

    while error:
        if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | UserError):
            return True
        error = error.__cause__
    return False
