"""What the review pages take: wishes, answers, ratings and settings."""

from datetime import timedelta

from django import forms

from lingo import languages
from lingo.forms import StorableField
from lingo.models import Learner
from vocabulary.managers import WORD_LENGTH
from vocabulary.models import Review

WEEKDAYS = (
    (0, "Monday"),
    (1, "Tuesday"),
    (2, "Wednesday"),
    (3, "Thursday"),
    (4, "Friday"),
    (5, "Saturday"),
    (6, "Sunday"),
)
DAY_MS = 24 * 60 * 60 * 1000


class WishForm(forms.Form):
    """Which words a learner reviews: of one language; all due, or as planned."""

    language = forms.ChoiceField(required=False, choices=languages.CHOICES)
    beyond = forms.BooleanField(required=False)


class AnswerForm(forms.Form):
    typed = StorableField(
        required=False,
        max_length=WORD_LENGTH,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "none",
                "autocorrect": "off",
                "spellcheck": "false",
                "autofocus": True,
                "aria-labelledby": "question",
            }
        ),
    )


class RatingForm(forms.Form):
    rating = forms.TypedChoiceField(
        choices=Review.Rating.choices,
        coerce=int,
        error_messages={"required": "Choose how well you knew it."},
    )
    duration_ms = forms.IntegerField(
        required=False, min_value=0, max_value=DAY_MS, widget=forms.HiddenInput
    )


class ReviewSettingsForm(forms.ModelForm):
    desired_retention = forms.IntegerField(
        label="Wanted retention in percent",
        min_value=80,
        max_value=97,
        help_text="How likely you want to know a word when it comes again: 80 to 97. "
        "More means more reviews; 90 suits most people.",
    )
    easy_days = forms.TypedMultipleChoiceField(
        required=False,
        coerce=int,
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
        help_text="On these days you are asked for half the reviews.",
    )

    class Meta:
        model = Learner
        fields = [
            "desired_retention",
            "new_words_a_day",
            "easy_days",
            "away_until",
            "minds_accents",
        ]
        labels = {
            "new_words_a_day": "New words a day, at most",
            "away_until": "Away until",
            "minds_accents": "Mind the accents in what I type",
        }
        help_texts = {
            "new_words_a_day": "0 to 200. Words beyond that wait for another day.",
            "away_until": "The last day of a holiday: until then nothing is asked. "
            "Empty if you are here.",
            "minds_accents": "An answer without its accents then counts as wrong. "
            "They are shown either way.",
        }
        widgets = {"away_until": forms.DateInput({"type": "date"}, "%Y-%m-%d")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        learner = self.instance
        self.initial["desired_retention"] = round(learner.desired_retention * 100)
        if learner.away_until and learner.away_until < learner.local_date():
            self.initial["away_until"] = None

    def clean_desired_retention(self):
        return self.cleaned_data["desired_retention"] / 100

    def clean_away_until(self):
        date = self.cleaned_data["away_until"]
        if date and date < self.instance.local_date():
            raise forms.ValidationError("This day is over. Choose a later one.")
        return date


class CatchUpForm(forms.Form):
    days = forms.IntegerField(
        label="Catch up in how many days?",
        min_value=2,
        max_value=60,
        help_text="2 to 60. What is overdue is spread evenly over these days.",
    )

    def save(self, learner):
        """Let the learner catch up in these days, with today."""
        days = timedelta(days=self.cleaned_data["days"] - 1)
        learner.catch_up_until = learner.local_date() + days
        learner.save(update_fields=["catch_up_until"])
