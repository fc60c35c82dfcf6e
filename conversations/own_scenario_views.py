"""A learner's own scenarios: writing, seeing before saving, deleting, as files."""

import json
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import pluralize
from django.views.decorators.http import require_http_methods, require_safe

from conversations import own_scenario
from conversations.errors import TooManyScenarios
from conversations.models import Conversation, Scenario
from conversations.own_scenario_forms import Editor, ScenarioImportForm


@require_http_methods(["GET", "HEAD", "POST"])
def own_create(request):
    return _write(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def own_edit(request, slug):
    return _write(request, _mine(request, slug))


def _write(request, scenario):
    """Show the form, more of it, what it makes, or save it: what was asked for."""
    options = {
        "learner": request.user,
        "language": Conversation.objects.latest_language(request.user),
        "own": scenario and own_scenario.of(scenario),
    }
    status, preview = HTTPStatus.OK, None
    if request.method != "POST":
        editor = Editor(**options)
    elif "more" in request.POST:
        editor = Editor.with_more_room(request.POST, **options)
    else:
        sent = request.POST.copy()
        if scenario:
            sent["slug"] = scenario.slug
        editor = Editor(sent, **options)
        if not editor.is_valid():
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        elif "preview" in request.POST:
            preview = editor.own
        else:
            try:
                (saved,) = Scenario.objects.write(request.user, [editor.own])
            except TooManyScenarios as error:
                editor.form.add_error(None, str(error))
                status = HTTPStatus.CONFLICT
            else:
                messages.success(request, f"“{saved}” is saved.")
                return redirect(saved)
    context = {
        "scenario": scenario,
        "form": editor.form,
        "objectives": editor.objectives,
        "has_room": editor.has_room,
        "wrong": editor.wrong,
        "preview": preview,
    }
    template = "conversations/own_scenario_write.html"
    return render(request, template, context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def own_delete(request, slug):
    scenario = _mine(request, slug)
    if request.method != "POST":
        context = {"scenario": scenario}
        return render(request, "conversations/own_scenario_delete.html", context)
    Scenario.objects.withdraw(scenario.slug, owner=request.user)
    messages.success(request, f"“{scenario}” is deleted.")
    return redirect("conversations:scenario-list")


@require_safe
def own_export(request, slug=None):
    """Give one of the learner's scenarios as a file, or all of them."""
    if slug:
        data = own_scenario.dump(own_scenario.of(_mine(request, slug)))
    else:
        mine = Scenario.objects.current().own(request.user).whole().order_by("slug")
        data = {"scenarios": [own_scenario.dump(own_scenario.of(one)) for one in mine]}
    text = json.dumps(data, ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json")
    name = f"lingo-{slug or 'scenarios'}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def own_import(request):
    form = ScenarioImportForm(request.POST or None, request.FILES or None)
    status = HTTPStatus.OK
    if form.is_valid():
        mine = Scenario.objects.current().own(request.user)
        before = set(mine.values_list("pk", flat=True))
        try:
            saved = Scenario.objects.write(request.user, form.found)
        except TooManyScenarios as error:
            form.add_error("file", str(error))
            status = HTTPStatus.CONFLICT
        else:
            number = sum(scenario.pk not in before for scenario in saved)
            said = f"{number} scenario{pluralize(number)} brought in."
            if same := len(saved) - number:
                said += f" {same} had not changed."
            messages.success(request, said)
            return redirect("conversations:scenario-list")
    elif request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(
        request, "conversations/own_scenario_import.html", {"form": form}, status=status
    )


def _mine(request, slug):
    mine = Scenario.objects.current().own(request.user).whole()
    scenario = get_object_or_404(mine, slug=slug)
    scenario.owner = request.user
    return scenario
