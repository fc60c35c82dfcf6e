"""A learner's charts and advice; each chart's rows as CSV."""

import csv
from http import HTTPStatus

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conversations import advising, charts
from lingo import languages
from progress import periods
from progress.charts_data import Asked
from vocabulary.exchange.csv_files import disarmed


class ChartsForm(forms.Form):
    period = forms.ChoiceField(choices=periods.CHOICES)
    language = forms.ChoiceField(
        required=False, choices=[("", "All languages"), *languages.CHOICES]
    )

    def asked(self, learner):
        """Return what a valid form asks for."""
        chosen = self.cleaned_data
        return Asked(learner, int(chosen["period"]), chosen["language"])


def _form(request):
    """Return the form of the address, which may leave the period out."""
    return ChartsForm({"period": periods.DEFAULT, **request.GET.dict()})


@require_safe
def page(request):
    form = _form(request)
    if not form.is_valid():
        return _refused(request, form)
    asked = form.asked(request.user)
    context = {
        "form": form,
        "charts": charts.every(asked),
        "advice": advising.advise(asked),
    }
    return render(request, "conversations/charts.html", context)


@require_safe
def table(request, name):
    """The rows of one chart as CSV, in UTF-8 with the mark that Excel looks for."""
    if name not in charts.CHARTS:
        raise Http404("There is no such chart.")
    form = _form(request)
    if not form.is_valid():
        return _refused(request, form)
    data = charts.chart(name, form.asked(request.user)).data
    file = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    file["Content-Disposition"] = f'attachment; filename="lingo-{name}.csv"'
    writer = csv.writer(file)
    writer.writerow(column.name for column in data.columns)
    for row in data.rows:
        writer.writerow("" if cell is None else disarmed(str(cell)) for cell in row)
    return file


def _refused(request, form):
    return render(
        request,
        "conversations/charts.html",
        {"form": form},
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
    )
