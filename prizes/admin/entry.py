"""Entries at the desk: the queue of the screening, and the moves of the table with a reason."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ActionForm
from django.db import models
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.own_admin import NotOwnAdmin
from common.workflow import NOTE_MAX_LENGTH, Move
from prizes.admin.base import KeptAdmin
from prizes.models import Entry
from prizes.querysets import IN_PANEL
from prizes.workflow import PRIZE_WORKFLOW, STAFF, Status
from stocktaking.admin.filters import QueueFilter
from stocktaking.admin.moves import log_of, make, tag_of


class ReasonForm(ActionForm):
    """The reason that goes with the chosen move."""

    note = forms.CharField(label=_("Reason"), required=False, max_length=NOTE_MAX_LENGTH)


def move_action(move: Move) -> Callable[..., None]:
    """The move for each ticked entry; a refusal names the entry and says why."""

    def action(desk: Any, request: HttpRequest, chosen: models.QuerySet[Entry]) -> None:
        note = request.POST.get("note", "")
        for entry in chosen:
            make(request, entry, move.name, note)

    return action


class StatusFilter(QueueFilter):
    """The queue of the screening: what came from a public source waits for no decision."""

    queue = Status.SUBMITTED

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        found = super().queryset(request, queryset)
        return found.filter(source="") if self.value() == Status.SUBMITTED else found


@admin.register(Entry)
class EntryAdmin(NotOwnAdmin, KeptAdmin):
    """Facts can be corrected; the status changes by moves only. Sealed entries are not here."""

    zone_from = ("contest",)
    action_form = ReasonForm
    list_display = ("title", "organisation_name", "contest", "category", "status_tag",
                    "submitted_at")  # fmt: skip
    list_filter = (StatusFilter, ("contest", admin.RelatedOnlyFieldListFilter),
                   "category__action_line", "stakeholder_type")  # fmt: skip
    list_select_related = ("contest", "category__contest")
    search_fields = ("title", "organisation_name")
    ordering = ("submitted_at", "pk")
    autocomplete_fields = ("organisation",)
    fields = ("contest", "category", "project", "owner", "title", "language", "organisation",
              "organisation_name", "country", "stakeholder_type", "description", "answers",
              "source", "source_note", "status", "submitted_at", "winner_at", "code",
              "history")  # fmt: skip
    readonly_fields = ("contest", "category", "project", "owner", "answers", "status",
                       "submitted_at", "winner_at", "code", "history")  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """Where an entry is chosen, those that experts judge in contests that are not counted."""
        if request.path.endswith("/autocomplete/"):
            queryset = queryset.filter(source="", status__in=IN_PANEL, contest__counted_at=None)
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
        return log_of(entry)
