"""The pages of a batch: which entries would be accepted, then how far it is, and its undo."""

import datetime
from typing import Any, cast

from django.contrib import admin, messages
from django.core import signing
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from prizes.contest.models import Contest
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from prizes.screening.batch import ScreeningBatch
from prizes.screening.forms import ScreeningFilters
from prizes.screening.models import Screening
from prizes.screening.queue import AT_MOST, entries_for, officers
from prizes.screening.tasks import work_on_screening

SALT = "prizes.screening"
KEPT = 3600  # seconds in which a preview may be confirmed
SHOWN = 200  # entries that the preview lists
QUERY_LENGTH = 1000


def preview(
    desk: admin.ModelAdmin, request: HttpRequest, contest: Contest
) -> HttpResponse:
    """The entries of the filtered list that pass every check; the button starts the work."""
    if request.method == "POST":
        return _begin(desk, request, contest)
    query = request.GET.urlencode()[:QUERY_LENGTH]
    filters = ScreeningFilters(contest, officers(), QueryDict(query))
    rows = filters.apply(entries_for(request.user, contest), contest).filter(
        status=Status.SUBMITTED, screened=Screening.State.PASSED
    )
    ids = list(rows.values_list("pk", flat=True)[:AT_MOST])
    token = signing.dumps(
        {
            "ids": ids,
            "at": timezone.now().isoformat(),
            "query": query,
            "contest": contest.pk,
        },
        salt=SALT,
        compress=True,
    )
    screening: Any = desk
    page = screening.screening_context(
        request, contest, _("Accept all that pass every check")
    )
    page |= {
        "token": token,
        "count": len(ids),
        "rows": Entry.objects.filter(pk__in=ids[:SHOWN])
        .select_related("category")
        .order_by("pk"),
        "query": query,
    }
    return render(request, "admin/prizes/screening/accept.html", page)


def _begin(
    desk: admin.ModelAdmin, request: HttpRequest, contest: Contest
) -> HttpResponse:
    """Store a batch of the entries of the preview, and no others."""
    try:
        token = request.POST.get("token", "")
        seen = signing.loads(token, salt=SALT, max_age=KEPT)
    except signing.BadSignature as error:
        raise Http404 from error
    if seen["contest"] != contest.pk:
        raise Http404
    if not seen["ids"]:
        messages.error(request, _("No entry passes every check."))
        return redirect("admin:prizes_contest_screening", contest.pk)
    batch = ScreeningBatch(
        contest=contest,
        move="accept",
        by=cast(Any, request.user),
        query=seen["query"],
        previewed_at=datetime.datetime.fromisoformat(seen["at"]),
    )
    with transaction.atomic():
        batch.start(seen["ids"])
        desk.log_change(request, contest, f"screening: accept {len(seen['ids'])}")
        work_on_screening.delay_on_commit()  # type: ignore[attr-defined]  # as in reports/build/tasks.py
    return redirect(batch)


def progress(
    desk: admin.ModelAdmin, request: HttpRequest, contest: Contest, pk: int
) -> HttpResponse:
    """How far a batch is, what was refused and why, and its undo."""
    batches = ScreeningBatch.objects.filter(contest=contest).select_related("by")
    batch = get_object_or_404(batches, pk=pk)
    if request.method == "POST":
        if batch.by_id == request.user.pk and batch.ask_undo():
            desk.log_change(request, contest, f"screening: undo batch {pk}")
            work_on_screening.delay_on_commit()  # type: ignore[attr-defined]  # as in reports/build/tasks.py
        else:
            messages.error(request, _("This can no longer be undone."))
        return redirect(batch)
    screening: Any = desk
    page = screening.screening_context(request, contest, str(batch))
    page |= {
        "batch": batch,
        "progress": batch.progress(),
        "refused": batch.items.exclude(sentence="").select_related("entry")[:SHOWN],
        "undoable": batch.can_be_undone and batch.by_id == request.user.pk,
    }
    return render(request, "admin/prizes/screening/batch.html", page)
