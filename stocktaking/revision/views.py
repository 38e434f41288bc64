"""New versions of a published project, and what differs between any two versions of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.role.roles import OWNER
from common.moves.actors import SignedInRequest
from common.moves.forms import MoveForm
from common.moves.workflow import MoveRefused
from common.records.models import RecordVersion
from stocktaking.file.models import files_of
from stocktaking.project.forms import incomplete
from stocktaking.project.models import Project
from stocktaking.revision.differences import differences
from stocktaking.revision.models import Revision
from stocktaking.revision.workflow import (
    EDITABLE_REVISIONS,
    REVISION_WORKFLOW,
    WAITING_REVISIONS,
    RevisionStatus,
)

VERSIONS_SHOWN = 100  # a project that has more shows its latest


@login_required
@require_POST
def revise(request: SignedInRequest, pk: int) -> HttpResponse:
    """Begin the next version of one's own published project, or continue the open one."""
    project = get_object_or_404(Project.objects.of_owner(request.user), pk=pk)
    try:
        begun = Revision.objects.begin(project, request.user)
    except MoveRefused as error:
        messages.error(request, str(error.message))
        return redirect(project)
    return redirect("stocktaking:revision-edit", begun.pk)


@login_required
@require_safe
def revision(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the new version changes, its status, and the moves that are open."""
    visible = Revision.objects.visible_to(request.user).select_related("project__owner")
    return _page(request, get_object_or_404(visible, pk=pk), MoveForm())


@login_required
@require_POST
def revision_move(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make a move of the owner's; a refusal is shown beside the form. Staff decide at the desk."""
    visible = Revision.objects.visible_to(request.user).select_related("project__owner")
    revision = get_object_or_404(visible, pk=pk)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _page(request, revision, form, status=400)
    name = request.POST.get("move", "")
    if name not in {move.name for move in REVISION_WORKFLOW if OWNER in move.by}:
        raise Http404
    try:
        moved = revision.move(name, request.user)
    except MoveRefused as error:
        return _page(request, revision, form, [str(error.message)], error.http_status)
    except ValidationError as error:
        return _page(request, revision, form, incomplete(error), 409)
    status = _("The status is now “%(status)s”.") % {
        "status": moved.get_status_display()
    }
    messages.success(request, status)
    return redirect(moved)


def _page(
    request: SignedInRequest,
    revision: Revision,
    form: MoveForm,
    refusal: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    labels = dict(RevisionStatus.choices)
    moves = [move for move in revision.open_moves(request.user) if OWNER in move.by]
    waits = request.user.is_secretariat and revision.status in WAITING_REVISIONS
    context = {
        "desk_url": reverse(
            "admin:stocktaking_project_item", args=[revision.project_id]
        )
        if waits
        else "",
        "revision": revision,
        "project": revision.project,
        "differences": revision.differences(),
        "overtaken": revision.overtaken(),
        "files": files_of(revision.proposed())
        if "attachments" in revision.changes()
        else [],
        "can_edit": revision.status in EDITABLE_REVISIONS
        and "owner" in revision.roles_of(request.user),
        "moves": moves,
        "form": form if moves else None,
        "refusal": refusal or [],
        "history": [
            {
                "change": c,
                "source": labels.get(c.source),
                "target": labels.get(c.target),
            }
            for c in revision.history()
        ],
    }
    return render(request, "stocktaking/revision/revision.html", context, status=status)


@require_safe
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """The public versions of a project, and the differences between two: `?from=1&to=3`."""
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    kept = list(
        project.versions.defer("content")
        .order_by("-version")
        .select_related("by")[:VERSIONS_SHOWN]
    )
    newer = _chosen(request, "to", kept, 0)
    older = _chosen(request, "from", kept, 1)
    context: dict[str, Any] = {
        "project": project,
        "versions": kept,
        "older": older,
        "newer": newer,
    }
    if older and newer:
        context["differences"] = differences(older.content, newer.content)
    return render(request, "stocktaking/revision/versions.html", context)


def _chosen(
    request: HttpRequest, name: str, kept: list[RecordVersion], default: int
) -> RecordVersion | None:
    """The version with the requested number, else the latest or the one before it."""
    number = request.GET.get(name, "")
    for version in kept:
        if str(version.version) == number:
            return version
    if number:
        raise Http404
    return kept[default] if len(kept) > default else None
