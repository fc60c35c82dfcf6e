"""Scenarios for programs: the library's, and the learner's own to write."""

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError as Invalid
from rest_framework.response import Response

from conversations import learning_first, own_scenario
from conversations.categories import Category
from conversations.errors import InvalidScenario, TooManyScenarios
from conversations.models import Conversation, Scenario
from conversations.own_scenario import OwnScenario, OwnScenarios
from conversations.recommending import recommend
from conversations.scenario_serializers import (
    ImportedScenariosSerializer,
    LanguageSerializer,
    LearnedWordsSerializer,
    NotesSerializer,
    RecommendationSerializer,
    ScenarioSerializer,
    UsefulWordsSerializer,
)
from lingo import languages
from lingo.api.errors import Conflict

OWN_ACTIONS = ("update", "destroy", "export")


class ScenarioFilter(filters.FilterSet):
    category = filters.ChoiceFilter(choices=Category.choices)
    level = filters.ChoiceFilter(choices=languages.Level.choices)
    language = filters.ChoiceFilter(
        choices=languages.CHOICES, method="by_language", label="To play them in."
    )
    search = filters.CharFilter(
        method="by_text", label="In title, setting and words, in any language."
    )
    mine = filters.BooleanFilter(method="by_owner", label="The learner's own.")
    finished = filters.BooleanFilter(field_name="is_finished")

    def by_language(self, scenarios, name, language):
        return scenarios.playable_in(language)

    def by_text(self, scenarios, name, text):
        return scenarios.matching(text)

    def by_owner(self, scenarios, name, is_mine):
        return scenarios.filter(owner__isnull=not is_mine)


class ScenarioViewSet(viewsets.ReadOnlyModelViewSet):
    """Situations to practise: the library's and the learner's own."""

    queryset = Scenario.objects.none()
    serializer_class = ScenarioSerializer
    filterset_class = ScenarioFilter
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]{1,100}"
    ordering_fields = ["slug"]
    ordering = ["slug"]

    def get_queryset(self):
        learner = self.request.user
        if self.action in OWN_ACTIONS:
            found = Scenario.objects.current().own(learner)
        elif self.action == "list":
            found = Scenario.objects.offered_to(learner).brief()
        else:
            found = Scenario.objects.current().reachable_by(learner)
        return found.whole().with_finished(learner)

    def handle_exception(self, error):
        match error:
            case InvalidScenario():
                wrong = {path: [why] for path, why in error.problems.items()}
                error = Invalid(wrong)
            case TooManyScenarios():
                error = Conflict(str(error))
        return super().handle_exception(error)

    @extend_schema(
        request=OwnScenario,
        responses={201: ScenarioSerializer, 200: ScenarioSerializer},
    )
    def create(self, request):
        """Write a scenario of one's own; one of the same name gets a new version.

        Sent again unchanged, it stays as it is.
        """
        own = own_scenario.read(request.data)
        mine = Scenario.objects.own(request.user).current()
        is_new = not mine.filter(slug=own.name).exists()
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(self._write(own), status=code)

    @extend_schema(request=OwnScenario, responses=ScenarioSerializer)
    def update(self, request, slug):
        """Rewrite one's own; conversations that play it keep it as it was."""
        self.get_object()
        if request.data.get("slug", slug) != slug:
            raise Invalid({"slug": ["The address names another one."]})
        return Response(self._write(own_scenario.read({**request.data, "slug": slug})))

    def _write(self, own):
        (saved,) = Scenario.objects.write(self.request.user, [own])
        return self.get_serializer(self.get_queryset().get(pk=saved.pk)).data

    @extend_schema(responses={204: None})
    def destroy(self, request, slug):
        """Delete one's own; conversations that play it keep it."""
        Scenario.objects.withdraw(self.get_object().slug, owner=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=OwnScenario, responses=NotesSerializer, filters=False)
    @action(detail=False, methods=["post"], pagination_class=None)
    def check(self, request):
        """Check a scenario without saving it: 400 where it is wrong."""
        notes = own_scenario.read(request.data).notes()
        return Response(NotesSerializer({"notes": notes}).data)

    @extend_schema(responses=OwnScenario)
    @action(detail=True)
    def export(self, request, slug):
        """One's own as it was written, ready to be brought in again."""
        return Response(own_scenario.dump(own_scenario.of(self.get_object())))

    @extend_schema(
        operation_id="scenarios_export_all", responses=OwnScenarios, filters=False
    )
    @action(
        detail=False, url_path="export", url_name="export-all", pagination_class=None
    )
    def export_all(self, request):
        """All of one's own."""
        mine = Scenario.objects.current().own(request.user).whole().order_by("slug")
        found = [own_scenario.dump(own_scenario.of(one)) for one in mine]
        return Response({"scenarios": found})

    @extend_schema(
        request=OwnScenarios, responses=ImportedScenariosSerializer, filters=False
    )
    @action(
        detail=False,
        methods=["post"],
        url_path="import",
        url_name="import",
        pagination_class=None,
    )
    def bring_in(self, request):
        """Bring several in, all or none; what is there already stays as it is."""
        found = own_scenario.read_many(request.data)
        saved = Scenario.objects.write(request.user, found)
        return Response({"scenarios": [scenario.slug for scenario in saved]})

    @extend_schema(
        parameters=[LanguageSerializer],
        responses=RecommendationSerializer(many=True),
        filters=False,
    )
    @action(detail=False, pagination_class=None)
    def recommended(self, request):
        """What to play next in a language, as after the latest talk in it."""
        language = self._language(None, request.query_params)
        mine = Conversation.objects.for_learner(request.user).filter(language=language)
        latest = mine.latest_first().select_related("scenario").first()
        level = (latest and latest.vocabulary_level) or languages.Level.BEGINNER
        after = latest and latest.scenario
        found = recommend(request.user, language, level, after=after)
        context = self.get_serializer_context()
        answer = RecommendationSerializer(found, many=True, context=context)
        return Response(answer.data)

    @extend_schema(parameters=[LanguageSerializer], responses=UsefulWordsSerializer)
    @action(detail=True, pagination_class=None, filterset_class=None)
    def words(self, request, slug):
        """The words and phrases to learn first, and what the learner knows of them."""
        scenario = self.get_object()
        language = self._language(scenario, request.query_params)
        return Response(self._useful(UsefulWordsSerializer, scenario, language))

    @extend_schema(request=LanguageSerializer, responses=LearnedWordsSerializer)
    @words.mapping.post
    def learn(self, request, slug):
        """Add those that are new to the learner's vocabulary. Safe to repeat."""
        scenario = self.get_object()
        language = self._language(scenario, request.data)
        added = len(learning_first.learn(scenario, request.user, language))
        answer = self._useful(LearnedWordsSerializer, scenario, language, added=added)
        return Response(answer)

    @extend_schema(parameters=[LanguageSerializer], request=None, responses={204: None})
    @words.mapping.delete
    def unlearn(self, request, slug):
        """Take out again what was added from here and isn't reviewed yet."""
        scenario = self.get_object()
        language = self._language(scenario, request.query_params)
        learning_first.unlearn(scenario, request.user, language)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _language(self, scenario, sent):
        asked = LanguageSerializer(data=sent)
        asked.is_valid(raise_exception=True)
        language = asked.validated_data["language"]
        if scenario and scenario.language not in ("", language):
            only = scenario.get_language_display()
            raise Invalid({"language": [f"The scenario is only in {only}."]})
        return language

    def _useful(self, serializer, scenario, language, **more):
        learner = self.request.user
        useful = learning_first.useful(scenario, learner, language)
        native = scenario.told_in(learner.native_language)
        culture = scenario.culture.get(language, {}).get(native, "")
        return serializer({**useful._asdict(), "culture": culture, **more}).data
