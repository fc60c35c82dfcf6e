"""The library of scenarios: which there are, one of them, and its words."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from conversations import learning_first
from conversations.forms import ConversationForm
from conversations.models import Conversation, Scenario
from conversations.recommending import recommend
from conversations.scenario_forms import LanguageForm, ScenarioFilterForm
from lingo.languages import LANGUAGES, Level, other_than

PAGE = 12


@require_safe
def scenario_list(request):
    learner = request.user
    latest = Conversation.objects.for_learner(learner).latest_first()
    latest = latest.select_related("scenario").first()
    language = latest.language if latest else other_than(learner.native_language)
    form = ScenarioFilterForm({"language": language, **request.GET.dict()})
    form.is_valid()  # what can't be understood is said beside its field, and left out
    language = form.cleaned_data.get("language", language)
    found = Scenario.objects.offered_to(learner).brief().playable_in(language)
    found = form.narrow(found.with_finished(learner, language), learner)
    page = Paginator(found.easiest_first(), PAGE).get_page(request.GET.get("page"))
    level = (latest and latest.vocabulary_level) or Level.BEGINNER
    is_whole = request.GET.keys() <= {"language"}
    context = {
        "form": form,
        "page": page,
        "language": language,
        "recommended": recommend(
            learner, language, level, after=latest and latest.scenario
        )
        if is_whole
        else [],
    }
    return render(request, "conversations/scenario_list.html", context)


@require_safe
def scenario_detail(request, slug):
    learner, scenario = request.user, scenario_of(request.user, slug)
    language = language_of(request, scenario, request.GET)
    native = scenario.told_in(learner.native_language)
    initial = {
        **ConversationForm.initial_for(learner),
        "language": language,
        "vocabulary_level": scenario.level,
        "about": f"scenario:{slug}",
    }
    context = {
        "scenario": scenario,
        "phases": scenario.phases.prefetch_related("objectives"),
        "native": native,
        "language": language,
        "language_name": LANGUAGES[language].name,
        "useful": learning_first.useful(scenario, learner, language),
        "learned": learning_first.learned(scenario, learner, language).count(),
        "culture": scenario.culture.get(language, {}).get(native, ""),
        "choose": LanguageForm(initial={"language": language}),
        "form": ConversationForm(initial=initial, learner=learner),
    }
    return render(request, "conversations/scenario_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def scenario_learn(request, slug):
    """Add the words that the learner doesn't know, or take them out again."""
    scenario = scenario_of(request.user, slug)
    language = language_of(request, scenario, request.POST or request.GET)
    if request.method == "POST" and "undo" in request.POST:
        number = learning_first.unlearn(scenario, request.user, language)
        messages.success(request, f"{_counted(number)} taken out of your vocabulary.")
    elif request.method == "POST":
        number = len(learning_first.learn(scenario, request.user, language))
        messages.success(request, f"{_counted(number)} added to your vocabulary.")
    back = f"{scenario.get_absolute_url()}?language={language}#words"
    return HttpResponseRedirect(back)


def _counted(number):
    return "One word or phrase" if number == 1 else f"{number} words and phrases"


def scenario_of(learner, slug):
    """Return the current version of a scenario that the learner can reach, or 404."""
    reachable = Scenario.objects.current().reachable_by(learner)
    return get_object_or_404(reachable, slug=slug)


def language_of(request, scenario, query):
    """Return the language to show it in: its only one, the wanted one, the latest."""
    form = LanguageForm(query)
    if scenario.language:
        return scenario.language
    if form.is_valid():
        return form.cleaned_data["language"]
    return Conversation.objects.latest_language(request.user)
