"""The interchange shape of a conversation, checked. `transcripts` saves and gives it.

Roles are understood under their known aliases; an unknown one is the learner's.
A time without a zone is UTC. Texts are kept in NFC.
"""

from decimal import Decimal
from typing import Annotated, Any

from django.core.exceptions import ValidationError as DjangoValidationError
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StrictInt,
    ValidationError,
    model_validator,
)

from conversations.errors import InvalidTranscript
from conversations.models import Conversation, ConversationMessage
from conversations.models.conversation import validate_conversation_id
from lingo.shapes import Count, LanguageCode, Moment, Part, Storable, problems
from lingo.text import storable_json
from vocabulary.managers import clean_word

Role = ConversationMessage.Role
ROLES = {
    "user": Role.USER,
    "human": Role.USER,
    "learner": Role.USER,
    "assistant": Role.ASSISTANT,
    "ai": Role.ASSISTANT,
    "bot": Role.ASSISTANT,
    "tutor": Role.ASSISTANT,
    "model": Role.ASSISTANT,
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
}


def known_role(name):
    """Return the role that `name` stands for, in any case, or None."""
    return ROLES.get(name.strip().casefold())


def _checked_id(text):
    try:
        validate_conversation_id(text)
    except DjangoValidationError as error:
        raise ValueError(error.message) from error
    return text


def _money(amount):
    return amount.quantize(Decimal("0.000001"))


Word = Annotated[str, AfterValidator(clean_word)]


class MessageMetadata(Part):
    """What a message took: tokens, US dollars, milliseconds."""

    token_count: Count = 0
    estimated_cost: Annotated[
        Decimal, Field(ge=0, lt=1_000_000, allow_inf_nan=False), AfterValidator(_money)
    ] = Decimal(0)
    processing_time_ms: Count = 0


class TranscriptMessage(Part):
    """One message. An unknown role counts as the learner's."""

    role: Annotated[str, AfterValidator(lambda role: known_role(role) or Role.USER)]
    content: Storable
    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}([-_]\w{2,8})*$")] | None = (
        None
    )
    timestamp: Moment | None = None
    metadata: Annotated[
        MessageMetadata, BeforeValidator(lambda given: {} if given is None else given)
    ] = MessageMetadata()


class ContextData(Part):
    """What a conversation is about."""

    learning_focus: Conversation.Focus | None = None
    current_topic: Annotated[Storable, Field(max_length=200)] | None = None
    # Any text: words of an unknown level are of middling difficulty.
    vocabulary_level: Annotated[Storable, Field(max_length=32)] | None = None
    learning_goals: (
        Annotated[
            list[Annotated[Storable, Field(max_length=200)]], Field(max_length=20)
        ]
        | None
    ) = None
    is_scenario_based: bool | None = None
    scenario_id: Annotated[Storable, Field(max_length=100)] | None = None
    scenario_progress_id: Annotated[Storable, Field(max_length=100)] | None = None
    scenario_phase: Annotated[Storable, Field(max_length=100)] | None = None
    vocabulary_introduced: list[Word] | None = None
    mistakes_tracked: Annotated[list[Any], AfterValidator(storable_json)] | None = None

    @model_validator(mode="after")
    def _agrees_with_itself(self):
        if self.is_scenario_based not in (None, bool(self.scenario_id)):
            raise ValueError("is_scenario_based is exactly: there is a scenario_id.")
        return self


class Transcript(Part):
    """A conversation with all its messages.

    `user_id` is the learner's id or username; `is_active` is exactly status "active".
    """

    conversation_id: Annotated[
        str, Field(min_length=1, max_length=100), AfterValidator(_checked_id)
    ]
    user_id: StrictInt | str | None = None
    language: LanguageCode
    status: Conversation.Status | None = None
    started_at: Moment | None = None
    last_message_at: Moment | None = None
    ended_at: Moment | None = None
    is_active: bool | None = None
    context_data: Annotated[
        ContextData, BeforeValidator(lambda given: {} if given is None else given)
    ] = ContextData()
    messages: list[TranscriptMessage] = []

    @model_validator(mode="after")
    def _agrees_with_itself(self):
        if self.is_active is not None and self.is_active != (
            self.status in (None, Conversation.Status.ACTIVE)
        ):
            raise ValueError("is_active is exactly: status is “active”.")
        if self.ended_at and self.status not in (
            Conversation.Status.COMPLETED,
            Conversation.Status.ARCHIVED,
        ):
            raise ValueError("ended_at is for a completed conversation.")
        return self


def parse(data):
    """Return the `Transcript` of JSON data. Raises InvalidTranscript."""
    try:
        return Transcript.model_validate(data)
    except ValidationError as error:
        raise InvalidTranscript(problems(error, whole="transcript")) from None
