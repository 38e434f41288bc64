"""The page of a project, with its moves; for a merged or withdrawn one, what happened to it."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.caching.headers import revocable
from common.moves.actors import SignedInRequest
from common.moves.forms import MoveForm
from common.moves.workflow import MoveRefused
from stocktaking.base.workflow import EDITABLE, UNDO_ALLOWED, Status
from stocktaking.file.models import files_of
from stocktaking.project.forms import incomplete
from stocktaking.project.history import lifeline
from stocktaking.project.models import Project
from stocktaking.search.similar import similar_to
from stocktaking.text.reading import reading
from stocktaking.upkeep.models import Upkeep, state


@require_safe
def project(request: HttpRequest, pk: int) -> HttpResponse:
    project = Project.objects.visible_to(request.user).for_page().filter(pk=pk).first()
    if project is None or project.successor_id:
        return _tombstone(request, pk)
    return _project_page(request, project, MoveForm())


def _tombstone(request: HttpRequest, pk: int) -> HttpResponse:
    """Redirect to the record into which this one was merged; 410 with date and reason for one
    that was public; 404 for others."""
    with suppress(Http404):
        return merged_into("stocktaking:project", pk)
    gone = get_object_or_404(Project.objects.tombstones().with_reason(), pk=pk)
    page = render(
        request, "stocktaking/page/project_gone.html", {"project": gone}, status=410
    )
    return revocable(page)


def merged_into(name: str, pk: int) -> HttpResponse:
    """Redirect to the same page of the record into which this one was merged; 404 when it was
    not."""
    merged = get_object_or_404(Project.objects.merged(), pk=pk)
    for_good = bool(
        merged.archived_at and merged.archived_at < timezone.now() - UNDO_ALLOWED
    )
    return revocable(redirect(name, merged.successor_id, permanent=for_good))


def _project_page(
    request: HttpRequest,
    project: Project,
    form: MoveForm,
    refusal: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a project; its people and the secretariat also see status, history and moves."""
    roles = project.roles_of(request.user)
    is_own = "owner" in roles
    insider = is_own or getattr(request.user, "is_secretariat", False)
    # an owner submits on the page that shows the answers first
    moves = [move for move in project.open_moves(request.user) if move.name != "submit"]
    context: dict[str, Any] = {
        "project": project,
        "insider": insider,
        "history": _history(project) if insider else [],
        "can_edit": is_own and project.status in EDITABLE,
        "can_write": project.status == Status.PUBLISHED
        and _writes(request, project, is_own),
        "can_revise": is_own and project.status == Status.PUBLISHED,
        "rhythms": Upkeep.Rhythm.choices,
        "moves": moves,
        "form": form if moves else None,
        "refusal": refusal or [],
        "similar": similar_to(project),
        "files": [
            file for file in files_of(project) if insider or file.attachment.is_served
        ],
        "reading": reading(project, request.GET.get("text", "")),
    }
    if project.status == Status.PUBLISHED:
        context |= {"lifeline": lifeline(project), "freshness": state(project)}
    return render(request, "stocktaking/page/project.html", context, status=status)


def _writes(request: HttpRequest, project: Project, is_own: bool) -> bool:
    """Whether this person may edit the project, as its owner or as a co-editor."""
    if is_own or not request.user.is_authenticated:
        return is_own
    return Project.objects.written_by(request.user).filter(pk=project.pk).exists()


def _history(project: Project) -> list[dict[str, Any]]:
    """The log of the project, latest first, with the names of the statuses."""
    labels = dict(Status.choices)
    return [
        {"change": c, "source": labels.get(c.source), "target": labels.get(c.target)}
        for c in project.history()
    ]


@login_required
@require_POST
def project_move(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make the move of the button that was pressed; a refusal is shown beside the form."""
    project = get_object_or_404(
        Project.objects.visible_to(request.user).for_page(), pk=pk
    )
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _project_page(request, project, form, status=400)
    try:
        moved = project.move(
            request.POST.get("move", ""), request.user, form.cleaned_data["note"]
        )
    except KeyError as error:
        raise Http404 from error
    except MoveRefused as error:
        return _project_page(
            request, project, form, [str(error.message)], error.http_status
        )
    except ValidationError as error:
        return _project_page(request, project, form, incomplete(error), 409)
    messages.success(
        request,
        _("The status is now “%(status)s”.") % {"status": moved.get_status_display()},
    )
    return redirect(moved)
