"""Roles in organizations at the desk: verify, reject and undo, each with a reason."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ActionForm
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.role.admin import NotOwnAdmin
from common.admin.read_only import KeptAdmin
from common.moves.workflow import NOTE_MAX_LENGTH, Move, MoveRefused
from stocktaking.base.workflow import STAFF
from stocktaking.organization.roles import OrganizationDomain, OrganizationRole
from stocktaking.organization.workflow import ROLE_WORKFLOW


class ReasonForm(ActionForm):
    note = forms.CharField(
        label=_("Reason"), required=False, max_length=NOTE_MAX_LENGTH
    )


class DomainInline(admin.TabularInline):
    model = OrganizationDomain
    extra = 0
    verbose_name_plural = _("domains whose e-mail addresses prove a role here")


def action_of(move: Move) -> Callable[..., None]:
    """Make the move for each selected role; a refusal names the role and the reason."""

    def action(desk: ModelAdmin, request: HttpRequest, chosen: models.QuerySet) -> None:
        for role in chosen.select_related("member__user", "organization"):
            try:
                role.move(move.name, request.user, request.POST.get("note", ""))
            except MoveRefused as refused:
                messages.error(request, f"{role}: {refused.message}")
            else:
                messages.success(request, f"{role}: {move.label}")

    return action


@admin.register(OrganizationRole)
class OrganizationRoleAdmin(NotOwnAdmin, KeptAdmin):
    list_display = (
        "member",
        "title",
        "organization",
        "status",
        "asked_at",
        "verified_at",
    )
    list_filter = ("status",)
    list_select_related = ("member__user", "organization")
    search_fields = ("member__user__email", "organization__name", "title")
    autocomplete_fields = ("organization", "member")
    readonly_fields = ("status", "asked_at", "verified_at")
    action_form = ReasonForm

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        moves = [move for move in ROLE_WORKFLOW if move.by & STAFF]
        return {move.name: (action_of(move), move.name, move.label) for move in moves}
