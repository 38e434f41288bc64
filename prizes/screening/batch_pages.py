"""The pages of a batch: which entries it would be about, then how far it is, and its undo."""

import datetime
from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.core import signing
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from prizes.contest.models import Contest
from prizes.entry.models import Entry
from prizes.entry.workflow import UNDO_ALLOWED, Status
from prizes.screening.batch import DECISIONS, ScreeningBatch, notes_of
from prizes.screening.forms import BatchReasonForm, ScreeningFilters
from prizes.screening.models import EntryReason
from prizes.screening.queue import AT_MOST, entries_for, officers
from prizes.screening.tasks import work_on_screening

SALT = "prizes.screening"
KEPT = 3600  # seconds in which a preview may be confirmed
SHOWN = 200  # entries that the preview lists
QUERY_LENGTH = 1000
HOUR, MINUTE = datetime.timedelta(hours=1), datetime.timedelta(minutes=1)


TITLES = {
    "accept": gettext_lazy("Accept all that pass every check"),
    "send_back": gettext_lazy("Return all that fail a check or are unclear"),
    "refuse": gettext_lazy("Reject all that fail a check"),
}


def preview(
    desk: admin.ModelAdmin, request: HttpRequest, contest: Contest, move: str
) -> HttpResponse:
    """The entries of the filtered list that the move takes, and the reason as their owners read
    it; the button starts the work."""
    if request.method == "POST":
        return _begin(desk, request, contest, move)
    decision = DECISIONS[move]
    query = request.GET.urlencode()[:QUERY_LENGTH]
    filters = ScreeningFilters(contest, officers(), QueryDict(query))
    rows = filters.apply(entries_for(request.user, contest), contest).filter(
        status=Status.SUBMITTED, screened__in=decision.of
    )
    ids = list(rows.values_list("pk", flat=True)[:AT_MOST])
    form = _reason_form(contest, move, request) if decision.needs_reason else None
    notes = notes_of(form.chosen) if form and form.is_valid() else {}
    seen = {
        "ids": ids,
        "at": timezone.now().isoformat(),
        "query": query,
        "contest": contest.pk,
        "move": move,
        "notes": notes,
    }
    screening: Any = desk
    page = screening.screening_context(request, contest, TITLES[move])
    page |= {
        "token": signing.dumps(seen, salt=SALT, compress=True),
        "count": len(ids),
        "rows": Entry.objects.filter(pk__in=ids[:SHOWN])
        .select_related("category")
        .order_by("pk"),
        "query": query,
        "move": move,
        "decision": decision,
        "form": form,
        "kept": [(n, v) for n, v in QueryDict(query).items() if n != "reason"],
        "notes": _in_languages(notes),
        "ready": bool(ids) and (form is None or bool(notes)),
        "hours": UNDO_ALLOWED // HOUR,
        "minutes": decision.undo_offered // MINUTE,
        "by_letter": move == "refuse" and contest.told_by_letter,
    }
    return render(request, "admin/prizes/screening/preview.html", page)


def _in_languages(notes: dict[str, str]) -> list[tuple[str, str, str]]:
    """Of each language its name, the text that its readers get, and the language of that."""
    default = settings.LANGUAGE_CODE
    return [
        (name, text, default if text == notes.get(default) else code)
        for code, name in settings.LANGUAGES
        if (text := notes.get(code))
    ]


def _reason_form(contest: Contest, move: str, request: HttpRequest) -> BatchReasonForm:
    offered = [row for row in EntryReason.objects.offered(contest) if row.move == move]
    data = request.GET if "reason" in request.GET else None
    return BatchReasonForm(offered, get_language() or "en", data)


def _begin(
    desk: admin.ModelAdmin, request: HttpRequest, contest: Contest, move: str
) -> HttpResponse:
    """Store a batch of the entries of the preview, and no others."""
    try:
        token = request.POST.get("token", "")
        seen = signing.loads(token, salt=SALT, max_age=KEPT)
    except signing.BadSignature as error:
        raise Http404 from error
    if (seen["contest"], seen["move"]) != (contest.pk, move):
        raise Http404
    if DECISIONS[move].needs_reason and not seen["notes"]:
        messages.error(request, _("Choose a reason first."))
        return redirect(request.get_full_path())
    if not seen["ids"]:
        messages.error(request, _("No entry of the list can be decided on like this."))
        return redirect("admin:prizes_contest_screening", contest.pk)
    batch = ScreeningBatch(
        contest=contest,
        move=move,
        notes=seen["notes"],
        by=cast(Any, request.user),
        query=seen["query"],
        previewed_at=datetime.datetime.fromisoformat(seen["at"]),
    )
    with transaction.atomic():
        batch.start(seen["ids"])
        desk.log_change(request, contest, f"screening: {move} {len(seen['ids'])}")
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
        "reason": batch.notes.get(get_language() or "en", ""),
        "progress": batch.progress(),
        "refused": batch.items.exclude(sentence="").select_related("entry")[:SHOWN],
        "undoable": batch.can_be_undone and batch.by_id == request.user.pk,
    }
    return render(request, "admin/prizes/screening/batch.html", page)
