"""Writing a scenario: a form for the whole, and one for each objective.

The shape itself is checked by `own_scenario.read`; what it finds is said beside the
field that it is about.
"""

import uuid

from django import forms
from django.template.defaultfilters import filesizeformat

from conversations import own_scenario
from conversations.categories import Category
from conversations.errors import InvalidScenario
from conversations.own_scenario import LINE, MOST_OBJECTIVES, NOTE
from conversations.scenario_managers import OWN
from lingo import languages
from lingo.forms import StorableField

# How many objectives a new form has room for, and how many more each wish for more.
ROOM, MORE = 3, 2
# The longest list of lines that a box takes.
BOX = 20_000


def new_slug():
    return f"{OWN}{uuid.uuid4().hex[:12]}"


def _line(label, help_text="", **fields):
    return StorableField(label=label, help_text=help_text, max_length=LINE, **fields)


def _box(label, help_text="", rows=2, max_length=BOX, **fields):
    return StorableField(
        label=label,
        help_text=help_text,
        max_length=max_length,
        widget=forms.Textarea(attrs={"rows": rows}),
        **fields,
    )


class ScenarioForm(forms.Form):
    """All of a scenario but its objectives."""

    slug = StorableField(max_length=60, widget=forms.HiddenInput)
    language = forms.ChoiceField(label="I learn", choices=languages.CHOICES)
    native_language = forms.ChoiceField(
        label="Told in", choices=languages.CHOICES, help_text="What you write it in."
    )
    category = forms.ChoiceField(choices=Category.choices)
    level = forms.ChoiceField(choices=languages.Level.choices)
    title = _line("Title")
    setting = _box("Setting", "Where you are, and what you want.", max_length=LINE)
    tutor_role = _line("The tutor is", "For example: the baker.")
    learner_role = _line("You are", "For example: a customer.")
    words = _box(
        "Key words",
        "One a line, with its meaning: <em>pan = bread</em>.",
        rows=4,
        required=False,
    )
    phrases = _box(
        "Useful phrases",
        "One a line, with its meaning: <em>¿Algo más? = Anything else?</em>",
        rows=4,
        required=False,
    )
    closing = _box(
        "The tutor’s last words",
        "In the language that you learn; one line is chosen. Empty: a friendly word.",
        required=False,
    )
    culture = _box(
        "Good to know",
        "What is usual there and may surprise a visitor.",
        max_length=NOTE,
        required=False,
    )


class ObjectiveForm(forms.Form):
    """One objective; with a phase's title it begins that phase."""

    phase = _line(
        "Phase",
        "A title begins a new phase; empty, it belongs to the phase before.",
        required=False,
    )
    title = _line("What to do", "For example: Order bread.")
    hint = _line("Hint", "The idea of what to say, in one sentence.")
    ask = _box("What the tutor asks", "One question a line; one of them is chosen.")
    answers = _box(
        "What counts as an answer",
        "One a line, in any form and order of its words. “|” separates alternatives; "
        "“…” at the end stands for more words: <em>me llamo …</em>",
        rows=3,
    )
    model = _line("Model sentence", "It must hold one of the answers.")
    recast = _box(
        "How the tutor reacts",
        "One line is chosen; {answer} stands for what you said. Empty: a reaction that "
        "fits any answer.",
        required=False,
    )


class BaseObjectives(forms.BaseFormSet):
    """Forms of which those left empty are passed over."""

    def get_form_kwargs(self, index):
        options = {"empty_permitted": True, "use_required_attribute": False}
        return {**super().get_form_kwargs(index), **options}


Objectives = forms.formset_factory(
    ObjectiveForm,
    formset=BaseObjectives,
    extra=0,
    max_num=MOST_OBJECTIVES,
    absolute_max=MOST_OBJECTIVES + MORE,
    validate_max=True,
)


class Editor:
    """The form of a scenario with those of its objectives.

    `own` is the `OwnScenario` that was sent, once `is_valid()`.
    """

    def __init__(self, data=None, *, learner, language, own=None):
        self.own = own
        self.form = ScenarioForm(
            data,
            initial=_initial(own)
            if own
            else {
                "slug": new_slug(),
                "language": language,
                "native_language": learner.native_language,
            },
        )
        rows = _objectives(own) if own else []
        rows += [{}] * (ROOM - len(rows))
        # What is sent is not compared with what was: a form with any text counts.
        self.objectives = Objectives(
            data, initial=None if data else rows, prefix="objective"
        )

    @classmethod
    def with_more_room(cls, data, **options):
        """Return the form as it was sent, unchecked, with room for more objectives."""
        sent = cls(data, **options)
        made = cls(**options)
        made.form.initial = {
            name: sent.form[name].value() for name in ScenarioForm.base_fields
        }
        rows = [
            {name: form[name].value() for name in ObjectiveForm.base_fields}
            for form in sent.objectives.forms
        ]
        rows = (rows + [{}] * MORE)[:MOST_OBJECTIVES]
        made.objectives = Objectives(initial=rows, prefix="objective")
        return made

    @property
    def has_room(self):
        return len(self.objectives.forms) < MOST_OBJECTIVES

    @property
    def wrong(self):
        """Return the fields with an error, each with the number of its objective."""
        forms = [(0, self.form), *enumerate(self.objectives.forms, start=1)]
        return [
            (number, field)
            for number, form in forms
            for field in form.visible_fields()
            if field.errors
        ]

    def is_valid(self):
        # Both are asked, so that all errors are said at once.
        if not all([self.form.is_valid(), self.objectives.is_valid()]):
            return False
        data, forms_of = self._shape()
        if not data["phases"]:
            self.form.add_error(None, "A scenario needs at least one objective.")
            return False
        try:
            self.own = own_scenario.read(data)
        except InvalidScenario as error:
            for path, why in error.problems.items():
                self._say(path.split("."), why, forms_of)
            return False
        return True

    def _shape(self):
        """Return the sent texts in the interchange shape, and each objective's form."""
        sent = self.form.cleaned_data
        phases, forms_of = [], []
        for form in self.objectives.forms:
            texts = form.cleaned_data
            if not texts:  # left empty
                continue
            if texts["phase"] or not phases:
                title = texts["phase"] or sent["title"]
                phases.append({"title": title, "objectives": []})
                forms_of.append([])
            lists = {name: _lines(texts[name]) for name in ("ask", "answers", "recast")}
            lines = {name: texts[name] for name in ("title", "hint", "model")}
            phases[-1]["objectives"].append({**lines, **lists})
            forms_of[-1].append(form)
        return {
            **sent,
            "phases": phases,
            "closing": _lines(sent["closing"]),
            "words": _pairs(sent["words"]),
            "phrases": _pairs(sent["phrases"]),
            "culture": sent["culture"] or None,
        }, forms_of

    def _say(self, path, why, forms_of):
        """Say what is wrong beside the field that the path leads to."""
        if path[0] == "phases" and len(path) > 2:
            forms_of = forms_of[int(path[1])]
            form = forms_of[int(path[3])] if len(path) > 4 else forms_of[0]
            name = path[4] if len(path) > 4 else "phase"
            rest = path[5:]
        else:
            form, name, rest = self.form, path[0], path[1:]
        if name in ("words", "phrases") and rest:
            why = f"Line {int(rest[0]) + 1}: {_about(rest[1:])}{why}"
        form.add_error(name if name in form.fields else None, why)


def _about(rest):
    return "Write it as “word = meaning”. " if rest == ["translation"] else ""


def _lines(text):
    return [line for line in text.split("\n") if line.strip()]


def _pairs(text):
    """Return the lines “word = meaning” of a text as words."""
    pairs = (line.partition("=") for line in _lines(text))
    return [{"text": word, "translation": meaning} for word, _, meaning in pairs]


def _initial(own):
    def pairs(words):
        return "\n".join(f"{word.text} = {word.translation}" for word in words)

    return {
        **own.model_dump(mode="json", exclude={"format", "phases"}),
        "slug": own.name,
        "closing": "\n".join(own.closing),
        "words": pairs(own.words),
        "phrases": pairs(own.phrases),
        "culture": own.culture or "",
    }


def _objectives(own):
    return [
        {
            "phase": "" if place else phase.title,
            "title": objective.title,
            "hint": objective.hint,
            "ask": "\n".join(objective.ask),
            "answers": "\n".join(objective.answers),
            "model": objective.model,
            "recast": "\n".join(objective.recast),
        }
        for phase in own.phases
        for place, objective in enumerate(phase.objectives)
    ]


class ScenarioImportForm(forms.Form):
    """A file of scenarios, as they are exported; what is in it is then in `found`."""

    file = forms.FileField(
        help_text="JSON, as Lingo exports it: one scenario or several.",
        widget=forms.FileInput(attrs={"accept": ".json"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > own_scenario.MOST_BYTES:
            most = filesizeformat(own_scenario.MOST_BYTES)
            raise forms.ValidationError(f"A file has at most {most}.")
        try:
            self.found = own_scenario.read_file(file.read())
        except InvalidScenario as error:
            reasons = [f"{path}: {why}" for path, why in error.problems.items()]
            raise forms.ValidationError(reasons) from error
        return file
