"""Forms of the account, and what other apps' forms are made of."""

from datetime import date

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from lingo import languages
from lingo.models import Learner, time_zones, validate_time_zone
from lingo.text import storable


class StorableField(forms.CharField):
    """A text that every database can hold, in NFC and with plain line ends.

    Browsers send line ends as CR LF: a message sent with and without JavaScript is one
    message all the same.
    """

    def to_python(self, value):
        try:
            return storable(super().to_python(value)).replace("\r\n", "\n")
        except ValueError as error:
            raise ValidationError(str(error), code="unstorable") from error


class DayField(forms.DateField):
    """A day that a period begins or ends with; it may be left out."""

    def __init__(self, label):
        super().__init__(
            label=label,
            required=False,
            widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            validators=[
                MinValueValidator(date(1900, 1, 1)),
                MaxValueValidator(date(2999, 12, 31)),
            ],
        )


class FilterForm(forms.Form):
    """What narrows a list, in its address.

    What can't be understood is said beside its field, and left out.
    """

    # Fields shown only when asked for, or where they narrow the list.
    MORE: tuple[str, ...] = ()

    def main_fields(self):
        return [field for field in self.visible_fields() if field.name not in self.MORE]

    def more_fields(self):
        return [self[name] for name in self.MORE]

    def uses_more(self):
        return any(self[name].value() for name in self.MORE)

    def wanted(self):
        """Return what is asked for, by field: {name: value}."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class PeriodFilterForm(FilterForm):
    """Narrows a list also to the days from one to another, both included."""

    since = DayField("From")
    until = DayField("To")

    def between(self, column):
        """Return the conditions that the dates in this column must meet."""
        wanted, ends = self.wanted(), {"since": "gte", "until": "lte"}
        return {
            f"{column}__{ends[name]}": wanted[name] for name in ends if name in wanted
        }


class TimeZoneInput(forms.TextInput):
    """A text box that searches the time zones, which _field.html lists with it."""

    zones = staticmethod(time_zones)

    def __init__(self, **attrs):
        super().__init__({"list": "time-zones", "autocomplete": "off", **attrs})


class ProfileForm(forms.ModelForm):
    class Meta:
        model = Learner
        fields = [
            "native_language",
            "time_zone",
            "daily_goal",
            "feedback_style",
            "marks_words",
            "shows_streak",
            *("known_words", "monthly_cost_limit"),
        ]
        labels = {
            "known_words": "How many of a hundred words you want to know",
            "monthly_cost_limit": "Most US dollars a month",
            "daily_goal": "Daily goal in minutes",
            "feedback_style": "Corrections",
            "marks_words": "Mark known and new words in messages",
            "shows_streak": "Show my streak",
        }
        help_texts = {
            "native_language": "Hints and translations are in this language.",
            "time_zone": "Your days begin and end by it. Type to search.",
            "daily_goal": "How many minutes a day you want to study.",
            "feedback_style": "At once under your sentence; a hint first, then the "
            "rule, then the answer; at the end, on the summary; or none.",
            "marks_words": "Also shows how many of a message’s words you know.",
            "shows_streak": "How many days in a row you have studied.",
            "known_words": "In what a language model says to you: from 90, which is "
            "hard, to 98, which is easy.",
            "monthly_cost_limit": "For talk with a language model. Beyond it, the "
            "guided tutor goes on. This site may set a lower limit.",
        }
        widgets = {"time_zone": TimeZoneInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not settings.TUTOR_MODEL:
            del self.fields["known_words"], self.fields["monthly_cost_limit"]


class SignupForm(forms.Form):
    """What signing up asks beside allauth's own fields."""

    native_language = forms.ChoiceField(
        choices=languages.CHOICES,
        help_text=ProfileForm.Meta.help_texts["native_language"],
    )
    time_zone = forms.CharField(
        initial="UTC",
        validators=[validate_time_zone],
        help_text=ProfileForm.Meta.help_texts["time_zone"],
        widget=TimeZoneInput(**{"data-browser-zone": True}),
    )

    def signup(self, request, learner):
        learner.native_language = self.cleaned_data["native_language"]
        learner.time_zone = self.cleaned_data["time_zone"]
        learner.save(update_fields=["native_language", "time_zone"])
