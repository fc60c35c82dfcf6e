"""What the pages for taking words out and bringing them in are sent."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat

from lingo import languages
from vocabulary.errors import UnreadableFile
from vocabulary.exchange import importing, tables
from vocabulary.exchange.exporting import Format


class VocabularyExportForm(forms.Form):
    format = forms.ChoiceField(
        choices=Format, initial=Format.CSV, widget=forms.RadioSelect
    )
    language = forms.ChoiceField(
        required=False, choices=[("", "All languages"), *languages.CHOICES]
    )


class VocabularyUploadForm(forms.Form):
    """A file of words; its bytes are then in `content`."""

    file = forms.FileField(
        help_text="CSV, a text file or package (.apkg) from Anki, or Lingo’s JSON.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.apkg,.json"}),
    )
    language = forms.ChoiceField(
        required=False,
        choices=[("", "As the file says"), *languages.CHOICES],
        help_text="Of words whose language the file doesn’t name.",
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.MAX_UPLOAD:
            most = filesizeformat(settings.MAX_UPLOAD)
            raise ValidationError(f"A file has at most {most}.")
        self.content = file.read()
        try:
            importing.read(self.content, name=file.name)
        except UnreadableFile as error:
            raise ValidationError(str(error)) from error
        return file


class VocabularyImportForm(forms.Form):
    """What the columns of an uploaded table mean. An archive has nothing to choose.

    Raises UnreadableFile where the file can't be read as the form says.
    """

    language = VocabularyUploadForm.base_fields["language"]

    def __init__(self, data=None, *, upload):
        super().__init__(data, initial={"language": upload.language})
        self.source = importing.read(
            bytes(upload.content),
            name=upload.name,
            has_header=None if data is None else "has_header" in data,
        )
        self.table = self.source if isinstance(self.source, tables.Table) else None
        if self.table is None:
            del self.fields["language"]
            return
        if self.table.has_header is not None:
            self.fields["has_header"] = forms.BooleanField(
                label="The first line names the columns",
                required=False,
                initial=self.table.has_header,
            )
        guessed = tables.guess(self.table.columns)
        for at, (name, meaning) in enumerate(
            zip(self.table.columns, guessed, strict=True)
        ):
            self.fields[f"column_{at}"] = forms.ChoiceField(
                label=name,
                required=False,
                initial=meaning,
                choices=[("", "Leave out"), *tables.MEANINGS.items()],
            )

    def columns(self):
        """Return the fields of the table's columns, in order."""
        return [self[name] for name in self.fields if name.startswith("column_")]

    def clean(self):
        cleaned = super().clean()
        if self.table and not self.errors:
            try:
                tables.check([cleaned[column.name] for column in self.columns()])
            except ValueError as error:
                raise ValidationError(str(error)) from error
        return cleaned

    def found(self, learner):
        """Return what comes in as the form has it, whether it was sent or is new."""
        if self.table is None:
            return importing.found_in(learner, self.source)
        initial = {field.name: field.initial for field in self}
        chosen = self.cleaned_data if self.is_bound else initial
        return importing.found_in(
            learner,
            self.source,
            language=chosen["language"],
            meanings=[chosen[column.name] for column in self.columns()],
        )
