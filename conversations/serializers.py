from decimal import Decimal

from rest_framework import serializers

from conversations import tutors
from conversations.forms import MESSAGE_LENGTH
from conversations.models import (
    Conversation,
    ConversationMessage,
    Correction,
    Scenario,
    TutorCall,
)
from conversations.models.conversation import validate_conversation_id
from conversations.transcript_shape import known_role
from lingo.api.serializers import (
    StorableField,
    StrictModelSerializer,
    StrictSerializer,
)
from vocabulary.models import Review

MOST = 2**31 - 1


def is_same(name, one, other):
    """Whether two values of a conversation's field are; a scenario in any version."""
    if name == "scenario" and one and other:
        return one.slug == other.slug
    return one == other


class ScenarioField(serializers.SlugRelatedField):
    """The slug of a scenario that the learner may play."""

    def get_queryset(self):
        learner = self.context["request"].user
        return Scenario.objects.offered_to(learner)


class ConversationSerializer(StrictModelSerializer):
    conversation_id = StorableField(
        max_length=100,
        required=False,
        trim_whitespace=False,
        validators=[validate_conversation_id],
    )
    scenario = ScenarioField(slug_field="slug", required=False, allow_null=True)
    learning_goals = serializers.ListField(
        child=StorableField(max_length=200), max_length=20, required=False
    )
    tutor = serializers.ChoiceField(
        choices=[*tutors.TUTORS],
        required=False,
        help_text="model, a language model, is only taken where one is set up.",
    )
    estimated_cost = serializers.FloatField(
        source="total_cost", read_only=True, help_text="US dollars."
    )
    is_active = serializers.BooleanField(read_only=True)

    class Meta:
        model = Conversation
        fields = [
            "conversation_id",
            "language",
            "title",
            "status",
            "is_active",
            "learning_focus",
            "vocabulary_level",
            "topic",
            "learning_goals",
            "scenario",
            "tutor",
            "message_count",
            "total_tokens",
            "estimated_cost",
            "started_at",
            "last_message_at",
            "ended_at",
        ]
        read_only_fields = [
            "status",
            "message_count",
            "total_tokens",
            "started_at",
            "last_message_at",
            "ended_at",
        ]
        extra_kwargs = {"title": {"required": False}}

    FIXED = ("conversation_id", "language", "scenario", "tutor")

    def get_validators(self):
        return []  # a repeat of the same id is fine, and told apart by the view

    def validate(self, sent):
        for name in self.FIXED if self.instance else ():
            if name in sent and not is_same(
                name, sent[name], getattr(self.instance, name)
            ):
                raise serializers.ValidationError({name: "This stays as it began."})
        if self.instance:
            sent.pop("scenario", None)  # it keeps the version that it began with
        scenario = sent.get("scenario")
        if scenario and scenario.language not in ("", sent["language"]):
            only = scenario.get_language_display()
            raise serializers.ValidationError({"scenario": f"It is only in {only}."})
        if (
            not self.instance
            and sent.get("tutor", tutors.GUIDED) not in tutors.on_offer()
        ):
            raise serializers.ValidationError({"tutor": "No language model is set up."})
        return sent


class EditSerializer(serializers.ModelSerializer):
    """A correction, within the message that it is of."""

    outcome = serializers.ChoiceField(
        ["accepted", "rejected"],
        allow_null=True,
        read_only=True,
        help_text="What became of the learner's disagreement.",
    )
    is_withdrawn = serializers.BooleanField(
        read_only=True,
        help_text="Staff found that it is mistaken.",
    )

    class Meta:
        model = Correction
        fields = [
            "id",
            "start",
            "end",
            "original",
            "corrected",
            "category",
            "priority",
            "reason",
            "source",
            "confidence",
            "disputed_at",
            "outcome",
            "is_withdrawn",
        ]


class CorrectionSerializer(EditSerializer):
    conversation_id = serializers.CharField(
        source="message.conversation.conversation_id", read_only=True
    )
    position = serializers.IntegerField(
        source="message.position", read_only=True, help_text="Of the message."
    )

    class Meta(EditSerializer.Meta):
        fields = [
            *EditSerializer.Meta.fields,
            "language",
            "conversation_id",
            "position",
            "created_at",
        ]


class MessageSerializer(serializers.ModelSerializer):
    """A message; one of the learner's with its `found` corrections."""

    corrections = EditSerializer(many=True, read_only=True, source="found", default=())
    in_reply_to = serializers.IntegerField(
        source="in_reply_to.position",
        allow_null=True,
        default=None,
        read_only=True,
        help_text="The position of the message that this one answers.",
    )
    estimated_cost = serializers.FloatField(help_text="US dollars.")

    class Meta:
        model = ConversationMessage
        fields = [
            "position",
            "role",
            "content",
            "language",
            "client_id",
            "in_reply_to",
            "created_at",
            "token_count",
            "estimated_cost",
            "processing_time_ms",
            "corrections",
        ]


class TurnRequestSerializer(StrictSerializer):
    content = StorableField(max_length=MESSAGE_LENGTH, trim_whitespace=False)
    client_id = StorableField(max_length=100)

    def validate_content(self, text):
        if not text.strip():
            raise serializers.ValidationError("Say something.")
        return text


class MessageRequestSerializer(TurnRequestSerializer):
    role = StorableField(max_length=50, help_text="user, assistant or system.")
    language = serializers.RegexField(
        r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$", max_length=35, required=False
    )
    token_count = serializers.IntegerField(min_value=0, max_value=MOST, default=0)
    estimated_cost = serializers.DecimalField(
        max_digits=12,
        decimal_places=6,
        min_value=0,
        default=Decimal(0),
        help_text="US dollars.",
        coerce_to_string=False,
    )
    processing_time_ms = serializers.IntegerField(
        min_value=0, max_value=MOST, default=0
    )

    def validate_role(self, name):
        role = known_role(name)
        if role is None:
            raise serializers.ValidationError(f"There is no role “{name}”.")
        return role


class WordSerializer(serializers.Serializer):
    word = serializers.CharField()
    lemma = serializers.CharField()
    translation = serializers.CharField(allow_blank=True)


class AimSerializer(serializers.Serializer):
    slug = serializers.CharField()
    title = serializers.CharField()
    is_met = serializers.BooleanField()
    position = serializers.IntegerField(
        allow_null=True, help_text="The message that met it."
    )
    sentence = serializers.CharField(allow_null=True)


class RunSerializer(serializers.Serializer):
    scenario_id = serializers.CharField()
    phase = serializers.CharField(allow_null=True)
    is_finished = serializers.BooleanField()
    objectives = AimSerializer(many=True)


class TurnSerializer(serializers.Serializer):
    message = MessageSerializer()
    reply = MessageSerializer()
    corrections = EditSerializer(many=True)
    vocabulary = WordSerializer(many=True)
    scenario = RunSerializer(allow_null=True)


class SentSerializer(serializers.Serializer):
    role = serializers.CharField()
    content = serializers.CharField()


class TutorCallSerializer(serializers.ModelSerializer):
    """A request to a provider; `position` is that of the message it was to answer."""

    position = serializers.IntegerField(
        source="message.position", default=None, allow_null=True
    )
    sent = SentSerializer(many=True)
    answer = serializers.CharField(help_text="The text that came back.")
    cost = serializers.FloatField(
        allow_null=True, help_text="US dollars; null: not known, so as reserved."
    )
    reserved_cost = serializers.FloatField(help_text="US dollars at most.")

    class Meta:
        model = TutorCall
        fields = [
            "id",
            "position",
            "purpose",
            "model",
            "prompt_version",
            "outcome",
            "detail",
            "sent",
            "answer",
            "tokens_in",
            "tokens_out",
            "cost",
            "reserved_cost",
            "time_ms",
            "dropped_corrections",
            "created_at",
        ]


class WovenReviewSerializer(serializers.ModelSerializer):
    """A review that a conversation brought: a word used in it, or asked for."""

    word = serializers.CharField(source="item.word")
    lemma = serializers.CharField(source="item.lemma")
    undone = serializers.SerializerMethodField()

    class Meta:
        model = Review
        fields = ["id", "word", "lemma", "rating", "evidence", "undone"]

    def get_undone(self, review) -> bool:
        return review.undone_at is not None


class MessageMeasuresSerializer(serializers.Serializer):
    """What one message of the learner's measures; null is not known."""

    position = serializers.IntegerField()
    words = serializers.IntegerField()
    different_words = serializers.IntegerField()
    words_per_minute = serializers.FloatField(
        allow_null=True, help_text="By the time since the tutor's message."
    )
    target_share = serializers.FloatField(
        allow_null=True, help_text="Of words in sentences in the target language, 0–1."
    )
    fillers = serializers.DictField(child=serializers.IntegerField())


class TrendSerializer(serializers.Serializer):
    first = serializers.FloatField(help_text="In the first third of the messages.")
    last = serializers.FloatField(help_text="In the last third.")


class MeasuresSerializer(serializers.Serializer):
    """How the learner talks: counts of the latest messages, and no judgement."""

    messages = serializers.IntegerField()
    words = serializers.IntegerField()
    words_per_message = serializers.FloatField(allow_null=True)
    target_words = serializers.IntegerField(
        help_text="Of sentences in the target language."
    )
    different_words = serializers.IntegerField(help_text="Of those.")
    lexical_range = serializers.FloatField(
        allow_null=True,
        help_text="Moving-average type–token ratio (0–1) over 50 words.",
    )
    words_per_minute = serializers.FloatField(allow_null=True)
    target_share = serializers.FloatField(allow_null=True)
    fillers = serializers.DictField(child=serializers.IntegerField())
    trends = serializers.DictField(
        child=TrendSerializer(),
        help_text="Of `words` a message and `words_per_minute`, from six messages on.",
    )
    latest = MessageMeasuresSerializer(many=True)


class ConversationSummarySerializer(serializers.Serializer):
    conversation_id = serializers.CharField()
    status = serializers.ChoiceField(choices=Conversation.Status.choices)
    message_count = serializers.IntegerField()
    turns = serializers.IntegerField()
    minutes = serializers.IntegerField()
    study_seconds = serializers.IntegerField()
    words = WordSerializer(many=True)
    reviews = WovenReviewSerializer(many=True)
    measures = MeasuresSerializer()
    scenario = RunSerializer(allow_null=True)
