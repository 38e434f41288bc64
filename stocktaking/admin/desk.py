"""The moderation desk: the queue, saved views, claims (docs/moderation.md)."""

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.models import StatusChange
from common.paging import keyset_page
from stocktaking.admin.desk_filters import LANES, asked
from stocktaking.desk_forms import SavedViewForm
from stocktaking.forms import chosen_ids
from stocktaking.models import Claim, DeskClaim, EntryText, Message, Project, SavedView
from stocktaking.models.desk import VIEWS_AT_MOST
from stocktaking.workflow import UNDO_OFFERED, Status

ROWS = 50
UNANSWERED_SHOWN = TEXTS_SHOWN = APPROVED_SHOWN = 10
QUEUE = "admin:stocktaking_project_desk"
ITEM = "admin:stocktaking_project_item"


def context(
    desk: admin.ModelAdmin, request: HttpRequest, **more: Any
) -> dict[str, Any]:
    """What every page of the desk needs. Raises PermissionDenied."""
    if not desk.has_change_permission(request):
        raise PermissionDenied
    return desk.admin_site.each_context(request) | {"opts": desk.model._meta} | more


def queue(desk: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """What waits, as the address filters it."""
    filters = asked(request)
    page = keyset_page(request, filters.qs, ROWS)
    shown = context(
        desk,
        request,
        title=_("Moderation desk"),
        at_queue=True,
        filters=filters,
        page=page,
        narrowed=bool(request.GET) and filters.narrows,
        lanes=lanes(),
        mine=Project.objects.claimed_by(request.user).count(),
        views=SavedView.objects.filter(by_id=request.user.pk),
        query=request.GET.urlencode(),
        unanswered=unanswered(),
        texts=EntryText.objects.queue()[:TEXTS_SHOWN],
        ownership=Claim.objects.queue()[:TEXTS_SHOWN],
        texts_count=EntryText.objects.queue().count(),
        undo=last_decision(request.user),
        approved=approved(),
    )
    return render(request, "admin/stocktaking/desk/queue.html", shown)


def last_decision(user: Any, within: timedelta = UNDO_OFFERED) -> StatusChange | None:
    """The officer's last decision, while a minute has not passed and nothing came after it."""
    since = timezone.now() - within
    mine = StatusChange.objects.filter(
        record_kind__in=["stocktaking.project", "stocktaking.revision"],
        by=user,
        at__gte=since,
    ).order_by("-at", "-pk")
    last = mine.first()
    if last is None:
        return None
    decided = last.source == Status.SUBMITTED and last.target != Status.DRAFT
    return last if decided or last.move == "merge" else None


def lanes() -> list[tuple[str, Any, int]]:
    """Code, name and number of waiting entries of each lane."""
    waiting: models.QuerySet[Any] = (
        Project.objects.at_desk(Status.SUBMITTED).with_lane().order_by()
    )
    counts = dict(waiting.values_list("lane").annotate(models.Count("pk")))
    return [(code, name, counts.get(code, 0)) for code, name in LANES]


def approved() -> list[Project]:
    """What is decided and becomes public by itself, the nearest date first."""
    rows = Project.objects.filter(status=Status.APPROVED).order_by("public_from", "pk")
    return list(rows.only("title", "language", "public_from")[:APPROVED_SHOWN])


def unanswered() -> list[Project]:
    """Entries whose last message came from their owner: somebody waits for a word."""
    last = Message.objects.filter(project=models.OuterRef("pk")).order_by("-at", "-pk")
    waiting = Project.objects.filter(messages__isnull=False).annotate(
        from_staff=models.Subquery(last.values("from_staff")[:1])
    )
    return list(
        waiting.filter(from_staff=False).distinct().order_by("-pk")[:UNANSWERED_SHOWN]
    )


def claim(desk: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Start (claim what the filters show), open one entry, or release what is one's own."""
    context(desk, request)
    if request.method != "POST":
        raise Http404
    if "release" in request.POST:
        count = DeskClaim.objects.release(request.user)
        text = ngettext(
            "%(count)d project released.", "%(count)d projects released.", count
        )
        messages.success(request, text % {"count": count})
        return redirect(QUEUE)
    if "open" in request.POST:
        return _open(request)
    filters = asked(request, QueryDict(request.POST.get("query", "")[:1000]))
    if not DeskClaim.objects.take(request.user, filters.qs):
        messages.info(request, _("There are no unassigned submissions left."))
        return redirect(f"{reverse(QUEUE)}?{request.POST.get('query', '')[:1000]}")
    first = Project.objects.claimed_by(request.user).first()
    return redirect(ITEM, first.pk) if first else redirect(QUEUE)


def _open(request: HttpRequest) -> HttpResponse:
    ids = chosen_ids(request.POST["open"], 1)
    project = get_object_or_404(Project, pk__in=ids)
    wanted = Project.objects.at_desk().filter(pk=project.pk)
    DeskClaim.objects.take(
        request.user, wanted
    )  # the page says so when somebody else was first
    return redirect(ITEM, project.pk)


def views(desk: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Save the filters under a name, or forget a view; both lead back to the queue."""
    context(desk, request)
    if request.method != "POST":
        raise Http404
    mine = SavedView.objects.filter(by_id=request.user.pk)
    if "forget" in request.POST:
        mine.filter(pk__in=chosen_ids(request.POST["forget"], 1)).delete()
        return redirect(QUEUE)
    form = SavedViewForm(request.POST, instance=SavedView(by=request.user))  # type: ignore[misc]  # signed in
    if mine.count() >= VIEWS_AT_MOST:
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
