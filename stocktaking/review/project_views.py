"""One project at the desk: its checks, one key per move, and the next project after a decision."""

from collections.abc import Mapping
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.moves.actors import AnyUser
from common.moves.workflow import MoveRefused
from stocktaking.base.workflow import WAITING, Status
from stocktaking.file.models import files_of
from stocktaking.organization.trust import OrganizationTrust
from stocktaking.project.forms import FIELDSETS
from stocktaking.project.models import Project
from stocktaking.project.workflow import PROJECT_WORKFLOW
from stocktaking.reminder.forms import ReminderForm
from stocktaking.reminder.models import Reminder
from stocktaking.review.forms import DecisionForm, ReasonNoteForm
from stocktaking.review.models import DeskAssignment, Reason
from stocktaking.review.views import ITEM, QUEUE, context, last_decision
from stocktaking.revision.differences import differences, readable
from stocktaking.revision.models import Revision, proposed_by, subject_of
from stocktaking.revision.workflow import REVISION_WORKFLOW
from stocktaking.screening.checks import examine, stored

TWINS_AMONG = [*WAITING, Status.PUBLISHED]
PANELS = {  # move → key
    "approve": "e",
    "send_back": "r",
    "refuse": "f",
    "hold": "h",
    "duplicate": "d",
}


def item(desk: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Read a project that is assigned to the officer, and decide."""
    base = context(desk, request)
    rows = Project.objects.for_page().with_lane()
    project = get_object_or_404(
        rows.select_related("desk_assignment__by", "screening", "organization__trust"),
        pk=pk,
    )
    if request.method == "POST":
        return _decide(request, base, project)
    return _page(request, base, project)


def _page(
    request: HttpRequest,
    base: dict[str, Any],
    project: Project,
    *,
    data: Mapping[str, Any] | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    user = cast(Any, request.user)
    holder = getattr(project, "desk_assignment", None)
    live = holder if holder and holder.until > timezone.now() else None
    subject = subject_of(project)
    version = subject if isinstance(subject, Revision) else None
    proposed = proposed_by(subject)
    waits = subject.status in WAITING
    findings = findings_about(project, subject, proposed)
    twins = _twins(findings)
    page = base | {
        "title": f"{project.number} {project}",
        "subject": subject,
        "proposed": proposed,
        "project": project,
        "groups": groups(proposed),
        "findings": findings,
        "twins": twins,
        "version": version,
        "differences": version.differences() if version else [],
        "overtaken": version.overtaken() if version else [],
        "changes": [] if version else changes(project),
        "refusal": refusal,
        "waits": waits,
        "mine": bool(live and live.by_id == user.pk) and waits,
        "holder": live if live and live.by_id != user.pk else None,
        "forms": forms_of(subject, data, twins),
        "undo": last_decision(user),
        "trust": getattr(project.organization, "trust", None),
        "trust_form": ReasonNoteForm(),
        "trust_moves": _trust_moves(project, user),
        "history": _history(subject),
        "can_merge": project.status in PROJECT_WORKFLOW["merge"].sources,
        "messages_count": project.messages.count(),
        "files": files_of(proposed),
        "reminders": Reminder.objects.open_of(project),
        "reminder_form": ReminderForm(),
    }
    screening = getattr(project, "screening", None)
    page["lane_is_former"] = (
        screening and screening.submitted_at != subject.submitted_at
    )
    page |= neighbours(project.pk, user)
    return render(request, "admin/stocktaking/desk/item.html", page, status=status)


def neighbours(pk: int, user: AnyUser) -> dict[str, Any]:
    """The number of projects assigned to the officer, and the ids of the next (after the last
    the first) and the previous one, None where there is none. One query: the list is short."""
    ids = list(Project.objects.assigned_to(user).values_list("pk", flat=True))
    at = ids.index(pk) if pk in ids else -1
    others = [*ids[at + 1 :], *ids[: max(at, 0)]]
    return {
        "left": len(ids),
        "next": others[0] if others else None,
        "previous": ids[at - 1] if at > 0 else None,
    }


def findings_about(project: Project, subject: Any, proposed: Project) -> list[Any]:
    """The stored findings of the checks, or new ones when the content has changed since."""
    screening = getattr(project, "screening", None)
    if screening and screening.seen == subject.updated_at:
        return stored(screening)
    return examine(proposed, Project.objects.filter(status__in=TWINS_AMONG))


def _twins(findings: list[Any]) -> list[Project]:
    ids = [finding.values["id"] for finding in findings if finding.check == "twin"]
    return list(Project.objects.filter(pk__in=ids).order_by("pk")) if ids else []


def groups(project: Project) -> list[tuple[Any, list[tuple[str, str, str]]]]:
    """The filled fields as an officer reads them: legend → name, label and text."""
    groups = []
    for legend, _hint, names in FIELDSETS:
        rows = []
        for name in names:
            field: Any = Project._meta.get_field(name)
            value = getattr(project, field.attname if field.many_to_one else name)
            if field.many_to_many:
                value = [term.pk for term in value.all()]
            text = readable(field.attname if field.many_to_one else name, value)
            if text:
                rows.append((name, str(field.verbose_name), text))
        if rows:
            groups.append((legend, rows))
    return groups


def changes(project: Project) -> list[Any]:
    """The differences from the submission before this one; none when it is the first."""
    screening = getattr(project, "screening", None)
    if screening is None:
        return []
    if screening.submitted_at == project.submitted_at:
        before, after = screening.before, screening.content
    else:  # the task has not seen it yet: what it kept is the submission before
        before, after = screening.content, project.public_content()
    if not before:
        return []
    ignored = {"status", "year"}
    rows = differences(before, after)
    return [row for row in rows if row.field not in ignored]


def forms_of(
    subject: Any, data: object, twins: list[Project]
) -> list[tuple[str, Any, Any]]:
    """Key, move and form of each panel that the status allows."""
    offered = list(Reason.objects.offered())
    table = REVISION_WORKFLOW if isinstance(subject, Revision) else PROJECT_WORKFLOW
    moves = {move.name: move for move in table if subject.status in move.sources}
    twin = twins[0].number if twins else ""
    language = get_language() or "en"
    return [
        (
            key,
            moves[name],
            DecisionForm(
                data,
                kind=name,
                offered=offered,
                language=language,
                record=twin if name == "duplicate" else "",
                about=subject.project if isinstance(subject, Revision) else subject,
            ),
        )
        for name, key in PANELS.items()
        if name in moves
    ]


def _history(subject: Any) -> list[dict[str, Any]]:
    """The last moves of a submission, with the names of the statuses."""
    names = dict(subject._meta.get_field("status").choices)
    return [
        {
            "change": change,
            "source": names.get(change.source, change.source),
            "target": names.get(change.target, change.target),
        }
        for change in subject.history()[:10]
    ]


def _trust_moves(project: Project, user: AnyUser) -> list[Any]:
    if project.organization is None:
        return []
    trust = getattr(project.organization, "trust", None) or OrganizationTrust(
        organization=project.organization
    )
    return trust.open_moves(user)


def _decide(
    request: HttpRequest, base: dict[str, Any], project: Project
) -> HttpResponse:
    """Make the move, assigning the project to the officer first if it is free."""
    user, name = cast(Any, request.user), request.POST.get("move", "")
    form = DecisionForm(
        request.POST,
        kind=name,
        offered=list(Reason.objects.offered()),
        language="en",
        about=project,
    )
    if not form.is_valid():
        sentence = " ".join(" ".join(map(str, texts)) for texts in form.errors.values())
        return _page(
            request, base, project, data=request.POST, refusal=sentence, status=400
        )
    subject = subject_of(project)
    rows = Project.objects.at_desk().filter(pk=project.pk)
    if subject.status in WAITING and not DeskAssignment.objects.assign(user, rows):
        return _page(request, base, project, status=409)
    language = project.owner.language if project.owner else "en"
    refusal, status = "", 409
    try:
        if name == "approve" and isinstance(subject, Project):
            moved: Any = subject.approve(
                user, form.cleaned_data["public_from"], form.note(language)
            )
        else:
            moved = subject.move(name, user, form.note(language))
    except KeyError as error:
        raise Http404 from error
    except MoveRefused as error:
        refusal, status = str(error.message), error.http_status
    except ValidationError as error:
        refusal = " ".join(error.messages)
    if refusal:
        project = Project.objects.for_page().with_lane().get(pk=project.pk)
        return _page(
            request, base, project, data=request.POST, refusal=refusal, status=status
        )
    DeskAssignment.objects.release(user, [project.pk])
    DeskAssignment.objects.prolong(user)
    text = _("%(number)s: %(status)s.")
    messages.success(
        request, text % {"number": project.number, "status": moved.get_status_display()}
    )
    return onward(user, moved.submitted_at, project.pk)


def onward(user: AnyUser, *place: Any) -> HttpResponse:
    """Go to the next project assigned to the officer, from the front after the last; else to the
    queue."""
    assigned = Project.objects.assigned_to(user)
    following = assigned.after(*place).first() or assigned.first()
    return redirect(ITEM, following.pk) if following else redirect(QUEUE)


def undo(desk: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Undo the last decision and open the project again."""
    context(desk, request)
    if request.method != "POST":
        raise Http404
    user = cast(Any, request.user)
    decision = last_decision(user)
    if decision is None or str(decision.pk) != request.POST.get("change"):
        messages.error(request, _("This can no longer be undone."))
        return redirect(QUEUE)
    is_revision = decision.record_kind == Revision._meta.label_lower
    model: Any = Revision if is_revision else Project
    subject = get_object_or_404(model, pk=decision.record_id)
    project = subject.project if isinstance(subject, Revision) else subject
    try:
        merged = decision.move == "merge" and decision.source == Status.PUBLISHED
        subject.move("unmerge" if merged else "undo", user)
    except MoveRefused as error:
        messages.error(request, str(error.message))
        return redirect(QUEUE)
    DeskAssignment.objects.assign(user, Project.objects.at_desk().filter(pk=project.pk))
    messages.success(
        request, _("%(number)s: the decision is undone.") % {"number": project.number}
    )
    return redirect(ITEM, project.pk)
