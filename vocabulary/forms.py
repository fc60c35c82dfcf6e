from django import forms
from django.db.models import F
from django.utils import timezone

from lingo import languages
from lingo.forms import PeriodFilterForm, StorableField
from vocabulary.managers import WORD_LENGTH, clean_word
from vocabulary.models import Review, VocabularyItem
from vocabulary.retention import counted, timed

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

# Which reviews a chart counts.
OF_REVIEWS = {"retention": counted, "pace": timed}


class DifficultyField(forms.IntegerField):
    """A difficulty from 1 to 10, or none."""

    def __init__(self, **kwargs):
        wrong = dict.fromkeys(
            ("invalid", "min_value", "max_value"), "A number from 1 to 10."
        )
        super().__init__(
            required=False, min_value=1, max_value=10, error_messages=wrong, **kwargs
        )


class VocabularyFilterForm(PeriodFilterForm):
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

    counted = forms.ChoiceField(
        label="Counted as",
        required=False,
        choices=[("", "Anything"), ("learned", "Learned"), ("known", "Known")],
        help_text="As on the progress page.",
    )

    MORE = ("source", "difficulty_from", "difficulty_to", "counted", "since", "until")

    field_order = ["q", "language", "stage", "order", "due"]

    def words_of(self, learner):
        """Return the items that are wanted, in order."""
        wanted = self.wanted()
        items = VocabularyItem.objects.for_learner(learner)
        if "due" in wanted:
            items = items.due(timezone.now(), learner.day_end())
        if "stage" in wanted:
            items = items.in_stage(wanted["stage"])
        if "q" in wanted:
            items = items.matching(wanted["q"])
        if "counted" in wanted:
            items = items.counted_as(wanted["counted"])
        columns = {
            "language": "language",
            "source": "source",
            "difficulty_from": "difficulty_level__gte",
            "difficulty_to": "difficulty_level__lte",
        }
        asked = {columns[name]: wanted[name] for name in columns if name in wanted}
        asked |= self.between("introduced_on")
        return items.filter(**asked).order_by(*ORDERS[wanted.get("order", "")])


class ReviewFilterForm(PeriodFilterForm):
    """Narrows the history of reviews."""

    OF = {
        "": "All reviews",
        "retention": "Those that retention counts",
        "pace": "Those that pace counts",
    }

    language = forms.ChoiceField(
        required=False, choices=[("", "All languages"), *languages.CHOICES]
    )
    rating = forms.TypedChoiceField(
        required=False,
        choices=[("", "Any rating"), *Review.Rating.choices],
        coerce=int,
        empty_value=None,
    )
    kind = forms.ChoiceField(
        label="In", required=False, choices=[("", "Anywhere"), *Review.Kind.choices]
    )
    of = forms.ChoiceField(label="Which", required=False, choices=list(OF.items()))
    undone = forms.BooleanField(label="Undone ones too", required=False)
    word = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        widget=forms.HiddenInput,
    )

    MORE = ("kind", "of", "undone")

    field_order = ["language", "rating", "since", "until"]

    def reviews_of(self, learner):
        """Return the reviews that are wanted, the latest first."""
        wanted = self.wanted()
        reviews = Review.objects.for_learner(learner).filter(
            **self.between("reviewed_on")
        )
        if "undone" not in wanted:
            reviews = reviews.standing()
        if "language" in wanted:
            mine = VocabularyItem.objects.for_learner(learner)
            items = mine.filter(language=wanted["language"])
            reviews = reviews.filter(item__in=items.values("pk"))
        if "of" in wanted:
            reviews = OF_REVIEWS[wanted["of"]](reviews)
        columns = {"rating": "rating", "kind": "kind", "word": "item"}
        asked = {columns[name]: wanted[name] for name in columns if name in wanted}
        return reviews.filter(**asked).latest_first()


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
