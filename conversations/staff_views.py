"""Analytics of all learners, for staff, in the admin's look."""

import csv
from http import HTTPStatus

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from conversations import checking
from conversations.models import ConversationMessage, Correction
from conversations.staff_figures import TABLES
from conversations.staff_forms import CheckForm, ScopeForm
from vocabulary.exchange.csv_files import disarmed

may_check = permission_required(
    ["conversations.view_conversation", "conversations.change_correction"],
    raise_exception=True,
)
may_view = permission_required("conversations.view_conversation", raise_exception=True)


@require_safe
@may_view
def analytics(request):
    form = ScopeForm(request.GET, staff=request.user)
    is_fine = form.is_valid()
    context = {
        **admin.site.each_context(request),
        "title": "Analytics",
        "form": form,
        "scope": form.scope if is_fine else None,
        "tables": [make(form.scope) for make in TABLES.values()] if is_fine else [],
    }
    status = HTTPStatus.OK if is_fine else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "admin/analytics.html", context, status=status)


@require_safe
@may_view
def table_csv(request, name):
    """One table of the page as CSV: shares as numbers, empty where nothing is known."""
    if name not in TABLES:
        raise Http404("There is no such table.")
    form = ScopeForm(request.GET, staff=request.user)
    if not form.is_valid():  # the page says why
        page = reverse("staff:analytics")
        return HttpResponseRedirect(f"{page}?{request.GET.urlencode()}")
    table = TABLES[name](form.scope)
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="lingo-{name}.csv"'},
    )
    response.write("\ufeff")  # the mark that Excel looks for
    writer = csv.writer(response)
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow(
            disarmed("" if cell.value is None else str(cell.value)) for cell in row
        )
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@may_check
def check_message(request):
    """Show a message drawn at random, and save what staff thinks of it."""
    message, form, status = None, None, HTTPStatus.OK
    if request.method == "POST":
        message = _message(request.POST.get("message"))
        form = _check_form(message, request.POST)
        if form.is_valid() and _is_checked(request, message, form):
            return redirect("staff:check-message")
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    else:
        message = checking.draw()
        form = message and _check_form(message)
    context = {
        **admin.site.each_context(request),
        "title": "Check a message",
        "message": message,
        "form": form,
    }
    return render(request, "admin/check_message.html", context, status=status)


def _message(key):
    """Return the learner's message of the form. Raises Http404."""
    said = ConversationMessage.objects.filter(role=ConversationMessage.Role.USER)
    try:
        return said.get(pk=key)
    except (ConversationMessage.DoesNotExist, ValueError, OverflowError) as error:
        raise Http404("There is no such message.") from error


def _check_form(message, sent=None):
    found = Correction.objects.of([message])
    return CheckForm(sent, initial={"message": message.pk}, corrections=found)


def _is_checked(request, message, form):
    """Save the check; False, with the form's error, where its corrections changed."""
    try:
        missed = form.cleaned_data["missed"]
        if not checking.check(message, form.verdicts, missed, request.user):
            messages.warning(request, "Somebody else has checked that message.")
    except ValueError as error:
        form.add_error(None, str(error))
        return False
    return True
