"""A chart on a page: its drawing, its table, and the way to its CSV."""

from itertools import zip_longest
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import mark_safe

from progress.charts import shown
from progress.drawing import svg

register = template.Library()


@register.inclusion_tag("progress/_chart.html", takes_context=True)
def chart_figure(context, chart, wish=None):
    """Show the chart; `wish` is what it was asked for with: period and language."""
    data = chart.data
    native = context["request"].user.native_language
    wish = {name: value for name, value in (wish or {}).items() if value}
    rows = [
        (row, place)
        for row, place in zip_longest(data.rows, data.places)
        if any(row[1:])
    ]
    with translation.override(native):
        table = [{"place": place, "cells": _cells(data, row)} for row, place in rows]
    return {
        "chart": chart,
        "data": data,
        # Everything in it is escaped by what wrote it.
        "svg": "" if data.is_empty else mark_safe(svg(chart, native)),  # noqa: S308
        "table": table,
        "left_out": len(data.rows) - len(rows),
        "csv": _csv(chart, wish),
    }


def _cells(data, row):
    """Return each value as it is shown, with its column."""
    pairs = zip(row, data.columns, strict=True)
    return [(shown(value, column), column) for value, column in pairs]


def _csv(chart, wish):
    address = reverse("charts:csv", args=[chart.name])
    return f"{address}?{urlencode(wish)}" if wish else address
