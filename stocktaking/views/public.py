"""What everybody may read: the list of projects, a project, its image; and a project's moves."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from PIL import Image

from accounts.http import SignedInRequest
from common.caches import revocable
from common.uploads import SMALL_SIDE, shrink
from common.workflow import MoveRefused
from stocktaking.filters import ProjectSearch
from stocktaking.forms import MoveForm
from stocktaking.models import Project, Revision, Upkeep
from stocktaking.models.attachment import shown, small_of
from stocktaking.models.lifeline import lifeline
from stocktaking.models.upkeep import state
from stocktaking.querysets import EDITABLE
from stocktaking.reading import reading
from stocktaking.similar import similar_to
from stocktaking.workflow import UNDO_ALLOWED, Status

A_YEAR = 365 * 24 * 3600  # seconds


@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    """The projects: text, facets and pages are the query string's. What was not understood is left
    out, with a sentence above what the rest finds."""
    search = ProjectSearch(request.GET)
    understood = search.is_valid  # a page beyond the end is answered with the last one
    page = search.page(request.GET.get("page"))
    partial = request.headers.get("HX-Request") == "true"
    whole, rows = "stocktaking/project_list.html", "stocktaking/_project_rows.html"
    return render(
        request,
        rows if partial else whole,
        {"search": search, "page": page},
        status=200 if understood else 400,
    )


@require_safe
def project(request: HttpRequest, pk: int) -> HttpResponse:
    found = Project.objects.visible_to(request.user).for_page().filter(pk=pk).first()
    if found is None or found.successor_id:
        return _tombstone(request, pk)
    return _project_page(request, found, MoveForm())


def _tombstone(request: HttpRequest, pk: int) -> HttpResponse:
    """The record into which this one was merged; 410 with date and reason for what was public
    once; 404 for what never was."""
    with suppress(Http404):
        return merged_into("stocktaking:project", pk)
    gone = get_object_or_404(Project.objects.tombstones().with_reason(), pk=pk)
    page = render(
        request, "stocktaking/project_gone.html", {"project": gone}, status=410
    )
    return revocable(page)


def merged_into(name: str, pk: int) -> HttpResponse:
    """To the same page of the record into which this one was merged; 404 when it was not."""
    merged = get_object_or_404(Project.objects.merged(), pk=pk)
    for_good = bool(
        merged.archived_at and merged.archived_at < timezone.now() - UNDO_ALLOWED
    )
    return revocable(redirect(name, merged.successor_id, permanent=for_good))


def _project_page(
    request: HttpRequest,
    found: Project,
    form: MoveForm,
    refusal: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a project; its people and the secretariat also see status, history and moves."""
    roles = found.roles_of(request.user)
    mine = "owner" in roles
    insider = mine or getattr(request.user, "is_secretariat", False)
    # an owner submits on the page that shows the answers first
    moves = [move for move in found.open_moves(request.user) if move.name != "submit"]
    context: dict[str, Any] = {
        "project": found,
        "insider": insider,
        "history": _history(found) if insider else [],
        "can_edit": mine and found.status in EDITABLE,
        "can_write": found.status == Status.PUBLISHED and _writes(request, found, mine),
        "can_revise": mine and found.status == Status.PUBLISHED,
        "rhythms": Upkeep.Rhythm.choices,
        "moves": moves,
        "form": form if moves else None,
        "refusal": refusal or [],
        "similar": similar_to(found),
        "files": [
            file for file in shown(found) if insider or file.attachment.is_served
        ],
        "reading": reading(found, request.GET.get("text", "")),
    }
    if found.status == Status.PUBLISHED:
        context |= {"lifeline": lifeline(found), "freshness": state(found)}
    return render(request, "stocktaking/project.html", context, status=status)


def _writes(request: HttpRequest, found: Project, mine: bool) -> bool:
    """Whether this person writes in the entry, as its owner or as a co-editor."""
    if mine or not request.user.is_authenticated:
        return mine
    return Project.objects.written_by(request.user).filter(pk=found.pk).exists()


def _history(found: Project) -> list[dict[str, Any]]:
    """What happened to the entry, the last first, with the statuses' names."""
    labels = dict(Status.choices)
    return [
        {"change": c, "source": labels.get(c.source), "target": labels.get(c.target)}
        for c in found.history()
    ]


@login_required
@require_POST
def project_move(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make the move that the pressed button names; a refusal is a sentence beside the form."""
    found = get_object_or_404(
        Project.objects.visible_to(request.user).for_page(), pk=pk
    )
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _project_page(request, found, form, status=400)
    try:
        moved = found.move(
            request.POST.get("move", ""), request.user, form.cleaned_data["note"]
        )
    except KeyError as error:
        raise Http404 from error
    except MoveRefused as error:
        return _project_page(
            request, found, form, [str(error.message)], error.http_status
        )
    except ValidationError as error:
        return _project_page(request, found, form, incomplete(error), 409)
    messages.success(
        request,
        _("The status is now “%(status)s”.") % {"status": moved.get_status_display()},
    )
    return redirect(moved)


def incomplete(error: ValidationError) -> list[str]:
    """What a move asks of the entry, field by field, as sentences with the field's name."""
    labels = {
        f.name: getattr(f, "verbose_name", f.name) for f in Project._meta.get_fields()
    }
    return [
        f"{labels[name]}: {sentence}" if name in labels else sentence
        for name, sentences in error.message_dict.items()
        for sentence in sentences
    ]


@require_safe
def project_image(request: HttpRequest, pk: int, name: str) -> FileResponse:
    """The image of an entry this person may read; `?size=small` for pages. Never changes."""
    found = Project.objects.published().filter(pk=pk).first()
    public = found is not None
    if found is None:
        found = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    path = str(found.image.name)
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
    """The path of the small copy, drawn when it is first asked for."""
    small = small_of(path)
    if not default_storage.exists(small):
        with default_storage.open(path) as file, Image.open(file) as image:
            small = default_storage.save(small, shrink(image, SMALL_SIDE))
    return small
