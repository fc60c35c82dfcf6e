import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from conversations.managers import ScenarioManager
from lingo import languages


def new_run_id():
    return str(uuid.uuid4())


class Scenario(models.Model):
    """A situation to practise, as its content file describes it.

    The texts are tables by language code; see conversations/content/README.md.
    """

    slug = models.SlugField(max_length=100, unique=True)
    category = models.CharField(max_length=50)
    level = models.CharField(max_length=32, choices=languages.Level)
    title = models.JSONField()
    setting = models.JSONField()
    tutor_role = models.JSONField()
    learner_role = models.JSONField()
    closing = models.JSONField()
    words = models.JSONField()
    phrases = models.JSONField(default=list, blank=True)
    culture = models.JSONField(default=dict, blank=True)

    objects = ScenarioManager()

    class Meta:
        ordering = ["slug"]

    def __str__(self):
        return self.title["en"]

    def get_absolute_url(self):
        return reverse("conversations:scenario-detail", args=[self.slug])


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
    is_retired = models.BooleanField(
        default=False, help_text="No longer asked for; kept for those who met it."
    )

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
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT)
    run_id = models.CharField(max_length=100, default=new_run_id)
    phase = models.ForeignKey(
        Phase,
        on_delete=models.PROTECT,
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
    objective = models.ForeignKey(Objective, on_delete=models.PROTECT)
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
