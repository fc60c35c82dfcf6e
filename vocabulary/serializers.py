from rest_framework import serializers

from lingo import languages
from lingo.api.serializers import StorableField, StrictModelSerializer
from vocabulary.managers import WORD_LENGTH, clean_word
from vocabulary.models import VocabularyItem


class VocabularySerializer(StrictModelSerializer):
    """A word as the learner has it; word and language are given once."""

    is_due = serializers.BooleanField(read_only=True)

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
            "times_correct",
            "times_incorrect",
        ]
        read_only_fields = [
            name
            for name in fields
            if name
            not in ("translation", "definition", "phonetic", "example", "is_suspended")
        ]


class NewWordSerializer(StrictModelSerializer):
    """A word to be added."""

    word = StorableField(max_length=WORD_LENGTH)
    level = serializers.ChoiceField(choices=languages.Level.choices, required=False)

    class Meta:
        model = VocabularyItem
        fields = ["language", "word", "translation", "definition", "example", "level"]

    def validate_word(self, text):
        try:
            return clean_word(text)
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error
