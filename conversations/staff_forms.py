from datetime import timedelta

from django import forms

from conversations.models import ConversationMessage, Correction
from conversations.staff_tables import Scope
from conversations.week import Week
from lingo import languages
from lingo.forms import DayField

# How many weeks are shown first, with the running one; and the longest period.
WEEKS = 12
MOST_DAYS = 3 * 366


class CheckForm(forms.Form):
    """What staff thinks of a message's corrections, and how many errors they missed."""

    message = forms.ModelChoiceField(
        ConversationMessage.objects.filter(role=ConversationMessage.Role.USER),
        widget=forms.HiddenInput,
    )
    missed = forms.IntegerField(
        label="Errors that no correction found",
        min_value=0,
        max_value=1000,
        initial=0,
    )

    def __init__(self, *args, corrections=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.of = {f"correction-{found.pk}": found for found in corrections}
        for name, correction in self.of.items():
            field = forms.ChoiceField(
                label=str(correction),
                choices=Correction.Verdict.choices,
                widget=forms.RadioSelect,
            )
            field.correction = correction  # type: ignore[attr-defined]
            self.fields[name] = field
        self.order_fields([*self.of, "missed"])

    @property
    def verdicts(self):
        """The verdicts of a valid form by the corrections' keys."""
        return {found.pk: self.cleaned_data[name] for name, found in self.of.items()}


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
