"""Moves in the admin: one record, or many with one reason, each by the table of moves."""

from collections.abc import Callable, Sequence

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.admin.read_only import ReadOnlyAdmin
from common.dates.zones import in_words
from common.forms.values import chosen_ids
from common.moves.forms import MoveForm
from common.moves.models import Moved, StatusChange
from common.moves.workflow import Move, MoveRefused, Workflow

MAX_AT_ONCE = 200


def make(request: HttpRequest, record: Moved, name: str, note: str) -> bool:
    """Make one move and show the result as a message."""
    try:
        moved = record.move(name, request.user, note)
    except MoveRefused as refused:
        messages.error(request, f"{record}: {refused.message}")
    except ValidationError as refused:
        messages.error(request, f"{record}: {' '.join(refused.messages)}")
    else:
        messages.success(request, f"{record}: {moved.get_status_display()}")
        return True
    return False


def tag_of(record: Moved) -> SafeString:
    """The status of a record, in its colour."""
    return format_html(
        '<span class="tag tag-{}">{}</span>', record.status, record.get_status_display()
    )


def log_of(record: Moved) -> SafeString | str:
    """The log of a record, the latest first: when, who, from, to, why."""
    if not record.pk:
        return "–"
    names = dict(record._meta.get_field("status").choices)  # type: ignore[arg-type]  # a field with choices
    return format_html_join(
        "",
        "<p>{} – {}: {} → {}<br>{}</p>",
        (
            (
                in_words(c.at),
                c.by or _("the portal"),
                names.get(c.source, c.source),
                names.get(c.target, c.target),
                c.note,
            )
            for c in record.history()
        ),
    )


def open_to(request: HttpRequest, workflow: Workflow) -> list[Move]:
    """Moves of the table that this person's roles allow, whatever the record."""
    roles = request.user.roles if request.user.is_authenticated else frozenset()
    return [move for move in workflow if move.offered and move.by & roles]


def page_of(desk: admin.ModelAdmin) -> str:
    """The URL name of the page of moves of an admin."""
    return f"admin:{desk.opts.app_label}_{desk.opts.model_name}_moves"


def bulk_action(move: Move) -> Callable[..., HttpResponse | None]:
    """The action that takes the selected records to the page where the reason is written."""

    def action(
        desk: admin.ModelAdmin, request: HttpRequest, chosen: models.QuerySet
    ) -> HttpResponse | None:
        ids = list(chosen.values_list("pk", flat=True)[: MAX_AT_ONCE + 1])
        if len(ids) > MAX_AT_ONCE:
            messages.error(
                request, _("Choose at most %(limit)d at once.") % {"limit": MAX_AT_ONCE}
            )
            return None
        query = urlencode({"move": move.name, "ids": ",".join(map(str, ids))})
        return redirect(f"{reverse(page_of(desk))}?{query}")

    return action


def confirm(
    desk: admin.ModelAdmin,
    request: HttpRequest,
    workflow: Workflow,
    form_class: type[MoveForm] = MoveForm,
) -> HttpResponse:
    """Ask for the reason of one move of many records; what is refused comes back here."""
    if not desk.has_change_permission(request):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else request.GET
    move = _chosen_move(open_to(request, workflow), data.get("move", ""))
    chosen = chosen_ids(data.get("ids", ""), MAX_AT_ONCE)
    records = list(desk.model._default_manager.filter(pk__in=chosen).order_by("pk"))
    form = form_class(request.POST if request.method == "POST" else None)
    refused: list[tuple[Moved, str]] = []
    if form.is_valid():
        refused = _make(request, move, records, form.cleaned_data["note"])
        if not refused:
            return redirect(page_of(desk).removesuffix("moves") + "changelist")
        records = [record for record, _sentence in refused]
    context = desk.admin_site.each_context(request) | {
        "title": move.label,
        "opts": desk.model._meta,
        "move": move,
        "records": records,
        "ids": ",".join(str(record.pk) for record in records),
        "form": form,
        "refused": refused,
    }
    status = 409 if refused else 400 if form.errors else 200
    return render(request, "admin/moves.html", context, status=status)


def _chosen_move(offered: list[Move], name: str) -> Move:
    for move in offered:
        if move.name == name:
            return move
    raise Http404


def _make(
    request: HttpRequest, move: Move, records: Sequence[Moved], note: str
) -> list[tuple[Moved, str]]:
    """Make the move for each; returns what was refused, with the reason."""
    refused = []
    for record in records:
        try:
            record.move(move.name, request.user, note)
        except MoveRefused as error:
            refused.append((record, str(error.message)))
        except ValidationError as error:
            refused.append((record, " ".join(error.messages)))
    done = len(records) - len(refused)
    if done:
        text = ngettext(
            "%(move)s: %(done)d record.", "%(move)s: %(done)d records.", done
        )
        messages.success(request, text % {"move": move.label, "done": done})
    return refused


@admin.register(StatusChange)
class StatusChangeAdmin(ReadOnlyAdmin):
    list_display = (
        "at",
        "record_kind",
        "record_id",
        "move",
        "source",
        "target",
        "by",
        "note",
    )
    list_select_related = ("by",)
    list_filter = ("record_kind", "move")
    search_fields = ("=record_id",)
