"""The images and documents of entries, handed out so that no browser runs what is in them."""

from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from common.kept_uploads import kept
from stocktaking.documents import NOTHING_RUNS
from stocktaking.models import Attachment, Project
from stocktaking.views.public import small_copy

AN_HOUR = (
    3600  # seconds; longer, and a file found to be infected would live on in caches
)


@login_required
@require_safe
def kept_image(request: HttpRequest, token: str) -> HttpResponse:
    """A picture that was chosen on a page which came back with an error, for that page."""
    upload = kept(token)
    if upload is None or upload["kind"] != Attachment.Kind.IMAGE:
        raise Http404
    response = HttpResponse(upload["content"], content_type="image/webp")
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = NOTHING_RUNS
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def project_file(request: HttpRequest, pk: int, number: int) -> FileResponse:
    """A file that this person may have: a document as a download under our own name, an image as
    the pixels that the portal drew; `?size=small` for pages."""
    visible = Attachment.objects.visible_to(request.user).served()
    found = get_object_or_404(visible, pk=number, project=pk)
    path = str(found.file.name)
    if not default_storage.exists(path):
        raise Http404
    if found.is_image and request.GET.get("size") == "small":
        path = small_copy(path)
    response = FileResponse(
        default_storage.open(path),
        as_attachment=not found.is_image,
        filename=found.download_name,
        content_type="image/webp" if found.is_image else "application/pdf",
    )
    public = found.public_since and Project.objects.published().filter(pk=pk).exists()
    response["Cache-Control"] = (
        f"public, max-age={AN_HOUR}" if public else "private, no-store"
    )
    response["Content-Security-Policy"] = NOTHING_RUNS
    response["X-Content-Type-Options"] = "nosniff"
    return response
