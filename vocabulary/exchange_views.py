"""Pages on which words go out and come in."""

from http import HTTPStatus

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from vocabulary.errors import VocabularyError
from vocabulary.exchange import exporting, importing
from vocabulary.exchange_forms import (
    VocabularyExportForm,
    VocabularyImportForm,
    VocabularyUploadForm,
)
from vocabulary.models import VocabularyUpload

# How many rows show what is in each column.
SAMPLE = 3


@require_safe
def export_words(request):
    """Ask what to take out, and give the file once that is said."""
    form = VocabularyExportForm(request.GET or None)
    if form.is_valid():
        made = exporting.export(
            request.user, form.cleaned_data["format"], form.cleaned_data["language"]
        )
        return FileResponse(
            made.file,
            as_attachment=True,
            filename=made.name,
            content_type=made.media_type,
        )
    return render(
        request, "vocabulary/export.html", {"form": form}, status=_status(form)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def import_words(request):
    """Take a file, and lead to its preview."""
    form = VocabularyUploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        upload = VocabularyUpload.objects.keep(
            request.user,
            name=form.cleaned_data["file"].name,
            content=form.content,
            language=form.cleaned_data["language"],
        )
        return redirect(upload)
    return render(
        request, "vocabulary/import.html", {"form": form}, status=_status(form)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def import_preview(request, pk):
    """Show what a file would bring, and bring it in; after that, what came of it."""
    mine = VocabularyUpload.objects.for_learner(request.user).waiting()
    upload = get_object_or_404(mine, pk=pk)
    upload.learner = request.user
    if upload.outcome is not None:
        return render(request, "vocabulary/import_done.html", {"upload": upload})
    sent = request.POST if request.method == "POST" else None
    try:
        form = VocabularyImportForm(sent, upload=upload)
        is_fine = form.is_valid() or not form.is_bound
        found = form.found(request.user) if is_fine else None
        if found and form.is_bound and "preview" not in sent:
            return redirect(importing.bring_in_upload(upload, found))
    except VocabularyError as error:
        messages.error(request, str(error))
        return redirect("vocabulary:import")
    context = {
        "upload": upload,
        "form": form,
        "sample": form.table and form.table.rows[:SAMPLE],
        "preview": found and importing.preview(request.user, found),
    }
    return render(
        request, "vocabulary/import_preview.html", context, status=_status(form)
    )


def _status(form):
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
