import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from conversations.categories import Category
from conversations.scenario_managers import ScenarioManager
from lingo import languages


def new_run_id():
    return str(uuid.uuid4())


class Scenario(models.Model):
    """A situation to practise: one version of it, which never changes.

    It comes from a content file, or a learner wrote it. A change makes another version,
    so that a conversation keeps the one that it began with. The texts are tables by
    language code; see conversations/content/README.md. There are few, and conversations
    of all learners play them, so this, phases and objectives are reference tables.
    """

    # What a version consists of beside its phases.
    CONTENT = (
        "language",
        "native_language",
        "category",
        "level",
        "title",
        "setting",
        "tutor_role",
        "learner_role",
        "closing",
        "words",
        "phrases",
        "culture",
    )

    slug = models.SlugField(max_length=100)
    version = models.PositiveIntegerField(default=1)
    is_current = models.BooleanField(
        default=True, help_text="The version that new conversations play."
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="own_scenarios",
        help_text="Who wrote it and alone can play it; empty for the library's.",
    )
    language = models.CharField(
        max_length=8,
        choices=languages.CHOICES,
        blank=True,
        help_text="The only one to play it in; empty for all six.",
    )
    native_language = models.CharField(
        max_length=8,
        choices=languages.CHOICES,
        blank=True,
        help_text="The only one that it is told in; empty for all six.",
    )
    category = models.CharField(max_length=50, choices=Category)
    level = models.CharField(max_length=32, choices=languages.Level)
    title = models.JSONField()
    setting = models.JSONField()
    tutor_role = models.JSONField()
    learner_role = models.JSONField()
    closing = models.JSONField()
    words = models.JSONField()
    phrases = models.JSONField(default=list, blank=True)
    culture = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    # Title, setting and words as they are searched: without case and accents.
    search_text = models.TextField(blank=True, editable=False)

    objects = ScenarioManager()

    class Meta:
        ordering = ["slug", "-version"]
        constraints = [
            models.CheckConstraint(
                condition=Q(owner=None) & ~Q(slug__startswith="own-")
                | Q(owner__isnull=False, slug__startswith="own-"),
                name="scenario_own_is_named_so",
            ),
            models.UniqueConstraint(
                fields=["slug", "version"],
                name="scenario_version_once",
                condition=Q(owner=None),
            ),
            models.UniqueConstraint(
                fields=["owner", "slug", "version"],
                name="scenario_own_version_once",
                condition=Q(owner__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["slug"],
                name="scenario_one_current",
                condition=Q(owner=None, is_current=True),
            ),
            models.UniqueConstraint(
                fields=["owner", "slug"],
                name="scenario_own_one_current",
                condition=Q(owner__isnull=False, is_current=True),
            ),
        ]

    def __str__(self):
        return self.title.get("en") or next(iter(self.title.values()))

    def get_absolute_url(self):
        return reverse("conversations:scenario-detail", args=[self.slug])

    @property
    def may_vanish(self):
        """Whether it can be deleted: a learner wrote it."""
        return bool(self.language)

    def told_in(self, native):
        """Return the code of the language that it is told in to this native reader."""
        return self.native_language or native

    def tables(self):
        """Return what the version consists of, as `ScenarioManager.load` takes it.

        Without a query where it was read `whole()`.
        """
        return {
            **{name: getattr(self, name) for name in self.CONTENT},
            "phase": [
                {
                    "slug": phase.slug,
                    "title": phase.title,
                    "objective": [
                        {
                            "slug": objective.slug,
                            "title": objective.title,
                            "prompt": objective.prompt,
                        }
                        for objective in phase.objectives.all()
                    ],
                }
                for phase in self.phases.all()
            ],
        }


class Phase(models.Model):
    """One step of a scenario; complete when all its objectives are met."""

    scenario = models.ForeignKey(
        Scenario, on_delete=models.CASCADE, related_name="phases"
    )
    slug = models.SlugField(max_length=100)
    position = models.PositiveSmallIntegerField()
    title = models.JSONField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["scenario", "slug"], name="scenario_phase_once"
            ),
        ]

    def __str__(self):
        return self.title["en"]


class Objective(models.Model):
    """What to achieve in a phase, and the tutor's lines for it."""

    phase = models.ForeignKey(
        Phase, on_delete=models.CASCADE, related_name="objectives"
    )
    slug = models.SlugField(max_length=100)
    position = models.PositiveSmallIntegerField()
    title = models.JSONField()
    prompt = models.JSONField(help_text="hint, ask, recast, model, answer")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["phase", "slug"], name="scenario_objective_once"
            ),
        ]

    def __str__(self):
        return self.title["en"]


class ScenarioRun(models.Model):
    """One conversation's way through a scenario."""

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="scenario_runs",
        db_index=False,  # the unique constraints begin with it
    )
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="runs"
    )
    scenario = models.ForeignKey(
        Scenario, on_delete=models.RESTRICT, help_text="The version that it began with."
    )
    run_id = models.CharField(max_length=100, default=new_run_id)
    phase = models.ForeignKey(
        Phase,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        help_text="Where the run is; empty once it is finished.",
    )
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "conversation"], name="scenario_one_run"
            ),
            models.CheckConstraint(
                condition=Q(phase=None, finished_at__isnull=False)
                | Q(phase__isnull=False, finished_at=None),
                name="scenario_run_in_phase_or_finished",
            ),
        ]

    def __str__(self):
        return f"Run {self.run_id}"


class MetObjective(models.Model):
    """An objective of a run, with the message that met it."""

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="met_objectives",
        db_index=False,  # the unique constraint begins with it
    )
    run = models.ForeignKey(ScenarioRun, on_delete=models.CASCADE, related_name="met")
    objective = models.ForeignKey(Objective, on_delete=models.RESTRICT)
    message = models.ForeignKey(
        "conversations.ConversationMessage", on_delete=models.CASCADE
    )

    class Meta:
        ordering = ["message__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "run", "objective"], name="scenario_met_once"
            ),
        ]

    def __str__(self):
        return f"Objective {self.objective_id} met"
