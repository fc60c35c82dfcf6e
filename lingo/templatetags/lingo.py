"""How every page writes things: symbols, navigation, dates and numbers."""

from django import template
from django.utils import formats, timezone, translation
from django.utils.html import format_html

from lingo.languages import in_language

register = template.Library()

# Each place in the navigation: its address, label and symbol, and its pages' names.
NAVIGATION = (
    ("conversations:home", "Home", "home", ("conversations:home",)),
    (
        "conversations:scenario-list",
        "Scenarios",
        "scene",
        ("conversations:scenario", "conversations:grammar"),
    ),
    ("conversations:list", "Conversations", "talk", ("conversations:",)),
    (
        "vocabulary:review",
        "Review",
        "review",
        ("vocabulary:review", "conversations:weak-point"),
    ),
    ("vocabulary:list", "Vocabulary", "words", ("vocabulary:",)),
    (
        "progress:overview",
        "Progress",
        "progress",
        (
            "progress:",
            "charts:",
            "week:",
            "conversations:achievement",
            "conversations:level",
            "conversations:correction",
            "vocabulary:review-list",
        ),
    ),
    (
        "profile",
        "Account",
        "person",
        ("profile", "account_", "conversations:costs"),
    ),
)


@register.simple_tag
def icon(name):
    """One of the symbols in _icons.html, as decoration beside a text."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="#icon-{}"></use></svg>', name
    )


@register.inclusion_tag("_navigation.html", takes_context=True)
def navigation(context):
    match = context["request"].resolver_match
    here = match.view_name if match else ""
    # The longest name says most: an app may have pages in more than one place.
    fitting = (name for *_, names in NAVIGATION for name in names)
    section = max(
        (name for name in fitting if here.startswith(name)), key=len, default=""
    )
    return {
        "places": [
            {
                "url_name": url_name,
                "label": label,
                "icon": symbol,
                "current": _current(here == url_name, section in names),
            }
            for url_name, label, symbol, names in NAVIGATION
        ]
    }


def _current(is_page, is_section):
    if is_page:
        return "page"
    return "true" if is_section else ""


register.filter(in_language)


@register.simple_tag(takes_context=True)
def moment(context, at):
    """When something was, in short: only the time, where it was today."""
    local = timezone.localtime(at)
    parts = ["TIME_FORMAT"]
    if local.date() != timezone.localdate():
        parts = [_date_format(context), "TIME_FORMAT"]
    return _time(context, local.isoformat(), local, *parts)


@register.simple_tag(takes_context=True)
def day(context, date):
    """A date, or the local date of a moment, the learner's own way."""
    if hasattr(date, "astimezone"):
        date = timezone.localtime(date).date()
    return _time(context, date.isoformat(), date, _date_format(context))


@register.simple_tag(takes_context=True)
def number(context, value, places=0):
    """A number with the separators of the learner's native language."""
    with translation.override(_native(context)):
        return formats.number_format(
            round(value, places), places, use_l10n=True, force_grouping=True
        )


@register.filter
def due_in(due):
    """When a review falls, in words: “now”, “tomorrow”, “in 3 days”."""
    if due <= timezone.now():
        return "now"
    days = (timezone.localtime(due).date() - timezone.localdate()).days
    if days <= 1:
        return "tomorrow" if days else "later today"
    for size, name in ((365, "year"), (30, "month"), (7, "week")):
        if days >= 2 * size:
            return f"in {days // size} {name}s"
    return f"in {days} days"


@register.filter
def interval(wait):
    """A span of time in short: “10 min”, “5 h”, “3 d”, “2 mo”, “1.5 y”."""
    minutes = wait.total_seconds() / 60
    days = minutes / 60 / 24
    if minutes < 59.5:
        return f"{max(1, round(minutes))} min"
    if days < 0.98:
        return f"{round(minutes / 60)} h"
    if days < 30.5:
        return f"{round(days)} d"
    if days < 350:
        return f"{days / 30.44:.1f}".removesuffix(".0") + " mo"
    return f"{days / 365.25:.1f}".removesuffix(".0") + " y"


def _native(context):
    return context["request"].user.native_language


def _date_format(context):
    # The short one of English is read differently in the USA and elsewhere.
    return "DATE_FORMAT" if _native(context) == "en" else "SHORT_DATE_FORMAT"


def _time(context, machine, value, *names):
    with translation.override(_native(context)):
        text = ", ".join(formats.date_format(value, name) for name in names)
    return format_html(
        '<time datetime="{}" lang="{}">{}</time>', machine, _native(context), text
    )
