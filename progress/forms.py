from django import forms

from lingo import languages
from progress.models import Goal


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
