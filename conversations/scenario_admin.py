"""The admin of scenarios, and of how learners play them."""

from django.contrib import admin, messages
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from conversations.models import (
    MetObjective,
    Objective,
    Phase,
    Scenario,
    ScenarioRun,
)
from conversations.scenario_managers import SHARED
from lingo.admin import InspectedAdmin, InspectedInline


class PhaseInline(InspectedInline):
    model = Phase
    fields = ["position", "slug", "title"]


class ObjectiveInline(InspectedInline):
    model = Objective
    fields = ["position", "slug", "title"]


class MetObjectiveInline(InspectedInline):
    model = MetObjective
    fields = ["objective", "message"]

    def get_queryset(self, request):
        found = super().get_queryset(request)
        return found.select_related("objective", "message")


@admin.register(Scenario)
class ScenarioAdmin(InspectedAdmin):
    """Versions of scenarios: from content files, or written by learners."""

    list_display = [
        "slug",
        "version",
        "is_current",
        "__str__",
        "owner",
        "language",
        "category",
        "level",
        "runs",
        "finished",
        "created_at",
    ]
    list_filter = [
        "is_current",
        ("owner", admin.EmptyFieldListFilter),
        "language",
        "category",
        "level",
    ]
    search_fields = ["slug", "search_text", "owner__username"]
    inlines = [PhaseInline]
    actions = ["publish", "withdraw"]

    def has_publish_permission(self, request):
        return request.user.has_perm("conversations.change_scenario")

    @admin.action(
        description="Publish a copy of own scenarios", permissions=["publish"]
    )
    def publish(self, request, scenarios):
        chosen = len(scenarios)
        own = scenarios.filter(owner__isnull=False, is_current=True).whole()
        published = [Scenario.objects.publish(one) for one in own]
        self._tell(request, "published", len(published), chosen)

    @admin.action(
        description="Withdraw published scenarios from the library",
        permissions=["publish"],
    )
    def withdraw(self, request, scenarios):
        chosen = len(scenarios)
        published = scenarios.filter(owner=None, slug__startswith=SHARED)
        slugs = set(published.current().values_list("slug", flat=True))
        for slug in slugs:
            Scenario.objects.withdraw(slug)
        self._tell(request, "withdrawn", len(slugs), chosen)

    def _tell(self, request, done, number, chosen):
        self.message_user(
            request,
            f"{number} of {chosen} {done}; the others are not of that kind.",
            messages.SUCCESS if number else messages.WARNING,
        )

    def get_queryset(self, request):
        runs = ScenarioRun.objects.filter(scenario=OuterRef("pk")).order_by()

        def number(found):
            counted = found.values("scenario").annotate(number=Count("pk"))
            return Coalesce(Subquery(counted.values("number")), 0)

        return (
            super()
            .get_queryset(request)
            .prefetch_related("owner")
            .annotate(
                number_of_runs=number(runs),
                number_finished=number(runs.filter(finished_at__isnull=False)),
            )
        )

    @admin.display(ordering="number_of_runs")
    def runs(self, scenario):
        return scenario.number_of_runs

    @admin.display(ordering="number_finished")
    def finished(self, scenario):
        return scenario.number_finished


@admin.register(Phase)
class PhaseAdmin(InspectedAdmin):
    list_display = ["slug", "__str__", "scenario", "position"]
    list_filter = ["scenario__is_current", "scenario__category"]
    search_fields = ["slug", "scenario__slug"]
    list_select_related = ["scenario"]
    inlines = [ObjectiveInline]


@admin.register(Objective)
class ObjectiveAdmin(InspectedAdmin):
    list_display = ["slug", "__str__", "phase", "position"]
    list_filter = ["phase__scenario__is_current", "phase__scenario__category"]
    search_fields = ["slug", "phase__slug", "phase__scenario__slug"]
    list_select_related = ["phase"]


@admin.register(ScenarioRun)
class ScenarioRunAdmin(InspectedAdmin):
    list_display = [
        "scenario",
        "learner",
        "conversation",
        "phase",
        "started_at",
        "finished_at",
    ]
    list_filter = ["scenario__category", "scenario__level"]
    search_fields = ["run_id", "learner__username", "scenario__slug"]
    date_hierarchy = "started_at"
    ordering = ["-started_at", "-pk"]
    list_select_related = ["scenario", "phase", "conversation"]
    inlines = [MetObjectiveInline]


@admin.register(MetObjective)
class MetObjectiveAdmin(InspectedAdmin):
    list_display = ["objective", "learner", "message"]
    list_filter = ["objective__phase__scenario__category"]
    search_fields = ["learner__username", "objective__phase__scenario__slug"]
    ordering = ["-pk"]
    list_select_related = ["objective", "message"]
