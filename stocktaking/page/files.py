"""Images and documents of projects, served so that no browser executes what is in them."""

from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from PIL import Image

from common.files.images import SMALL_SIDE, shrink
from common.files.kept import kept
from common.files.pdf import NOTHING_RUNS
from stocktaking.file.models import Attachment, small_of
from stocktaking.project.models import Project
from stocktaking.revision.models import Revision

A_YEAR = 365 * 24 * 3600  # seconds


@require_safe
def project_image(request: HttpRequest, pk: int, name: str) -> FileResponse:
    """The image of a project this person may read; `?size=small` for pages. It never changes."""
    project = Project.objects.published().filter(pk=pk).first()
    public = project is not None
    if project is None:
        project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    path = str(project.image.name)
    if (
        path.rpartition("/")[2] != name
    ):  # the picture of a version that is not public yet
        public, path = False, _proposed_image(request, pk, name)
    if not default_storage.exists(path):
        raise Http404
    if request.GET.get("size") == "small":
        path = small_copy(path)
    response = FileResponse(default_storage.open(path), content_type="image/webp")
    response["Cache-Control"] = (
        f"{'public' if public else 'private'}, max-age={A_YEAR}, immutable"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _proposed_image(request: HttpRequest, pk: int, name: str) -> str:
    visible = Revision.objects.visible_to(request.user).filter(project=pk)
    paths = [
        str(content.get("image"))
        for content in visible.values_list("content", flat=True)
    ]
    for path in paths:
        if path.rpartition("/")[2] == name:
            return path
    raise Http404


def small_copy(path: str) -> str:
    """The path of the small copy, which is made at first use."""
    small = small_of(path)
    if not default_storage.exists(small):
        with default_storage.open(path) as file, Image.open(file) as image:
            small = default_storage.save(small, shrink(image, SMALL_SIDE))
    return small


AN_HOUR = (
    3600  # seconds; longer, and a file found to be infected would live on in caches
)


@login_required
@require_safe
def kept_image(request: HttpRequest, token: str) -> HttpResponse:
    """An image chosen on a page that came back with an error, for that page."""
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
    """A file that this person may read: a document as a download under a name of ours, an image
    as re-encoded by the portal; `?size=small` for pages."""
    visible = Attachment.objects.visible_to(request.user).served()
    attachment = get_object_or_404(visible, pk=number, project=pk)
    path = str(attachment.file.name)
    if not default_storage.exists(path):
        raise Http404
    if attachment.is_image and request.GET.get("size") == "small":
        path = small_copy(path)
    response = FileResponse(
        default_storage.open(path),
        as_attachment=not attachment.is_image,
        filename=attachment.download_name,
        content_type="image/webp" if attachment.is_image else "application/pdf",
    )
    public = (
        attachment.public_since and Project.objects.published().filter(pk=pk).exists()
    )
    response["Cache-Control"] = (
        f"public, max-age={AN_HOUR}" if public else "private, no-store"
    )
    response["Content-Security-Policy"] = NOTHING_RUNS
    response["X-Content-Type-Options"] = "nosniff"
    return response
