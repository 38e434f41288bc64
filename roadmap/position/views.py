"""A milestone with the positions of agencies; the secretariat adds notes."""

from typing import Any

import structlog
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.role.roles import Role
from accounts.session.requests import role_required
from common.files.pdf import NOTHING_RUNS
from common.lists.paging import keyset_page
from common.moves.actors import SignedInRequest
from common.moves.workflow import MoveRefused
from common.records.models import Change
from roadmap.agency.models import Agency
from roadmap.milestone.date_changes import DateChange
from roadmap.milestone.models import Milestone
from roadmap.position.completion import standing
from roadmap.position.forms import NoteForm, PositionForm, ReconciliationForm
from roadmap.position.models import (
    Evidence,
    PositionVersion,
    ReconciliationNote,
    write_position,
)
from roadmap.record.views import OK


@require_safe
def milestone(request: HttpRequest, pk: int) -> HttpResponse:
    milestone = get_object_or_404(
        Milestone.objects.visible_to(request.user).for_page(), pk=pk
    )
    return milestone_page(request, milestone)


def milestone_page(
    request: HttpRequest,
    milestone: Milestone,
    extra: dict[str, Any] | None = None,
    status: int = OK,
) -> HttpResponse:
    """The page of a milestone; its agencies also see their drafts, the secretariat a form."""
    visible = PositionVersion.objects.visible_to(request.user).filter(
        milestone=milestone
    )
    positions = list(visible.for_list().order_by("agency__order", "agency", "-version"))
    published = [p for p in positions if p.status == "published"]
    agencies = Agency.objects.of(request.user)
    moves = NoteForm()
    for position in positions:
        position.moves = (  # type: ignore[attr-defined]  # for the row
            position.open_moves(request.user) if request.user.is_authenticated else []
        )
    staff = getattr(request.user, "is_secretariat", False)
    context = {
        "milestone": milestone,
        "published": published,
        "earlier": [p for p in positions if p.status in ("superseded", "withdrawn")],
        "waiting": [p for p in positions if p.status in ("draft", "cleared")],
        "standing": standing([p.completion for p in published]),
        "labels": dict(PositionVersion.Completion.choices),
        "my_agencies": list(agencies),
        "note_form": moves,
        "reconciliation": ReconciliationForm() if staff else None,
        "versions": milestone.versions[:50],
    }
    return render(
        request,
        "roadmap/milestone/milestone.html",
        context | (extra or {}),
        status=status,
    )


@require_safe
def evidence(request: HttpRequest, pk: int) -> FileResponse:
    """A file of a position that this person may read; always as a download."""
    visible = PositionVersion.objects.visible_to(request.user)
    evidence = get_object_or_404(
        Evidence.objects.exclude(file=""), pk=pk, position__in=visible
    )
    name = str(evidence.file.name)
    if not default_storage.exists(name):
        raise Http404
    response = FileResponse(
        default_storage.open(name),
        as_attachment=True,
        filename=f"evidence-{evidence.pk}.pdf",
        content_type="application/pdf",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = NOTHING_RUNS
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def updates(request: HttpRequest) -> HttpResponse:
    """What agencies have reported, latest first, and the dates that changed last."""
    page = keyset_page(request, PositionVersion.objects.newest().for_list())
    changes = DateChange.objects.filter(milestone__status="published").select_related(
        "milestone"
    )
    return render(
        request,
        "roadmap/position/updates.html",
        {"page": page, "changes": changes[:10]},
    )


log = structlog.get_logger(__name__)


BAD_REQUEST = 400


@login_required
@require_safe
def my_positions(request: SignedInRequest) -> HttpResponse:
    """The positions of one's agencies, and the milestones that they lead or share."""
    agencies = list(Agency.objects.of(request.user))
    codes = [agency.pk for agency in agencies]
    rows = PositionVersion.objects.editable_by(request.user).for_list()
    milestones = Milestone.objects.published().of_agency(codes).for_list()
    context = {
        "agencies": agencies,
        "page": keyset_page(request, rows.order_by("-created_at", "-pk")),
        "milestones": milestones.order_by("-sort_date", "-pk")[:100] if codes else [],
    }
    return render(request, "roadmap/position/my_positions.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def position(request: SignedInRequest, pk: int, code: str) -> HttpResponse:
    """The form of an agency's next version; other agencies get 404."""
    milestone = get_object_or_404(Milestone.objects.published().for_list(), pk=pk)
    agency = Agency.objects.of(request.user).filter(pk=code).first()
    if agency is None:
        log.warning(
            "lane_refused", user=request.user.pk, agency=code[:20], milestone=pk
        )
        raise Http404
    next_version = PositionVersion(milestone=milestone, agency=agency, by=request.user)
    if request.method == "POST":
        return _save(request, next_version)
    last = PositionVersion.objects.last_of_lane(pk, code)
    initial: dict[str, Any] = {"version": last.version if last else 0}
    if last:
        initial |= {name: getattr(last, name) for name in PositionForm.Meta.fields}
        initial["links"] = "\n".join(
            f"{e.link} {e.label}" for e in last.evidence.exclude(link="")
        )
    form = PositionForm(initial=initial, instance=next_version)
    return _form_page(request, milestone, agency, form)


def _save(request: SignedInRequest, next_version: PositionVersion) -> HttpResponse:
    milestone, agency = next_version.milestone, next_version.agency
    form = PositionForm(request.POST, request.FILES, instance=next_version)
    if not form.is_valid():
        return _form_page(request, milestone, agency, form, status=BAD_REQUEST)
    try:
        written = write_position(form.instance, form.evidence())
    except MoveRefused as error:
        return _overtaken(request, milestone, agency, form, error)
    messages.success(
        request,
        _("Saved as version %(version)d: it awaits your agency’s approver.")
        % {"version": written.version},
    )
    return redirect(written)


def _overtaken(
    request: HttpRequest,
    milestone: Milestone,
    agency: Agency,
    form: Any,
    error: MoveRefused,
) -> HttpResponse:
    """Show what was typed in the form, which is now based on the colleague's version."""
    last = PositionVersion.objects.last_of_lane(milestone.pk, agency.pk)
    form.data = form.data.copy()
    form.data["version"] = str(last.version if last else 0)
    form.add_error(None, str(error.message))
    return _form_page(request, milestone, agency, form, {"theirs": last}, status=409)


def _form_page(
    request: HttpRequest,
    milestone: Milestone,
    agency: Agency,
    form: object,
    extra: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"milestone": milestone, "agency": agency, "form": form}
    return render(
        request,
        "roadmap/position/position.html",
        context | (extra or {}),
        status=status,
    )


@login_required
@require_POST
def position_move(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make the move of the button that was pressed, with its reason."""
    positions = PositionVersion.objects.editable_by(request.user)
    position = get_object_or_404(positions.select_related("milestone"), pk=pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _refused(
            request,
            position,
            [str(t) for texts in form.errors.values() for t in texts],
            BAD_REQUEST,
        )
    try:
        moved = position.move(
            request.POST.get("move", ""), request.user, form.cleaned_data["note"]
        )
    except KeyError as error:
        raise Http404 from error
    except MoveRefused as error:
        return _refused(request, position, [str(error.message)], error.http_status)
    messages.success(
        request,
        _("The status is now “%(status)s”.") % {"status": moved.get_status_display()},
    )
    return redirect(moved)


def _refused(
    request: HttpRequest, position: PositionVersion, sentences: list[str], status: int
) -> HttpResponse:
    milestone = Milestone.objects.for_page().get(pk=position.milestone_id)
    return milestone_page(request, milestone, {"refusal": sentences}, status)


@role_required(Role.SECRETARIAT, Role.ADMINISTRATOR)
@require_POST
@transaction.atomic
def reconcile(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add a note to the positions; all are kept, the newest is shown first."""
    milestone = get_object_or_404(Milestone.objects.published().for_page(), pk=pk)
    form = ReconciliationForm(
        request.POST, instance=ReconciliationNote(milestone=milestone)
    )
    if not form.is_valid():
        extra = {"reconciliation": form, "form": form}
        return milestone_page(request, milestone, extra, BAD_REQUEST)
    note = form.save(commit=False)
    note.by = request.user
    note.save()
    milestone.record_change(Change.Kind.UPDATE, by=request.user)
    messages.success(request, _("The note is shown beside the positions."))
    return redirect(milestone)
