from django import forms
from django.template.defaultfilters import pluralize

from lingo import languages
from lingo.forms import PeriodFilterForm
from progress import computing
from progress.models import Goal, LearningProgress, StudySession


class DaysFilterForm(PeriodFilterForm):
    """Narrows the study days."""

    language = forms.ChoiceField(
        required=False, choices=[("", "All languages"), *languages.CHOICES]
    )

    field_order = ["language", "since", "until"]

    def narrowed(self, rows):
        """Return the rows, a QuerySet with languages and dates, that are wanted."""
        wanted, names = self.wanted(), ("language", "kind")
        columns = {name: wanted[name] for name in names if name in wanted}
        return rows.filter(**columns, **self.between("date"))


class SessionsFilterForm(DaysFilterForm):
    """Narrows the study sessions."""

    kind = forms.ChoiceField(
        required=False, choices=[("", "Any kind"), *StudySession.Kind.choices]
    )

    field_order = ["language", "kind", "since", "until"]


def amount_field(most):
    return forms.IntegerField(label="How many", min_value=1, max_value=most)


class GoalForm(forms.Form):
    """A new goal."""

    kind = forms.ChoiceField(label="What", choices=Goal.Kind)
    amount = amount_field(Goal.MOST)
    period = forms.ChoiceField(label="In", choices=Goal.Period)
    language = forms.ChoiceField(
        choices=[("", "All languages"), *languages.CHOICES],
        required=False,
    )

    def clean(self):
        given = super().clean()
        if {"kind", "amount", "period"} <= given.keys():
            most = Goal.most(given["kind"], given["period"])
            if given["amount"] > most:
                self.add_error("amount", f"A {given['period']} has {most} minutes.")
        return given


class GoalAmountForm(forms.Form):
    """Another amount for a goal."""

    def __init__(self, data=None, *, goal):
        initial, auto_id = {"amount": goal.amount}, f"goal_{goal.pk}_%s"
        super().__init__(data, initial=initial, auto_id=auto_id)
        self.fields["amount"] = amount_field(Goal.most(goal.kind, goal.period))


def choices():
    """Return the levels with their words, and none."""
    levels = [
        (level, f"{level} ({words:,} word{pluralize(words)})")
        for level, words in computing.WORDS.items()
    ]
    return [("", "No target"), *levels]


class TargetForm(forms.Form):
    """Which level the learner wants to reach in a skill."""

    language = forms.ChoiceField(choices=languages.CHOICES, widget=forms.HiddenInput)
    skill = forms.ChoiceField(
        choices=[(name, name) for name in LearningProgress.MEASURED],
        widget=forms.HiddenInput,
    )
    target_level = forms.TypedChoiceField(
        label="Level to reach",
        choices=choices,
        coerce=int,
        empty_value=None,
        required=False,
    )

    def __init__(self, *args, row=None, **kwargs):
        """`row` is the learner's progress that the form is shown for."""
        if row:
            self.summary = f"Target for {row.get_skill_display().lower()}"
            kwargs["auto_id"] = f"id_{row.language}_{row.skill}_%s"
            kwargs["initial"] = {name: getattr(row, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
