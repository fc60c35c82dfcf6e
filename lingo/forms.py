"""Forms of the account, and the field that every form takes its texts with."""

from django import forms
from django.core.exceptions import ValidationError

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
            "marks_words",
            "shows_streak",
        ]
        labels = {
            "daily_goal": "Daily goal in minutes",
            "marks_words": "Mark known and new words in messages",
            "shows_streak": "Show my streak",
        }
        help_texts = {
            "native_language": "Hints and translations are in this language.",
            "time_zone": "Your days begin and end by it. Type to search.",
            "daily_goal": "How many minutes a day you want to study.",
            "marks_words": "Also shows how many of a message’s words you know.",
            "shows_streak": "How many days in a row you have studied.",
        }
        widgets = {"time_zone": TimeZoneInput}


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
