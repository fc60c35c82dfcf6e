"""The learner's profile, the probes, and the pages for what went wrong."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lingo.forms import ProfileForm


def profile(request):
    form = ProfileForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, "Your profile is saved.")
        return redirect("profile")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "lingo/profile.html", {"form": form}, status=status)


@never_cache
@require_safe
@login_not_required
def healthz(request):
    """Whether the process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
@login_not_required
def readyz(request):
    """Whether the database answers and has every migration."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return _not_ready("The database does not answer.")
    if missing:
        return _not_ready("The database lacks migrations.")
    return JsonResponse({"status": "ok"})


def _not_ready(reason):
    return JsonResponse(
        {"status": "not ready", "reason": reason},
        status=HTTPStatus.SERVICE_UNAVAILABLE,
    )


def bad_request(request, exception):
    return _sorry(request, HTTPStatus.BAD_REQUEST)


def permission_denied(request, exception):
    return _sorry(request, HTTPStatus.FORBIDDEN)


def page_not_found(request, exception):
    return _sorry(request, HTTPStatus.NOT_FOUND)


def csrf_failure(request, reason=""):
    """Answer a form whose token is missing or old, as after signing in elsewhere."""
    return _sorry(request, HTTPStatus.FORBIDDEN, template="403_csrf.html")


def server_error(request):
    """Answer after a crash: without database, session or context, so it can't fail."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    if _is_api(request):
        return _problem(status)
    return HttpResponse(render_to_string("500.html"), status=status)


def _sorry(request, status, template=None):
    if _is_api(request):
        return _problem(status)
    return render(request, template or f"{status}.html", status=status)


def _is_api(request):
    return request.path.startswith("/api/")


def _problem(status):
    return JsonResponse(
        {
            "type": "about:blank",
            "title": status.phrase,
            "status": status,
            "detail": status.description or status.phrase,
        },
        status=status,
        content_type="application/problem+json",
    )
