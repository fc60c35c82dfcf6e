"""Grammar flow charts: which there are, one whole, and one walked through."""

from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from conversations import flow_drawing, grammar
from conversations.grammar_forms import GrammarFilterForm
from conversations.models import Conversation, GrammarChart
from lingo.languages import LANGUAGES


@require_safe
def chart_list(request):
    """Show the charts of a language, or only those of a category of corrections."""
    language = Conversation.objects.latest_language(request.user)
    wanted = {"language": language, "category": ""}
    form = GrammarFilterForm(
        {**wanted, **request.GET.dict()}, native_language=request.user.native_language
    )
    form.is_valid()  # what can't be understood is said beside its field, and left out
    wanted |= form.cleaned_data
    charts = GrammarChart.objects.filter(language=wanted["language"])
    if wanted["category"]:
        charts = charts.of_category(wanted["category"])
    context = {
        "form": form,
        "charts": charts.defer("nodes"),
        "language": LANGUAGES[wanted["language"]],
    }
    return render(request, "conversations/grammar_list.html", context)


@require_safe
def detail(request, language, slug):
    chart = _chart(language, slug)
    boxes = grammar.boxes(chart.nodes, request.user.native_language)
    context = {
        "chart": chart,
        "language": LANGUAGES[language],
        "drawing": flow_drawing.draw(boxes),
        "told": grammar.tell(boxes),
    }
    return render(request, "conversations/grammar_detail.html", context)


@require_safe
def walk(request, language, slug):
    """Ask the chart's questions one by one.

    The query's `at`, once for each answer, names the node that the answer led to.
    """
    chart = _chart(language, slug)
    boxes = grammar.boxes(chart.nodes, request.user.native_language)
    answers = request.GET.getlist("at")
    try:
        *done, here = grammar.walk(boxes, answers)
    except ValueError as error:
        raise Http404(str(error)) from error
    address = reverse("conversations:grammar-walk", args=[language, slug])
    context = {
        "chart": chart,
        "language": LANGUAGES[language],
        "address": address,
        "done": [
            {
                "question": part.boxes[-1].text,
                "answer": part.chosen,
                "address": _address(address, part.answers),
            }
            for part in done
        ],
        "here": here.boxes,
        "answers": [
            {"label": way.answer, "address": _address(address, [*answers, way.to])}
            for way in here.boxes[-1].ways
        ],
    }
    return render(request, "conversations/grammar_walk.html", context)


def _address(walk, answers):
    query = urlencode([("at", answer) for answer in answers])
    return f"{walk}?{query}" if query else walk


def _chart(language, slug):
    if language not in LANGUAGES:
        raise Http404("There is no such language.")
    return get_object_or_404(GrammarChart, language=language, slug=slug)
