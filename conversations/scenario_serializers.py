"""Scenarios as programs get them."""

from rest_framework import serializers

from conversations.categories import Category
from lingo import languages
from lingo.api.serializers import StrictSerializer
from lingo.languages import in_language
from vocabulary.word_states import State


class ObjectiveSerializer(serializers.Serializer):
    slug = serializers.CharField()
    title = serializers.CharField()
    hint = serializers.CharField()


class PhaseSerializer(serializers.Serializer):
    slug = serializers.CharField()
    title = serializers.CharField()
    objectives = ObjectiveSerializer(many=True)


class ScenarioSerializer(serializers.Serializer):
    """A scenario, its texts in the learner's native language."""

    scenario_id = serializers.CharField()
    version = serializers.IntegerField()
    is_own = serializers.BooleanField()
    is_finished = serializers.BooleanField(
        help_text="Whether the learner has played it to its end."
    )
    language = serializers.ChoiceField(
        choices=languages.CHOICES,
        allow_blank=True,
        help_text="The only one to play it in; empty for all.",
    )
    native_language = serializers.ChoiceField(
        choices=languages.CHOICES, help_text="The one that its texts are in here."
    )
    category = serializers.ChoiceField(choices=Category.choices)
    level = serializers.ChoiceField(choices=languages.Level.choices)
    title = serializers.CharField()
    setting = serializers.CharField()
    tutor_role = serializers.CharField()
    learner_role = serializers.CharField()
    phases = PhaseSerializer(many=True)

    def to_representation(self, scenario):
        native = scenario.told_in(self.context["request"].user.native_language)
        return {
            "scenario_id": scenario.slug,
            "version": scenario.version,
            "is_own": scenario.owner_id is not None,
            "is_finished": scenario.is_finished,
            "language": scenario.language,
            "native_language": native,
            "category": scenario.category,
            "level": scenario.level,
            **{
                name: in_language(getattr(scenario, name), native)
                for name in ("title", "setting", "tutor_role", "learner_role")
            },
            "phases": [
                {
                    "slug": phase.slug,
                    "title": in_language(phase.title, native),
                    "objectives": [
                        {
                            "slug": objective.slug,
                            "title": in_language(objective.title, native),
                            "hint": in_language(objective.prompt["hint"], native),
                        }
                        for objective in phase.objectives.all()
                    ],
                }
                for phase in scenario.phases.all()
            ],
        }


class RecommendationSerializer(serializers.Serializer):
    """A scenario to play next; `words` are those that the reason tells of."""

    scenario_id = serializers.CharField(source="scenario.slug")
    title = serializers.SerializerMethodField()
    reason = serializers.CharField()
    words = serializers.ListField(child=serializers.CharField())

    def get_title(self, found) -> str:
        native = self.context["request"].user.native_language
        return in_language(found.scenario.title, found.scenario.told_in(native))


class LanguageSerializer(StrictSerializer):
    language = serializers.ChoiceField(
        choices=languages.CHOICES, help_text="The language to be learned."
    )


class UsefulWordSerializer(serializers.Serializer):
    """A word or phrase of a scenario, and how the learner stands to it."""

    text = serializers.CharField()
    translation = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=State.choices)
    item = serializers.IntegerField(
        allow_null=True, help_text="The id among the learner's vocabulary."
    )
    can_be_kept = serializers.BooleanField(
        help_text="Whether it is short enough to become a vocabulary item."
    )


class UsefulWordsSerializer(serializers.Serializer):
    words = UsefulWordSerializer(many=True)
    phrases = UsefulWordSerializer(many=True)
    culture = serializers.CharField(
        allow_blank=True, help_text="What is usual there, in the native language."
    )


class LearnedWordsSerializer(UsefulWordsSerializer):
    added = serializers.IntegerField(help_text="How many were new.")


class NotesSerializer(serializers.Serializer):
    notes = serializers.ListField(
        child=serializers.CharField(), help_text="What a teacher would look at."
    )


class ImportedScenariosSerializer(serializers.Serializer):
    scenarios = serializers.ListField(
        child=serializers.CharField(), help_text="Their scenario_ids."
    )
