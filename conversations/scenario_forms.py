"""What the pages of scenarios are sent."""

from django import forms

from conversations.categories import Category
from lingo import languages
from lingo.forms import StorableField


class ScenarioFilterForm(forms.Form):
    """Which scenarios to show; `language` is the one to play them in."""

    q = StorableField(
        label="Search",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(label="I learn", choices=languages.CHOICES)
    category = forms.ChoiceField(
        required=False, choices=[("", "All categories"), *Category.choices]
    )
    level = forms.ChoiceField(
        required=False, choices=[("", "All levels"), *languages.Level.choices]
    )
    show = forms.ChoiceField(
        required=False,
        choices=[
            ("", "All"),
            ("new", "Not played yet"),
            ("played", "Played"),
            ("own", "My own"),
        ],
    )

    def narrow(self, scenarios, learner):
        """Return those of the scenarios that are wanted."""
        wanted = self.cleaned_data
        for name in ("category", "level"):
            if wanted.get(name):
                scenarios = scenarios.filter(**{name: wanted[name]})
        if wanted.get("q"):
            scenarios = scenarios.matching(wanted["q"])
        match wanted.get("show"):
            case "new":
                scenarios = scenarios.filter(is_finished=False)
            case "played":
                scenarios = scenarios.filter(is_finished=True)
            case "own":
                scenarios = scenarios.own(learner)
        return scenarios


class LanguageForm(forms.Form):
    """The language to play a scenario in."""

    language = forms.ChoiceField(label="I learn", choices=languages.CHOICES)
