"""Moves in the Forum's admin: buttons on a record, and actions on a list."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.role.admin import NotOwnAdmin
from common.admin.deletion import DeletesMistakes
from common.admin.read_only import KeptAdmin
from common.dates.admin import ZonedAdmin
from common.moves.admin import bulk_action as with_reason
from common.moves.admin import confirm, log_of, make, tag_of
from common.moves.forms import MoveForm
from common.moves.models import Moved
from common.moves.workflow import Move, Workflow


class DeletesWithParts(DeletesMistakes):
    """Whatever the database deletes with a record is a part of it; what prevents it is named."""

    goes_along = None
    deletes_many = False
    names_dependents = True


def bulk_action(move: Move) -> Callable[..., Any]:
    """The action that makes the move for each selected record; a refusal names the record and the
    reason.

    A move that needs a reason leads to a page where it is written once for all.
    """
    if move.needs_note:
        return with_reason(move)

    def action(desk: ModelAdmin, request: HttpRequest, chosen: models.QuerySet) -> None:
        for record in chosen:
            make(request, record, move.name, "")

    return action


class MovesAdmin(NotOwnAdmin, ZonedAdmin, KeptAdmin):
    """A record whose status follows a table; `workflow` is that table."""

    workflow: Workflow
    about_moves: Any = ""  # what its desk should know before it presses a button
    change_form_template = "admin/forum/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        name = f"forum_{self.model._meta.model_name}_move"
        view = self.admin_site.admin_view(self.move_view)
        many = self.admin_site.admin_view(self.moves_view)
        return [
            path("<int:pk>/move/", view, name=name),
            path("moves/", many, name=f"{name}s"),
            *super().get_urls(),
        ]

    def moves_view(self, request: HttpRequest) -> HttpResponse:
        """One reason for all selected records."""
        return confirm(self, request, self.workflow)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Moves of many records at once, with one reason where one is needed."""
        roles: frozenset[str] = getattr(request.user, "roles", frozenset())
        moves = [m for m in self.workflow if m.by & roles and m.offered]
        offered = {m.name: (bulk_action(m), m.name, str(m.label)) for m in moves}
        return super().get_actions(request) | offered

    def move_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make the move of the button on a record; then show the record again."""
        if request.method != "POST":
            raise Http404
        if not self.has_change_permission(request):
            raise PermissionDenied
        record = get_object_or_404(self.model, pk=pk)
        form = MoveForm(request.POST)
        if not form.is_valid():
            messages.error(request, " ".join(map(str, form.errors["note"])))
        elif request.POST.get("move") not in {move.name for move in self.workflow}:
            raise Http404
        else:
            move = request.POST["move"]
            question = self.question_before(record, move)
            if question and "confirmed" not in request.POST:
                messages.warning(request, question)
                page = reverse(
                    f"admin:forum_{self.model._meta.model_name}_change", args=[pk]
                )
                return redirect(f"{page}?confirm={move}")
            make(request, record, move, form.cleaned_data["note"])
        return redirect(f"admin:forum_{self.model._meta.model_name}_change", pk)

    def question_before(self, record: Any, move: str) -> str:
        """What staff have to confirm before a move; "" for nothing."""
        return ""

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context: dict[str, Any] = {}
        record: Any = (
            self.get_object(request, object_id) if request.method == "GET" else None
        )
        if record:
            name = f"admin:forum_{self.model._meta.model_name}_move"
            context = {
                "moves": record.open_moves(request.user),
                "move_form": MoveForm(),
                "move_url": reverse(name, args=[record.pk]),
                "about_moves": self.about_moves,
                "to_confirm": request.GET.get("confirm", ""),
            }
        return super().change_view(
            request, object_id, form_url, context | (extra_context or {})
        )

    @admin.display(description=_("status"), ordering="status")
    def status_tag(self, record: Moved) -> SafeString:
        return tag_of(record)

    @admin.display(description=_("moves"))
    def history(self, record: Moved) -> SafeString | str:
        return log_of(record)
