"""One decision about all projects that the filters show: preview with frozen ids, progress,
undo."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.forms.values import chosen_ids
from stocktaking.batch.models import BATCH_AT_MOST, Batch
from stocktaking.batch.tasks import work_on_batches
from stocktaking.project.models import Project
from stocktaking.project.workflow import PROJECT_WORKFLOW
from stocktaking.review.filters import desk_filters
from stocktaking.review.forms import DecisionForm
from stocktaking.review.models import Reason
from stocktaking.review.views import context

SALT = "stocktaking.batch"
KEPT = 3600  # seconds in which a preview may be confirmed
MOVES = ("publish", "send_back", "refuse", "hold")
REFUSED_SHOWN = 100


def preview(desk: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Show what would happen to which projects; posting the form starts it."""
    base = context(desk, request)
    if request.method == "POST":
        return _begin(request, base)
    name = request.GET.get("move", "")
    query = request.GET.get("query", "")[:1000]
    if name not in MOVES:
        raise Http404
    filters = desk_filters(request, QueryDict(query))
    free = filters.qs.filter(
        Q(desk_assignment=None)
        | Q(desk_assignment__until__lte=Now())
        | Q(desk_assignment__by=request.user)
    )
    rows = list(free[: BATCH_AT_MOST + 1])
    token = signing.dumps(
        {
            "ids": [p.pk for p in rows[:BATCH_AT_MOST]],
            "at": timezone.now().isoformat(),
            "query": query,
            "move": name,
        },
        salt=SALT,
    )
    page = base | {"rows": rows[:BATCH_AT_MOST], "more": len(rows) > BATCH_AT_MOST}
    return _preview(request, page, name, token, _form(name))


def _form(name: str, data: Mapping[str, Any] | None = None) -> DecisionForm:
    language = get_language() or "en"
    return DecisionForm(
        data, kind=name, offered=list(Reason.objects.offered()), language=language
    )


def _preview(
    request: HttpRequest,
    base: dict[str, Any],
    name: str,
    token: str,
    form: forms.Form,
    status: int = 200,
) -> HttpResponse:
    move = PROJECT_WORKFLOW[name]
    page = base | {"title": move.label, "move": move, "token": token, "form": form}
    return render(
        request, "admin/stocktaking/desk/batch_preview.html", page, status=status
    )


def _begin(request: HttpRequest, base: dict[str, Any]) -> HttpResponse:
    """Store a batch of the selected projects of the preview, and no others."""
    token = request.POST.get("token", "")
    try:
        seen = signing.loads(token, salt=SALT, max_age=KEPT)
    except signing.BadSignature as error:
        raise Http404 from error
    frozen = set(seen["ids"])
    ticked = chosen_ids(
        ",".join(request.POST.getlist("ids")[:BATCH_AT_MOST]), BATCH_AT_MOST
    )
    ids = [pk for pk in dict.fromkeys(ticked) if pk in frozen]
    form = _form(seen["move"], request.POST)
    move = PROJECT_WORKFLOW[seen["move"]]
    if form.is_valid() and move.needs_note and not form.note("en"):
        form.add_error("line", _("Enter a reason: it is sent to the person concerned."))
    if not ids:
        form.add_error(None, _("Select at least one project."))
    if form.errors:
        rows = Project.objects.for_desk().filter(pk__in=frozen)
        return _preview(
            request, base | {"rows": rows, "ticked": ids}, move.name, token, form, 400
        )
    batch = Batch(
        move=move.name,
        by=cast(Any, request.user),
        query=seen["query"],
        previewed_at=datetime.fromisoformat(seen["at"]),
        notes=_notes(form),
    )
    with transaction.atomic():
        batch.start(ids)
        work_on_batches.delay_on_commit()  # type: ignore[attr-defined]  # as in reports/build/tasks.py
    return redirect("admin:stocktaking_project_batch", batch.pk)


def _notes(form: DecisionForm) -> dict[str, str]:
    """The same reason in each language that an owner may read."""
    return {code: form.note(code) for code, _name in settings.LANGUAGES}


def batch(desk: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """The progress of a batch, what was refused and why, and its undo for one minute."""
    base = context(desk, request)
    batch = get_object_or_404(Batch.objects.select_related("by"), pk=pk)
    if request.method == "POST":
        if batch.by_id == request.user.pk and batch.ask_undo():
            work_on_batches.delay_on_commit()  # type: ignore[attr-defined]  # as in reports/build/tasks.py
        else:
            messages.error(request, _("This can no longer be undone."))
        return redirect("admin:stocktaking_project_batch", pk)
    refused = batch.items.exclude(sentence="").select_related("project")
    page = base | {
        "title": PROJECT_WORKFLOW[batch.move].label,
        "batch": batch,
        "progress": batch.progress(),
        "refused": refused[:REFUSED_SHOWN],
        "undoable": batch.can_be_undone and batch.by_id == request.user.pk,
    }
    return render(request, "admin/stocktaking/desk/batch.html", page)
