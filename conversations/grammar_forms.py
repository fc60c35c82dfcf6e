import json

from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput
from pydantic import ValidationError as Malformed

from conversations import grammar
from conversations.feedback.categories import choices_in
from conversations.models import GrammarChart
from lingo import languages
from lingo.text import storable_json


class GrammarFilterForm(forms.Form):
    language = forms.ChoiceField(choices=languages.CHOICES)
    category = forms.ChoiceField(required=False)

    def __init__(self, *args, native_language, **options):
        super().__init__(*args, **options)
        named = choices_in(native_language)
        self.fields["category"].choices = [("", "All of them"), *named]


class Indented(json.JSONEncoder):
    def __init__(self, **options):
        super().__init__(**{**options, "indent": 2})


class TableField(forms.JSONField):
    """JSON that is written to be read; what was typed stays as it was typed."""

    widget = forms.Textarea(attrs={"rows": 30, "class": "vLargeTextField"})

    def __init__(self, **options):
        options.pop("encoder", None)
        super().__init__(encoder=Indented, **options)

    def to_python(self, value):
        try:
            return storable_json(super().to_python(value))
        except (ValueError, RecursionError) as error:
            raise ValidationError(f"This can’t be read: {error}") from error

    def bound_data(self, data, initial):
        return None if data is None else InvalidJSONInput(data)


class GrammarChartForm(forms.ModelForm):
    """A chart as staff edit it: checked as a content file is."""

    class Meta:
        model = GrammarChart
        fields = ["title", "categories", "nodes"]
        field_classes = dict.fromkeys(fields, TableField)
        widgets = {"categories": forms.Textarea(attrs={"rows": 3})}

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        nodes = cleaned["nodes"]
        sent = {name: cleaned[name] for name in ("title", "categories")}
        try:
            checked = grammar.ChartContent.model_validate({**sent, "node": nodes})
        except Malformed as error:
            for one in error.errors(include_url=False, include_input=False):
                self._say(one, nodes)
            return cleaned
        return {
            **checked.model_dump(include={"title", "categories"}),
            "nodes": checked.nodes(),
        }

    def _say(self, error, nodes):
        """Say what is wrong beside its field, with the node that it is in."""
        field, *place = error["loc"]
        reason = error["msg"].removeprefix("Value error, ")
        if field == "node" and place:
            node = nodes[place[0]]
            name = node.get("id") if isinstance(node, dict) else None
            place[0] = f"node {place[0] + 1}" + (f" (“{name}”)" if name else "")
        where = ", ".join(str(step) for step in place)
        message = f"{where}: {reason}" if where else reason
        self.add_error("nodes" if field == "node" else field, message)
