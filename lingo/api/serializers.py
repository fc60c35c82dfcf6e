from rest_framework import serializers

from lingo.models import Learner, validate_weekdays
from lingo.text import storable


class StorableField(serializers.CharField):
    """A text that every database can hold, in NFC."""

    default_error_messages = {"unstorable": "{reason}"}

    def to_internal_value(self, data):
        text = super().to_internal_value(data)
        try:
            return storable(text)
        except ValueError as error:
            self.fail("unstorable", reason=str(error))


class StrictSerializer(serializers.Serializer):
    """Refuses fields that it doesn't know or doesn't take."""

    def to_internal_value(self, data):
        taken = {name for name, field in self.fields.items() if not field.read_only}
        unknown = {
            name: ["This field is read-only." if name in self.fields else "Unknown."]
            for name in data
            if name not in taken
        }
        if unknown:
            raise serializers.ValidationError(unknown)
        return super().to_internal_value(data)


class StrictModelSerializer(StrictSerializer, serializers.ModelSerializer):
    """The same for a model's columns, whose texts are storable ones."""

    serializer_field_mapping = {
        model_field: StorableField if field is serializers.CharField else field
        for model_field, field in (
            serializers.ModelSerializer.serializer_field_mapping.items()
        )
    }


class LoginSerializer(StrictSerializer):
    username = StorableField(max_length=150)
    password = StorableField(max_length=1000, trim_whitespace=False, write_only=True)


class TokenSerializer(serializers.Serializer):
    token = serializers.CharField()
    expiry = serializers.DateTimeField(allow_null=True)


class MeSerializer(StrictModelSerializer):
    easy_days = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6),
        required=False,
        validators=[validate_weekdays],
        help_text="Weekdays with half the reviews: 0 is Monday, 6 is Sunday.",
    )

    class Meta:
        model = Learner
        fields = [
            "id",
            "username",
            "email",
            "native_language",
            "time_zone",
            "daily_goal",
            "feedback_style",
            "desired_retention",
            "new_words_a_day",
            "easy_days",
            "away_until",
            "catch_up_until",
            "minds_accents",
            "marks_words",
            "shows_streak",
            "known_words",
            "monthly_cost_limit",
        ]
        read_only_fields = ["username", "email"]
