"""Conversations and scenarios for programs."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.exceptions import ValidationError as Invalid
from rest_framework.response import Response

from conversations import errors, lifecycle, speaking, talk, turn_taking
from conversations.filters import ConversationFilter, MessageFilter
from conversations.models import Conversation, ConversationMessage, TutorCall
from conversations.models.conversation import validate_conversation_id
from conversations.recording import record_message
from conversations.serializers import (
    ConversationSerializer,
    ConversationSummarySerializer,
    EditSerializer,
    MessageRequestSerializer,
    MessageSerializer,
    TurnRequestSerializer,
    TurnSerializer,
    TutorCallSerializer,
    is_same,
)
from conversations.transcript_shape import Transcript
from lingo.api.errors import Conflict, Unavailable
from lingo.api.pagination import Pages
from lingo.api.throttling import ApiThrottle, TurnThrottle
from lingo.languages import in_language

Status = Conversation.Status
# Which of two answers says whether it was there before.
CREATED = {True: status.HTTP_201_CREATED, False: status.HTTP_200_OK}


class MessagePages(Pages):
    ordering = "position"


class TutorCallPages(Pages):
    ordering = "pk"


class ConversationViewSet(viewsets.ModelViewSet):
    """The learner's own conversations, by their `conversation_id`."""

    queryset = Conversation.objects.none()
    serializer_class = ConversationSerializer
    filterset_class = ConversationFilter
    lookup_field = "conversation_id"
    lookup_value_regex = "[^/]{1,100}"
    ordering_fields = ["last_message_at", "started_at", "message_count"]
    ordering = ["-last_message_at"]

    def get_queryset(self):
        mine = Conversation.objects.for_learner(self.request.user.pk)
        return mine.prefetch_related("scenario")

    def get_object(self):
        """Return the learner's conversation of the address; any other is a 404."""
        try:
            validate_conversation_id(self.kwargs["conversation_id"])
        except ValidationError as error:
            raise Http404 from error
        conversation = get_object_or_404(
            self.get_queryset(), conversation_id=self.kwargs["conversation_id"]
        )
        conversation.learner = self.request.user
        return conversation

    def handle_exception(self, error):
        return super().handle_exception(as_api_error(error))

    @extend_schema(responses={201: ConversationSerializer, 200: ConversationSerializer})
    def create(self, request):
        """Begin a conversation; one of the same id and values is given back."""
        sent = self.get_serializer(data=request.data)
        sent.is_valid(raise_exception=True)
        conversation, is_new = Conversation.objects.begin(
            request.user, **sent.validated_data
        )
        for name, value in sent.validated_data.items():
            if not is_same(name, getattr(conversation, name), value):
                raise Conflict(
                    f"There is a conversation of this id already, with another {name}."
                )
        answer = self.get_serializer(conversation).data
        return Response(answer, status=CREATED[is_new])

    def perform_destroy(self, conversation):
        lifecycle.delete(conversation)

    def _move(self, new):
        conversation = lifecycle.move(self.get_object(), new)
        return Response(self.get_serializer(conversation).data)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def pause(self, request, conversation_id):
        """Stop new turns until the conversation is resumed."""
        return self._move(Status.PAUSED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def resume(self, request, conversation_id):
        """Let a paused conversation go on."""
        return self._move(Status.ACTIVE)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def complete(self, request, conversation_id):
        """End the conversation, and count it towards progress, once."""
        return self._move(Status.COMPLETED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def archive(self, request, conversation_id):
        """Put the conversation away for good."""
        return self._move(Status.ARCHIVED)

    @extend_schema(
        request=TurnRequestSerializer,
        responses={201: TurnSerializer, 200: TurnSerializer},
    )
    @action(detail=True, methods=["post"], throttle_classes=[ApiThrottle, TurnThrottle])
    def turns(self, request, conversation_id):
        """Say something to the tutor; the same `client_id` again is the same turn."""
        conversation = self.get_object()
        sent = TurnRequestSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        turn = turn_taking.take_turn(conversation, **sent.validated_data)
        turn.reply.in_reply_to = turn.said
        talk.with_corrections([turn.said])
        answer = {
            "message": MessageSerializer(turn.said).data,
            "reply": MessageSerializer(turn.reply).data,
            "corrections": EditSerializer(turn.said.found, many=True).data,
            "vocabulary": turn.reply.vocabulary,
            "scenario": run_of(conversation),
        }
        return Response(answer, status=CREATED[turn.is_new])

    @extend_schema(responses=MessageSerializer(many=True))
    @action(
        detail=True,
        filterset_class=MessageFilter,
        filter_backends=viewsets.ModelViewSet.filter_backends[:1],
        pagination_class=MessagePages,
    )
    def messages(self, request, conversation_id):
        """The messages in order."""
        mine = ConversationMessage.objects.of(self.get_object())
        found = self.filter_queryset(mine.prefetch_related("in_reply_to"))
        page = talk.with_corrections(self.paginate_queryset(found))
        return self.get_paginated_response(MessageSerializer(page, many=True).data)

    @extend_schema(
        request=MessageRequestSerializer,
        responses={201: MessageSerializer, 200: MessageSerializer},
    )
    @messages.mapping.post
    def message_create(self, request, conversation_id):
        """Keep a message that was said elsewhere; no tutor replies to it."""
        conversation = self.get_object()
        sent = MessageRequestSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        message = ConversationMessage(**sent.validated_data)
        kept = record_message(conversation, message)
        talk.with_corrections([kept])
        answer = MessageSerializer(kept).data
        return Response(answer, status=CREATED[kept is message])

    @extend_schema(responses=TutorCallSerializer(many=True), filters=False)
    @action(
        detail=True,
        url_path="tutor-calls",
        filter_backends=[],
        pagination_class=TutorCallPages,
    )
    def tutor_calls(self, request, conversation_id):
        """What was sent to a language model's provider, and what became of it."""
        mine = TutorCall.objects.of(self.get_object())
        page = self.paginate_queryset(mine.prefetch_related("message"))
        return self.get_paginated_response(TutorCallSerializer(page, many=True).data)

    @extend_schema(responses=Transcript)
    @action(detail=True)
    def transcript(self, request, conversation_id):
        """The whole conversation in the interchange shape."""
        return Response(self.get_object().as_transcript())

    @extend_schema(request=Transcript, responses={201: Transcript, 200: Transcript})
    @transcript.mapping.put
    def transcript_save(self, request, conversation_id):
        """Create or update the conversation; only what is new is added."""
        if request.data.get("conversation_id", conversation_id) != conversation_id:
            raise Invalid({"conversation_id": ["The address names another one."]})
        mine = self.get_queryset()
        try:
            validate_conversation_id(conversation_id)
        except ValidationError as error:
            raise Http404 from error
        is_new = not mine.filter(conversation_id=conversation_id).exists()
        conversation = Conversation.objects.save_transcript(
            request.user, {**request.data, "conversation_id": conversation_id}
        )
        return Response(conversation.as_transcript(), status=CREATED[is_new])

    @extend_schema(responses=ConversationSummarySerializer)
    @action(detail=True)
    def summary(self, request, conversation_id):
        """What the conversation came to, as its rows add up to it."""
        conversation = self.get_object()
        came_to = talk.summary(conversation)
        messages = ConversationMessage.objects.of(conversation)
        answer = {
            "conversation_id": conversation.conversation_id,
            "status": conversation.status,
            "message_count": conversation.message_count,
            "turns": messages.exclude(in_reply_to=None).count(),
            "minutes": came_to["study_seconds"] // 60,
            "study_seconds": came_to["study_seconds"],
            "words": came_to["words"].values("word", "lemma", "translation"),
            "reviews": came_to["reviews"],
            "measures": speaking.described(speaking.of(conversation)),
            "scenario": described(came_to["run"], request.user.native_language),
        }
        return Response(ConversationSummarySerializer(answer).data)


def run_of(conversation):
    """Return how far the conversation is in its scenario, or None."""
    if not conversation.scenario_id:
        return None
    return described(talk.run_of(conversation), conversation.learner.native_language)


def described(run, native):
    """Return a run from `talk.run_of` as plain values, or None."""
    return run and {
        "scenario_id": run.scenario.slug,
        "phase": run.phase and run.phase.slug,
        "is_finished": run.finished_at is not None,
        "objectives": [
            {
                "slug": f"{phase.slug}/{aim.slug}",
                "title": in_language(aim.title, native),
                "is_met": aim.said is not None,
                "position": aim.said and aim.said.position,
                "sentence": aim.said and aim.sentence,
            }
            for phase in run.steps
            for aim in phase.aims
        ],
    }


def as_api_error(error):
    """Return the API's error for one of a conversation's; any other as it is."""
    match error:
        case errors.ConversationNotFound():
            return NotFound(str(error))
        case errors.InvalidTranscript():
            return Invalid({path: [why] for path, why in error.problems.items()})
        case errors.TutorFailed():
            failed = Unavailable(str(error))
            failed.extra = {"message": MessageSerializer(error.said).data}
            return failed
        case errors.TranscriptContradicts():
            refused = Conflict(str(error))
            refused.extra = {"position": error.position}
            return refused
        case errors.ConversationError():
            return Conflict(str(error))
    return error
