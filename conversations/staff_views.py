"""Analytics of all learners, for staff, in the admin's look."""

import csv
from http import HTTPStatus

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from conversations.staff_figures import TABLES
from conversations.staff_forms import ScopeForm
from vocabulary.exchange.csv_files import disarmed

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
