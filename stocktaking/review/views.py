"""The review queue: rows, saved views, who is assigned, trust, reminders (docs/moderation.md)."""

from datetime import timedelta
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.forms.values import chosen_ids
from common.lists.paging import keyset_page
from common.moves.models import StatusChange
from common.moves.workflow import MoveRefused
from stocktaking.base.workflow import UNDO_OFFERED, Status
from stocktaking.message.models import Message
from stocktaking.organization.models import Organization
from stocktaking.organization.trust import OrganizationTrust
from stocktaking.ownership.models import OwnershipRequest
from stocktaking.project.models import Project
from stocktaking.reminder.forms import ReminderForm
from stocktaking.reminder.models import Reminder
from stocktaking.review.filters import LANES, desk_filters
from stocktaking.review.forms import ReasonNoteForm, SavedViewForm
from stocktaking.review.models import VIEWS_AT_MOST, DeskAssignment, SavedView
from stocktaking.text.models import ProjectText

ROWS = 50


UNANSWERED_SHOWN = TEXTS_SHOWN = APPROVED_SHOWN = 10


QUEUE = "admin:stocktaking_project_desk"


ITEM = "admin:stocktaking_project_item"


def context(
    desk: admin.ModelAdmin, request: HttpRequest, **more: Any
) -> dict[str, Any]:
    """The context of every page of the desk. Raises PermissionDenied."""
    if not desk.has_change_permission(request):
        raise PermissionDenied
    return desk.admin_site.each_context(request) | {"opts": desk.model._meta} | more


def queue(desk: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The review queue, filtered by the address."""
    filters = desk_filters(request)
    page = keyset_page(request, filters.qs, ROWS)
    page_context = context(
        desk,
        request,
        title=_("Moderation desk"),
        at_queue=True,
        filters=filters,
        page=page,
        narrowed=bool(request.GET) and filters.narrows,
        lanes=lanes(),
        mine=Project.objects.assigned_to(request.user).count(),
        views=SavedView.objects.filter(by_id=request.user.pk),
        query=request.GET.urlencode(),
        unanswered=unanswered(),
        texts=ProjectText.objects.queue()[:TEXTS_SHOWN],
        ownership=OwnershipRequest.objects.queue()[:TEXTS_SHOWN],
        texts_count=ProjectText.objects.queue().count(),
        undo=last_decision(request.user),
        approved=approved(),
    )
    return render(request, "admin/stocktaking/desk/queue.html", page_context)


def last_decision(user: Any, within: timedelta = UNDO_OFFERED) -> StatusChange | None:
    """The officer's last decision, for one minute and as long as nothing followed it."""
    since = timezone.now() - within
    decisions = StatusChange.objects.filter(
        record_kind__in=["stocktaking.project", "stocktaking.revision"],
        by=user,
        at__gte=since,
    ).order_by("-at", "-pk")
    last = decisions.first()
    if last is None:
        return None
    decided = last.source == Status.SUBMITTED and last.target != Status.DRAFT
    return last if decided or last.move == "merge" else None


def lanes() -> list[tuple[str, Any, int]]:
    """Code, name and number of waiting projects of each lane."""
    waiting: models.QuerySet[Any] = (
        Project.objects.at_desk(Status.SUBMITTED).with_lane().order_by()
    )
    counts = dict(waiting.values_list("lane").annotate(models.Count("pk")))
    return [(code, name, counts.get(code, 0)) for code, name in LANES]


def approved() -> list[Project]:
    """Approved projects that will be published by themselves, the nearest date first."""
    rows = Project.objects.filter(status=Status.APPROVED).order_by("public_from", "pk")
    return list(rows.only("title", "language", "public_from")[:APPROVED_SHOWN])


def unanswered() -> list[Project]:
    """Projects whose last message came from their owner and waits for an answer."""
    last = Message.objects.filter(project=models.OuterRef("pk")).order_by("-at", "-pk")
    waiting = Project.objects.filter(messages__isnull=False).annotate(
        from_staff=models.Subquery(last.values("from_staff")[:1])
    )
    return list(
        waiting.filter(from_staff=False).distinct().order_by("-pk")[:UNANSWERED_SHOWN]
    )


def assign(desk: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Assign what the filters show, open one project, or release one's own assignments."""
    context(desk, request)
    if request.method != "POST":
        raise Http404
    if "release" in request.POST:
        count = DeskAssignment.objects.release(request.user)
        text = ngettext(
            "%(count)d project released.", "%(count)d projects released.", count
        )
        messages.success(request, text % {"count": count})
        return redirect(QUEUE)
    if "open" in request.POST:
        return _open(request)
    filters = desk_filters(request, QueryDict(request.POST.get("query", "")[:1000]))
    if not DeskAssignment.objects.assign(request.user, filters.qs):
        messages.info(request, _("There are no unassigned submissions left."))
        return redirect(f"{reverse(QUEUE)}?{request.POST.get('query', '')[:1000]}")
    first = Project.objects.assigned_to(request.user).first()
    return redirect(ITEM, first.pk) if first else redirect(QUEUE)


def _open(request: HttpRequest) -> HttpResponse:
    ids = chosen_ids(request.POST["open"], 1)
    project = get_object_or_404(Project, pk__in=ids)
    rows = Project.objects.at_desk().filter(pk=project.pk)
    DeskAssignment.objects.assign(
        request.user, rows
    )  # the page says so when somebody else was first
    return redirect(ITEM, project.pk)


def views(desk: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Save the filters under a name, or delete a view; both lead back to the queue."""
    context(desk, request)
    if request.method != "POST":
        raise Http404
    saved = SavedView.objects.filter(by_id=request.user.pk)
    if "forget" in request.POST:
        saved.filter(pk__in=chosen_ids(request.POST["forget"], 1)).delete()
        return redirect(QUEUE)
    form = SavedViewForm(request.POST, instance=SavedView(by=request.user))  # type: ignore[misc]  # signed in
    if saved.count() >= VIEWS_AT_MOST:
        form.add_error(None, _("You have fifty views: delete one first."))
    try:
        if form.is_valid():
            form.instance.validate_constraints()
            form.save()
            messages.success(request, _("The view is saved."))
    except ValidationError as error:
        form.add_error(None, error)
    for sentences in form.errors.values():
        messages.error(request, " ".join(map(str, sentences)))
    return redirect(f"{reverse(QUEUE)}?{request.POST.get('query', '')[:1000]}")


def trust(desk: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Change the level of an organization, with a reason; leads back to the project."""
    context(desk, request)
    organization = get_object_or_404(Organization, pk=pk)
    if request.method != "POST":
        raise Http404
    form = ReasonNoteForm(request.POST)
    back = chosen_ids(request.POST.get("project", ""), 1)
    home = redirect(ITEM, back[0]) if back else redirect(QUEUE)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors.get("note", []))))
        return home
    try:
        row = OrganizationTrust.objects.of(organization)
        row = row.move(
            request.POST.get("move", ""), request.user, form.cleaned_data["note"]
        )
    except KeyError as error:
        raise Http404 from error
    except MoveRefused as error:
        messages.error(request, str(error.message))
        return home
    text = _("%(organization)s: %(level)s.")
    values = {"organization": organization, "level": row.get_status_display()}
    messages.success(request, text % values)
    return home


def remind(desk: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Set a date for a reminder of a project, or cancel one's own; back to the project."""
    context(desk, request)
    project = get_object_or_404(Project, pk=pk)
    if request.method != "POST":
        raise Http404
    user = cast(Any, request.user)
    if "cancel" in request.POST:
        reminders = Reminder.objects.open_of(project).filter(to=user)
        reminders.filter(pk__in=chosen_ids(request.POST["cancel"], 1)).delete()
        return redirect(ITEM, pk)
    row = Reminder(project=project, kind=Reminder.Kind.STAFF, to=user)
    form = ReminderForm(request.POST, instance=row)
    try:
        if form.is_valid():
            row.validate_constraints()
            form.save()
            day = date_format(row.about, "DATE_FORMAT")
            messages.success(
                request, _("We will send you an e-mail on %(day)s.") % {"day": day}
            )
    except ValidationError as error:
        form.add_error(None, error)
    for sentences in form.errors.values():
        messages.error(request, " ".join(map(str, sentences)))
    return redirect(ITEM, pk)
