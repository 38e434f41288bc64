"""The page of a project, with its moves; of a merged or withdrawn one what became of it."""

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

from accounts.session.requests import SignedInRequest
from common.caching.headers import revocable
from common.moves.forms import MoveForm
from common.moves.workflow import MoveRefused
from stocktaking.base.workflow import EDITABLE, UNDO_ALLOWED, Status
from stocktaking.file.models import shown
from stocktaking.project.forms import incomplete
from stocktaking.project.history import lifeline
from stocktaking.project.models import Project
from stocktaking.search.similar import similar_to
from stocktaking.text.reading import reading
from stocktaking.upkeep.models import Upkeep, state


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
        request, "stocktaking/page/project_gone.html", {"project": gone}, status=410
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
    return render(request, "stocktaking/page/project.html", context, status=status)


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
