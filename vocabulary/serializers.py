from django.core.validators import URLValidator
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from lingo import languages
from lingo.api.serializers import (
    StorableField,
    StrictModelSerializer,
    StrictSerializer,
)
from vocabulary.exchange import tables
from vocabulary.exchange.exporting import Format
from vocabulary.managers import WORD_LENGTH, clean_word
from vocabulary.models import Gloss, Review, VocabularyItem
from vocabulary.review_forms import DAY_MS
from vocabulary.word_states import State


class VocabularySerializer(StrictModelSerializer):
    """A word as the learner has it; word and language are given once."""

    is_due = serializers.SerializerMethodField()
    stage = serializers.ChoiceField(VocabularyItem.Stage.choices[:-1], read_only=True)

    class Meta:
        model = VocabularyItem
        fields = [
            "id",
            "language",
            "lemma",
            "word",
            "translation",
            "definition",
            "phonetic",
            "example",
            "source",
            "source_id",
            "source_url",
            "difficulty_level",
            "frequency",
            "introduced_at",
            "state",
            "stability",
            "difficulty",
            "due",
            "is_due",
            "last_review",
            "is_suspended",
            "stage",
            "times_correct",
            "times_incorrect",
            "lapses",
        ]
        read_only_fields = [
            name
            for name in fields
            if name
            not in ("translation", "definition", "phonetic", "example", "is_suspended")
        ]

    def get_is_due(self, item) -> bool:
        """Return whether its review has come, by the learner's day."""
        now = timezone.now()
        return item.is_due_at(now, self.context["request"].user.day_end(now))


@extend_schema_field(
    {
        "oneOf": [
            {"type": "integer", "enum": Review.Rating.values},
            {"type": "string", "enum": [one.lower() for one in Review.Rating.names]},
        ],
        "description": "1 again, 2 hard, 3 good, 4 easy; by number or by name.",
    }
)
class RatingField(serializers.Field):
    """A rating by number or name."""

    default_error_messages = {
        "unknown": "A rating is 1 to 4: again, hard, good or easy."
    }

    def to_internal_value(self, data):
        ratings = {one.name.lower(): one for one in Review.Rating}
        if isinstance(data, str) and data in ratings:
            return ratings[data]
        if type(data) is int and data in Review.Rating.values:
            return Review.Rating(data)
        self.fail("unknown")


class NewReviewSerializer(StrictSerializer):
    """A review that was done elsewhere; the same `client_id` again is the same one."""

    rating = RatingField()
    client_id = StorableField(max_length=100)
    duration_ms = serializers.IntegerField(
        min_value=0, max_value=DAY_MS, allow_null=True, required=False
    )


class MemorySerializer(serializers.Serializer):
    """What FSRS knows of a word; the stability is in days."""

    state = serializers.ChoiceField(choices=VocabularyItem.State.choices)
    step = serializers.IntegerField(allow_null=True)
    stability = serializers.FloatField(allow_null=True)
    difficulty = serializers.FloatField(allow_null=True)
    due = serializers.DateTimeField()
    last_review = serializers.DateTimeField(allow_null=True)


class ReviewSerializer(serializers.ModelSerializer):
    """One recall of one word: history. `before` and `after` are its memory."""

    language = serializers.CharField(source="item.language")
    word = serializers.CharField(source="item.word")
    before = serializers.SerializerMethodField()
    after = serializers.SerializerMethodField()

    class Meta:
        model = Review
        fields = [
            "id",
            "item",
            "language",
            "word",
            "client_id",
            "kind",
            "rating",
            "before",
            "after",
            "desired_retention",
            "predicted",
            "duration_ms",
            "evidence",
            "source_id",
            "reviewed_at",
            "reviewed_on",
            "undone_at",
        ]

    @extend_schema_field(MemorySerializer)
    def get_before(self, review):
        return review.before

    @extend_schema_field(MemorySerializer)
    def get_after(self, review):
        return review.after


class ReviewedSerializer(serializers.Serializer):
    """A review, and the word as it now stands."""

    review = ReviewSerializer()
    item = VocabularySerializer()


class QueueRequestSerializer(serializers.Serializer):
    """Which words of today's plan are wanted."""

    limit = serializers.IntegerField(min_value=1, max_value=200, default=50)
    language = serializers.ChoiceField(choices=languages.CHOICES, required=False)
    beyond = serializers.BooleanField(
        default=False, help_text="All that is due, whatever the plan leaves for later."
    )


class QueueSerializer(serializers.Serializer):
    """What today asks, and the next words, in the order in which they come."""

    reviews_left = serializers.IntegerField()
    new_left = serializers.IntegerField()
    done_today = serializers.IntegerField()
    reviews_waiting = serializers.IntegerField(help_text="Due, but not asked today.")
    new_waiting = serializers.IntegerField()
    is_away = serializers.BooleanField()
    is_easy_day = serializers.BooleanField()
    is_catching_up = serializers.BooleanField()
    results = VocabularySerializer(many=True)


class NewWordSerializer(StrictModelSerializer):
    """A word to be added."""

    word = StorableField(max_length=WORD_LENGTH)
    level = serializers.ChoiceField(choices=languages.Level.choices, required=False)
    source_url = StorableField(
        max_length=2000,
        required=False,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text="The page that it was met on; its source is then the web.",
    )

    class Meta:
        model = VocabularyItem
        fields = [
            "language",
            "word",
            "translation",
            "definition",
            "example",
            "level",
            "source_url",
        ]
        extra_kwargs = {"example": {"help_text": "The sentence that it was met in."}}

    def validate(self, data):
        if "source_url" in data:
            data["source"] = VocabularyItem.Source.WEB
        return data

    def validate_word(self, text):
        try:
            return clean_word(text)
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error


class LookupRequestSerializer(serializers.Serializer):
    """A word, or a text with words, to be looked up."""

    language = serializers.ChoiceField(languages.CHOICES)
    text = StorableField(max_length=500, trim_whitespace=False)


class GlossSerializer(serializers.ModelSerializer):
    class Meta:
        model = Gloss
        fields = ["translation", "phonetic", "source", "licence"]


class LookedUpWordSerializer(serializers.Serializer):
    """A word, and from where to where in the text it stands, in code points."""

    text = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    lemma = serializers.CharField()
    frequency = serializers.FloatField(
        allow_null=True, help_text="Zipf frequency (0–8); null if unknown."
    )
    difficulty = serializers.IntegerField(min_value=1, max_value=10)
    syllables = serializers.ListField(
        child=serializers.CharField(),
        help_text="By rules of spelling; English words stay whole.",
    )
    ipa = serializers.CharField(
        allow_blank=True,
        help_text="Without slashes; blank where nobody said it yet.",
    )
    is_worth_learning = serializers.BooleanField(
        help_text="No function word, number or name, and known to the lexicon."
    )
    state = serializers.ChoiceField(State.choices)
    item = serializers.IntegerField(
        allow_null=True, help_text="The id of the learner's vocabulary item."
    )
    glosses = GlossSerializer(many=True)


class LookupSerializer(serializers.Serializer):
    language = serializers.ChoiceField(languages.CHOICES)
    text = serializers.CharField(help_text="As it was looked up: in NFC.")
    known_share = serializers.FloatField(
        allow_null=True,
        min_value=0,
        max_value=1,
        help_text="Of the words that carry meaning and are not ignored.",
    )
    words = LookedUpWordSerializer(many=True)


class ExportQuerySerializer(serializers.Serializer):
    """Which words to take out, and how; all of them as CSV if nothing is said."""

    export_format = serializers.ChoiceField(choices=Format.choices, default=Format.CSV)
    language = serializers.ChoiceField(choices=languages.CHOICES, required=False)


class ImportQuerySerializer(serializers.Serializer):
    dry_run = serializers.BooleanField(
        default=False, help_text="Only say what would come in; save nothing."
    )


class ImportFileSerializer(StrictSerializer):
    """A file of words, and what it doesn't say by itself."""

    file = serializers.FileField(
        help_text="CSV, a text file or package from Anki, or an archive in JSON."
    )
    language = serializers.ChoiceField(
        choices=languages.CHOICES,
        required=False,
        help_text="Of words whose language the file doesn't name.",
    )
    has_header = serializers.BooleanField(
        allow_null=True,
        default=None,
        help_text="Whether the first line of a text file names the columns.",
    )
    columns = serializers.ListField(
        child=serializers.ChoiceField(
            choices=list(tables.MEANINGS.items()), allow_blank=True
        ),
        required=False,
        help_text="What each column is, in order; empty to leave one out.",
    )

    def validate_columns(self, meanings):
        try:
            tables.check(meanings)
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error
        return meanings


class RefusedRowSerializer(serializers.Serializer):
    line = serializers.IntegerField(
        help_text="In a text file; else the number of the note or item."
    )
    reason = serializers.CharField()


class ImportOutcomeSerializer(serializers.Serializer):
    """How many words came in, how many the learner had, and what was refused."""

    new = serializers.IntegerField()
    known = serializers.IntegerField()
    refused = RefusedRowSerializer(many=True)
