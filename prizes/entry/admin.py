"""Entries in the admin: the screening queue, and the moves with a reason."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ActionForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.role.admin import NotOwnAdmin
from common.admin.filters import QueueFilter
from common.admin.read_only import KeptAdmin, ReadOnlyAdmin
from common.dates.admin import ZonedAdmin
from common.dates.zones import in_words
from common.lists.paging import keyset_page
from common.moves.actors import AnyUser
from common.moves.admin import tag_of
from common.moves.workflow import NOTE_MAX_LENGTH, Move, MoveRefused
from common.text.digits import whole_number
from prizes.base.remark import Remark, texts_of
from prizes.entry.fields import SAID
from prizes.entry.forms import texts_for
from prizes.entry.models import Entry
from prizes.entry.querysets import IN_PANEL
from prizes.entry.winners import (
    WinnerAnswer,
    answer,
    imported_winners,
    take_back,
    unlinked_winners,
)
from prizes.entry.workflow import PRIZE_WORKFLOW, STAFF, Status
from stocktaking.project.models import Project

NAMED_AT_MOST = 5  # entries that one sentence names


class ReasonForm(ActionForm):
    """The texts of the chosen move."""

    note = forms.CharField(
        label=_("Reason for the entrant"), required=False, max_length=NOTE_MAX_LENGTH
    )
    file_note = forms.CharField(
        label=_("Reason for the file"), required=False, max_length=NOTE_MAX_LENGTH
    )


def move_action(move: Move) -> Callable[..., None]:
    """The action that makes a move for each selected entry. One sentence says for how many it
    was made, and one for each reason of refusal names the entries."""

    def action(
        desk: ModelAdmin, request: HttpRequest, chosen: models.QuerySet[Entry]
    ) -> None:
        texts = texts_for(
            move.name, request.POST.get("note", ""), request.POST.get("file_note", "")
        )
        done, refused = 0, defaultdict(list)
        for entry in chosen:
            if why := _refusal(entry, move.name, request.user, texts):
                refused[why].append(str(entry))
            else:
                done += 1
        if done:
            sentence = ngettext(
                "%(move)s: %(count)d entry.", "%(move)s: %(count)d entries.", done
            )
            messages.success(request, sentence % {"move": move.label, "count": done})
        for why, titles in refused.items():
            messages.error(request, f"{why} ({len(titles)}: {_some(titles)})")

    return action


def _refusal(entry: Entry, move: str, user: AnyUser, texts: tuple[str, str]) -> str:
    """Make the move; returns a sentence when it was refused, else ""."""
    try:
        entry.move(move, user, *texts)
    except MoveRefused as refused:
        return str(refused.message)
    except ValidationError as refused:
        return " ".join(refused.messages)
    return ""


def _some(titles: list[str]) -> str:
    """The first of many titles."""
    more = "…" if len(titles) > NAMED_AT_MOST else ""
    return "; ".join(titles[:NAMED_AT_MOST]) + more


class StatusFilter(QueueFilter):
    """The screening queue: entries from a public source wait for no decision."""

    queue = Status.SUBMITTED

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet
    ) -> models.QuerySet:
        filtered = super().queryset(request, queryset)
        return (
            filtered.filter(source="") if self.value() == Status.SUBMITTED else filtered
        )


@admin.register(Entry)
class EntryAdmin(NotOwnAdmin, ZonedAdmin, KeptAdmin):
    """Facts can be corrected; the status changes by moves only. Sealed entries are not shown."""

    zone_from = ("contest",)
    action_form = ReasonForm
    list_display = (
        "title",
        "organization_name",
        "contest",
        "category",
        "status_tag",
        "submitted_at",
    )
    list_filter = (
        StatusFilter,
        ("contest", admin.RelatedOnlyFieldListFilter),
        "category__action_line",
        "stakeholder_type",
    )
    list_select_related = ("contest", "category__contest")
    search_fields = ("title", "organization_name")
    ordering = ("submitted_at", "pk")
    autocomplete_fields = ("organization",)
    fields = (
        "contest",
        "category",
        "project",
        "owner",
        "organization",
        *(field.name for field in SAID),
        "answers",
        "status",
        "submitted_at",
        "winner_at",
        "code",
        "history",
    )
    readonly_fields = (
        "contest",
        "category",
        "project",
        "owner",
        "answers",
        "status",
        "submitted_at",
        "winner_at",
        "code",
        "history",
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.winners_view)
        return [
            path("winners/", view, name="prizes_entry_winners"),
            *super().get_urls(),
        ]

    def winners_view(self, request: HttpRequest) -> HttpResponse:
        return winners_page(self, request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """Choices of other admin forms: entries that experts review in contests not yet counted."""
        if request.path.endswith("/autocomplete/"):
            queryset = queryset.filter(
                source="", status__in=IN_PANEL, contest__counted_at=None
            )
        return super().get_search_results(request, queryset, search_term)

    def get_queryset(self, request: HttpRequest) -> Any:
        return Entry.objects.unsealed().order_by(*self.ordering).defer("words")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        moves = [m for m in PRIZE_WORKFLOW if m.by & STAFF]
        return {m.name: (move_action(m), m.name, str(m.label)) for m in moves}

    @admin.display(description=_("status"), ordering="status")
    def status_tag(self, entry: Entry) -> SafeString:
        return tag_of(entry)

    @admin.display(description=_("history"))
    def history(self, entry: Entry) -> SafeString | str:
        """The log, latest first, with the texts for the entrant and those for the file."""
        names = dict(Status.choices)
        rows = [(change, *texts_of(change)) for change in entry.history()]
        return (
            format_html_join(
                "",
                "<p>{} – {}: {} → {}<br>{}: {}<br>{}: {}</p>",
                (
                    (
                        in_words(c.at),
                        c.by or _("the portal"),
                        names.get(c.source, c.source),
                        names.get(c.target, c.target),
                        _("Reason for the entrant"),
                        for_entrant or "–",
                        _("Reason for the file"),
                        for_file or "–",
                    )
                    for c, for_entrant, for_file in rows
                ),
            )
            or "–"
        )


ANSWERS_SHOWN = 20


def winners_page(desk: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Winners with the projects that they may be; a button each for yes, no and undo."""
    if not desk.has_change_permission(request):
        raise PermissionDenied
    if request.method == "POST":
        _answer(desk, request)
        return redirect("admin:prizes_entry_winners")
    rows = keyset_page(request, unlinked_winners())
    ids = {pk for entry in rows.object_list for pk in entry.candidates}
    projects = Project.objects.published().in_bulk(list(ids))
    given = WinnerAnswer.objects.select_related("entry__contest", "project", "by")
    context: dict[str, Any] = desk.admin_site.each_context(request) | {
        "title": _("Winners of earlier contests"),
        "opts": desk.opts,
        "page": rows,
        "winners": [
            (entry, [projects[pk] for pk in entry.candidates if pk in projects])
            for entry in rows.object_list
        ],
        "answers": given[:ANSWERS_SHOWN],
    }
    return render(request, "admin/prizes/entry/winners.html", context)


def _answer(desk: admin.ModelAdmin, request: HttpRequest) -> None:
    """What the pressed button says: “yes” or “no” with winner and project, or “undo”."""
    name = next((one for one in ("yes", "no", "undo") if one in request.POST), "")
    numbers = [whole_number(part) for part in request.POST.get(name, "").split("-")]
    if name == "undo":
        given = get_object_or_404(WinnerAnswer, pk=numbers[0])
        desk.log_change(request, given.entry, f"winner: undo {given.project_id}")
        take_back(given)
        messages.success(request, _("The answer was taken back."))
        return
    winner, project = (*numbers, None, None)[:2]
    entry = get_object_or_404(imported_winners(), pk=winner)
    chosen = get_object_or_404(Project.objects.published(), pk=project)
    if not answer(entry, chosen, name == "yes", request.user):  # type: ignore[arg-type]  # signed in
        messages.warning(request, _("This winner has its project already."))
        return
    desk.log_change(request, entry, f"winner: {name} {chosen.pk}")
    messages.success(request, _("Saved."))


@admin.register(Remark)
class RemarkAdmin(ReadOnlyAdmin):
    """Texts beside the reasons of decisions; without those on entries that concern the reader."""

    list_display = ("change", "text")
    list_select_related = ("change",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        own = Entry.objects.concerning(request.user).values("pk")
        return super().get_queryset(request).exclude(change__record_id__in=own)


@admin.register(WinnerAnswer)
class WinnerAnswerAdmin(ReadOnlyAdmin):
    """Answers are given and taken back on the page of earlier winners."""

    list_display = ("entry", "project", "is_same", "by", "at")
    list_filter = ("is_same",)
    list_select_related = ("entry", "project", "by")
