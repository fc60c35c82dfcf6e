from datetime import timedelta

from django import forms

from conversations.staff_tables import Scope
from conversations.week import Week
from lingo import languages
from lingo.forms import DayField

# How many weeks are shown first, with the running one; and the longest period.
WEEKS = 12
MOST_DAYS = 3 * 366


class ScopeForm(forms.Form):
    """What the analytics are of; what is left empty has a default."""

    since = DayField("From")
    until = DayField("To")
    step = forms.ChoiceField(
        label="By",
        required=False,
        choices=[("week", "Week"), ("day", "Day"), ("month", "Month")],
    )
    language = forms.ChoiceField(
        required=False, choices=[("", "All languages"), *languages.CHOICES]
    )
    native_language = forms.ChoiceField(
        required=False, choices=[("", "All native languages"), *languages.CHOICES]
    )

    def __init__(self, *args, staff, **kwargs):
        super().__init__(*args, **kwargs)
        self.staff = staff

    def clean(self):
        sent = super().clean()
        if self.errors:
            return sent
        until = sent["until"] or self.staff.local_date()
        since = sent["since"] or Week.of(until - timedelta(weeks=WEEKS - 1)).monday
        if since > until:
            self.add_error("since", "The period ends before it begins.")
        elif (until - since).days > MOST_DAYS:
            self.add_error("since", "A period is at most three years.")
        return {**sent, "since": since, "until": until, "step": sent["step"] or "week"}

    @property
    def scope(self):
        """The `Scope` that a valid form asks for."""
        return Scope(self.staff, **self.cleaned_data)
