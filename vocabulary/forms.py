from django import forms
from django.db.models import F
from django.utils import timezone

from lingo import languages
from lingo.forms import StorableField
from vocabulary.managers import WORD_LENGTH, clean_word
from vocabulary.models import VocabularyItem

Source, Stage = VocabularyItem.Source, VocabularyItem.Stage

STAGES = [
    (stage, f"Known for {VocabularyItem.KNOWN_DAYS} days" if stage == "known" else name)
    for stage, name in Stage.choices
]
ORDERS = {
    "": ("-introduced_at", "-pk"),
    "due": ("is_suspended", "due", "pk"),
    "hardest": ("-difficulty_level", "-lapses", "-pk"),
    "alphabetical": ("language", "lemma"),
    "commonest": (F("frequency").desc(nulls_last=True), "language", "lemma"),
}


class DifficultyField(forms.IntegerField):
    """A difficulty from 1 to 10, or none."""

    def __init__(self, **kwargs):
        wrong = dict.fromkeys(
            ("invalid", "min_value", "max_value"), "A number from 1 to 10."
        )
        super().__init__(
            required=False, min_value=1, max_value=10, error_messages=wrong, **kwargs
        )


class VocabularyFilterForm(forms.Form):
    q = StorableField(
        label="Search",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        required=False, choices=[("", "All languages"), *languages.CHOICES]
    )
    stage = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "Any state"), *STAGES],
    )
    order = forms.ChoiceField(
        required=False,
        choices=[
            ("", "Newest first"),
            ("due", "Due first"),
            ("hardest", "Hardest first"),
            ("alphabetical", "Alphabetical"),
            ("commonest", "Commonest first"),
        ],
    )
    due = forms.BooleanField(label="Due only", required=False)
    source = forms.ChoiceField(
        required=False, choices=[("", "Any source"), *Source.choices]
    )
    difficulty_from = DifficultyField(label="Difficulty from")
    difficulty_to = DifficultyField(label="Difficulty to")

    # Shown only when asked for, or where they narrow the list.
    MORE = ("source", "difficulty_from", "difficulty_to")

    def main_fields(self):
        return [field for field in self if field.name not in self.MORE]

    def more_fields(self):
        return [self[name] for name in self.MORE]

    def uses_more(self):
        return any(self[name].value() for name in self.MORE)

    def words_of(self, learner):
        """Return the items that are wanted, in order; what makes no sense is left out.

        The form says that beside its field.
        """
        self.is_valid()
        wanted = {name: value for name, value in self.cleaned_data.items() if value}
        items = VocabularyItem.objects.for_learner(learner)
        if "due" in wanted:
            items = items.due(timezone.now(), learner.day_end())
        if "stage" in wanted:
            items = items.in_stage(wanted["stage"])
        if "q" in wanted:
            items = items.matching(wanted["q"])
        columns = {
            "language": "language",
            "source": "source",
            "difficulty_from": "difficulty_level__gte",
            "difficulty_to": "difficulty_level__lte",
        }
        asked = {columns[name]: wanted[name] for name in columns if name in wanted}
        return items.filter(**asked).order_by(*ORDERS[wanted.get("order", "")])


class BulkForm(forms.Form):
    """What to do with several words of a page: those chosen, or all that it shows.

    Keys that can't be any are passed over like those of nobody's words.
    """

    ACTIONS = {"suspend": "suspended", "resume": "resumed", "delete": "deleted"}

    action = forms.ChoiceField(
        choices=list(ACTIONS.items()),
        error_messages={
            "required": "Choose what to do.",
            "invalid_choice": "Choose what to do.",
        },
    )
    all = forms.BooleanField(required=False)

    def clean(self):
        cleaned = super().clean()
        sent = self.data.getlist("shown" if cleaned.get("all") else "pk")
        keys = [key for key in sent if key.isdecimal() and len(key) <= 18]
        cleaned["pks"] = sorted({int(key) for key in keys})
        if not sent:
            self.add_error(None, "Choose at least one word.")
        return cleaned


class NewWordForm(forms.ModelForm):
    """A word that the learner adds by hand."""

    word = StorableField(max_length=WORD_LENGTH)

    class Meta:
        model = VocabularyItem
        fields = ["language", "word", "translation", "definition", "example"]
        field_classes = dict.fromkeys(
            ("translation", "definition", "example"), StorableField
        )
        widgets = {
            "definition": forms.Textarea(attrs={"rows": 3}),
            "example": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {"example": "A sentence in which it occurs."}

    def clean_word(self):
        try:
            return clean_word(self.cleaned_data["word"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class VocabularyItemForm(forms.ModelForm):
    class Meta:
        model = VocabularyItem
        fields = ["translation", "definition", "example"]
        field_classes = dict.fromkeys(fields, StorableField)
        widgets = dict.fromkeys(
            ("definition", "example"), forms.Textarea(attrs={"rows": 3})
        )
