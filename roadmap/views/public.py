"""What everybody may read: the time line, a milestone, the registers, the state at a date."""

import itertools
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Prefetch
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from common.paging import keyset_page
from roadmap import filters
from roadmap.calendars import calendar_of
from roadmap.drawing import draw
from roadmap.forms import DateForm, NoteForm, ReconciliationForm
from roadmap.importing import export_rows
from roadmap.models import (
    Agency,
    Body,
    DateChange,
    Document,
    Evidence,
    Figure,
    Meeting,
    Milestone,
    PositionVersion,
    Resolution,
)
from roadmap.standing import standing
from roadmap.state import state_document
from stocktaking.documents import NOTHING_RUNS

MOST = 1000  # milestones of one time line
OK, BAD_REQUEST = 200, 400


@require_safe
def timeline(request: HttpRequest) -> HttpResponse:
    """All roadmaps side by side, as a drawing and as the table behind it."""
    public = Milestone.objects.visible_to(request.user).published()
    rows = public.for_timeline().annotate(
        completions=PositionVersion.objects.completions()
    )
    found = filters.MilestoneFilter(request.GET, rows)
    understood = found.is_valid()
    milestones = list(found.qs[: MOST + 1]) if understood else []
    for milestone in milestones:
        milestone.standing = standing(milestone.completions)  # type: ignore[attr-defined]  # for the row
    context = {
        "filter": found,
        "milestones": milestones[:MOST],
        "too_many": len(milestones) > MOST,
        "most": MOST,
        "drawing": draw(milestones[:MOST], timezone.now().date(), get_language_bidi()),
    }
    return render(
        request,
        "roadmap/timeline.html",
        context,
        status=OK if understood else BAD_REQUEST,
    )


@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse | HttpResponse:
    """The milestones of the same filters as a file that the import takes back."""
    rows = Milestone.objects.visible_to(request.user).published()
    found = filters.MilestoneFilter(request.GET, rows)
    if not found.is_valid():
        return HttpResponse(
            "\n".join(itertools.chain(*found.problems.values())),
            status=400,
            content_type="text/plain; charset=utf-8",
        )
    response = HttpResponse(
        "".join(export_rows(found.qs)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="roadmap.csv"'
    return response


@require_safe
@conditional_page
def calendar(request: HttpRequest) -> HttpResponse:
    """Milestones and meetings for calendar programs; the filters are those of the time line.

    With filters, of the meetings those that belong to a milestone that is found.
    """
    rows = Milestone.objects.published().for_list()
    found = filters.MilestoneFilter(request.GET, rows)
    if not found.is_valid():
        raise Http404
    milestones = list(found.qs[:MOST])
    meetings = Meeting.objects.for_list()
    if found.query:
        meetings = meetings.filter(milestone__in=[m.pk for m in milestones])
    name = _("WSIS+20 roadmap")
    content = calendar_of(
        [*milestones, *meetings.order_by("sort_date", "pk")[:MOST]], name
    )
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


@require_safe
def milestone(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(
        Milestone.objects.visible_to(request.user).for_page(), pk=pk
    )
    return milestone_page(request, found)


def milestone_page(
    request: HttpRequest,
    found: Milestone,
    extra: dict[str, Any] | None = None,
    status: int = OK,
) -> HttpResponse:
    """The page of a milestone; its agencies also see their drafts, the secretariat a form."""
    visible = PositionVersion.objects.visible_to(request.user).filter(milestone=found)
    positions = list(visible.for_list().order_by("agency__order", "agency", "-version"))
    published = [p for p in positions if p.status == "published"]
    mine = Agency.objects.of(request.user)
    moves = NoteForm()
    for position in positions:
        position.moves = (  # type: ignore[attr-defined]  # for the row
            position.open_moves(request.user) if request.user.is_authenticated else []
        )
    staff = getattr(request.user, "is_secretariat", False)
    context = {
        "milestone": found,
        "published": published,
        "earlier": [p for p in positions if p.status in ("superseded", "withdrawn")],
        "waiting": [p for p in positions if p.status in ("draft", "cleared")],
        "standing": standing([p.completion for p in published]),
        "labels": dict(PositionVersion.Completion.choices),
        "my_agencies": list(mine),
        "note_form": moves,
        "reconciliation": ReconciliationForm() if staff else None,
        "versions": found.versions()[:50],
    }
    return render(
        request, "roadmap/milestone.html", context | (extra or {}), status=status
    )


@require_safe
def evidence(request: HttpRequest, pk: int) -> FileResponse:
    """A file behind a position that this person may read; always as a download."""
    visible = PositionVersion.objects.visible_to(request.user)
    found = get_object_or_404(
        Evidence.objects.exclude(file=""), pk=pk, position__in=visible
    )
    name = str(found.file.name)
    if not default_storage.exists(name):
        raise Http404
    response = FileResponse(
        default_storage.open(name),
        as_attachment=True,
        filename=f"evidence-{found.pk}.pdf",
        content_type="application/pdf",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = NOTHING_RUNS
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def updates(request: HttpRequest) -> HttpResponse:
    """What agencies have reported, the last first; beside it the dates that changed last."""
    page = keyset_page(request, PositionVersion.objects.newest().for_list())
    changes = DateChange.objects.filter(milestone__status="published").select_related(
        "milestone"
    )
    return render(
        request, "roadmap/updates.html", {"page": page, "changes": changes[:10]}
    )


@require_safe
def resolutions(request: HttpRequest) -> HttpResponse:
    rows = Resolution.objects.visible_to(request.user).for_list()
    return _list(
        request, "roadmap/resolutions.html", filters.ResolutionFilter(request.GET, rows)
    )


@require_safe
def resolution(request: HttpRequest, code: str) -> HttpResponse:
    visible = Resolution.objects.visible_to(request.user)
    answered = Prefetch(
        "paragraphs__milestones",
        Milestone.objects.published().for_list(),
        to_attr="public_milestones",
    )
    found = get_object_or_404(visible.for_page().prefetch_related(answered), pk=code)
    milestones = Milestone.objects.published().filter(resolutions=found).for_list()
    context = {"resolution": found, "milestones": milestones}
    return render(request, "roadmap/resolution.html", context)


@require_safe
def meetings(request: HttpRequest) -> HttpResponse:
    rows = Meeting.objects.for_list()
    return _list(
        request, "roadmap/meetings.html", filters.MeetingFilter(request.GET, rows)
    )


def _list(request: HttpRequest, template: str, found: Any) -> HttpResponse:
    """A page of a register with its filters; what is refused is said above the first page."""
    understood = found.is_valid()
    rows = found.qs if understood else found.queryset.none()
    context = {"filter": found, "page": keyset_page(request, rows)}
    status = OK if understood else BAD_REQUEST
    return render(request, template, context, status=status)


@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    return render(request, "roadmap/bodies.html", {"bodies": Body.objects.for_list()})


@require_safe
def body(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Body.objects.for_list(), pk=code)
    context = {
        "body": found,
        "milestones": found.milestones.published().for_list()[:200],
        "resolutions": found.resolutions.for_list()[:200],
        "meetings": found.meetings.for_list()[:200],
    }
    return render(request, "roadmap/body.html", context)


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Figures of one subject side by side, and the reports that the roadmap names."""
    rows = Figure.objects.side_by_side()
    subjects = dict(Figure.Subject.choices)
    groups = itertools.groupby(rows, key=lambda figure: figure.subject)
    order = list(subjects)
    found = sorted(
        (
            (subjects[subject], list(group), order.index(subject))
            for subject, group in groups
        ),
        key=lambda group: group[2],
    )
    context = {"groups": found, "documents": Document.objects.for_list()[:200]}
    return render(request, "roadmap/figures.html", context)


@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """The state of the roadmap at the end of a day; today when no day is named."""
    today = timezone.now().date()
    form = DateForm(request.GET if "at" in request.GET else {"at": today.isoformat()})
    good = form.is_valid()
    document = None
    if good:
        document = state_document(form.cleaned_data["at"], get_language() or "en")
    context = {
        "form": form,
        "document": document,
        "at": form.cleaned_data.get("at"),
        "is_future": good and form.cleaned_data["at"] > today,
    }
    return render(
        request, "roadmap/state.html", context, status=OK if good else BAD_REQUEST
    )
