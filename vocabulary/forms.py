from django import forms

from lingo import languages
from lingo.forms import StorableField
from vocabulary.models import VocabularyItem


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
    due = forms.BooleanField(label="Only those due", required=False)


class VocabularyItemForm(forms.ModelForm):
    class Meta:
        model = VocabularyItem
        fields = ["translation", "definition", "example"]
        field_classes = dict.fromkeys(fields, StorableField)
        widgets = dict.fromkeys(
            ("definition", "example"), forms.Textarea(attrs={"rows": 3})
        )
