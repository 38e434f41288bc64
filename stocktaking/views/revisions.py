"""New versions of a published entry, and what differs between any two versions of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import SignedInRequest
from common.workflow import MoveRefused
from stocktaking.entry_workflows import EDITABLE_REVISIONS, RevisionStatus
from stocktaking.forms import MoveForm
from stocktaking.models import Project, ProjectVersion, Revision
from stocktaking.models.attachment import shown
from stocktaking.models.diff import differences
from stocktaking.views.public import incomplete

VERSIONS_SHOWN = 100  # an entry that has more shows its latest


@login_required
@require_POST
def revise(request: SignedInRequest, pk: int) -> HttpResponse:
    """Begin the next version of one's own published entry, or go on with the open one."""
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
    """What the new version changes, where it stands, and the moves that are open."""
    visible = Revision.objects.visible_to(request.user).select_related("project__owner")
    return _page(request, get_object_or_404(visible, pk=pk), MoveForm())


@login_required
@require_POST
def revision_move(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make the move that the pressed button names; a refusal is a sentence beside the form."""
    visible = Revision.objects.visible_to(request.user).select_related("project__owner")
    found = get_object_or_404(visible, pk=pk)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=400)
    try:
        moved = found.move(request.POST.get("move", ""), request.user, form.cleaned_data["note"])
    except KeyError as error:
        raise Http404 from error
    except MoveRefused as error:
        return _page(request, found, form, [str(error.message)], error.http_status)
    except ValidationError as error:
        return _page(request, found, form, incomplete(error), 409)
    status = _("The status is now “%(status)s”.") % {"status": moved.get_status_display()}
    messages.success(request, status)
    return redirect(moved.project if moved.status == RevisionStatus.APPROVED else moved)


def _page(
    request: SignedInRequest, found: Revision, form: MoveForm, refusal: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    labels = dict(RevisionStatus.choices)
    moves = found.open_moves(request.user)
    context = {
        "revision": found,
        "project": found.project,
        "differences": found.differences(),
        "overtaken": found.overtaken(),
        "files": shown(found.proposed()) if "attachments" in found.changes() else [],
        "can_edit": found.status in EDITABLE_REVISIONS and "owner" in found.roles_of(request.user),
        "moves": moves,
        "form": form if moves else None,
        "refusal": refusal or [],
        "history": [
            {"change": c, "source": labels.get(c.source), "target": labels.get(c.target)}
            for c in found.history()
        ],
    }
    return render(request, "stocktaking/revision.html", context, status=status)


@require_safe
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """The public versions of an entry, and what differs between two: `?from=1&to=3`."""
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    kept = list(
        project.versions.defer("content").order_by("-version").select_related("by")[:VERSIONS_SHOWN]
    )
    newer = _chosen(request, "to", kept, 0)
    older = _chosen(request, "from", kept, 1)
    context: dict[str, Any] = {"project": project, "versions": kept, "older": older, "newer": newer}
    if older and newer:
        context["differences"] = differences(older.content, newer.content)
    return render(request, "stocktaking/versions.html", context)


def _chosen(
    request: HttpRequest, name: str, kept: list[ProjectVersion], default: int
) -> ProjectVersion | None:
    """The version with the number asked for, else the latest or the one before it."""
    asked = request.GET.get(name, "")
    for version in kept:
        if str(version.version) == asked:
            return version
    if asked:
        raise Http404
    return kept[default] if len(kept) > default else None
