"""The ballot at the desk. Nothing here tells for whom anybody voted before the count.

Events and votes show chain, kind and time; the strike of a vote is proposed by its receipt, and
confirmed by a second person.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from prizes.admin.base import ReadOnlyAdmin
from prizes.models import BallotEvent, ChainHead, Strike, Vote
from prizes.models.ballot import RECEIPT, VoteRefused


@admin.register(BallotEvent)
class BallotEventAdmin(ReadOnlyAdmin):
    zone_from = ("contest",)
    list_display = ("contest", "shard", "number", "kind", "at", "receipt")
    list_filter = ("kind",)
    list_select_related = ("contest",)
    search_fields = ("hash__startswith",)
    fields = ("contest", "shard", "number", "kind", "reason", "at", "previous", "hash")


@admin.register(Vote)
class VoteAdmin(ReadOnlyAdmin):
    list_display = ("category", "receipt", "struck")
    list_filter = ("struck",)
    list_select_related = ("category__contest", "event")
    fields = ("category", "receipt", "struck")

    @admin.display(description=_("receipt"))
    def receipt(self, vote: Vote) -> str:
        return vote.event.receipt


@admin.register(ChainHead)
class ChainHeadAdmin(ReadOnlyAdmin):
    list_display = ("contest", "shard", "number", "hash")
    list_select_related = ("contest",)


class StrikeForm(forms.ModelForm):
    officer: Any = None  # who fills the form in

    receipt = forms.CharField(
        label=_("Receipt"), min_length=RECEIPT, max_length=64,
        help_text=_("The beginning of the hash of the vote’s current event."),
    )  # fmt: skip

    class Meta:
        model = Strike
        fields = ("receipt", "reason")

    def clean_receipt(self) -> str:
        receipt = self.cleaned_data["receipt"].strip().lower()
        vote = Vote.objects.filter(event__hash__startswith=receipt, struck=False).first()
        if vote is None:
            raise ValidationError(_("No valid vote has this receipt."))
        try:
            Strike(vote=vote).require_impartial(self.officer)
        except VoteRefused as refused:
            raise ValidationError(str(refused.message)) from refused
        self.instance.vote = vote
        return str(receipt)


@admin.action(description=_("Confirm the void (second person)"))
def confirm(desk: Any, request: HttpRequest, chosen: models.QuerySet[Strike]) -> None:
    for strike in chosen:
        try:
            strike.confirm(request.user)
        except VoteRefused as refused:
            messages.error(request, str(refused.message))
        else:
            messages.success(request, _("The vote is void."))


@admin.register(Strike)
class StrikeAdmin(ReadOnlyAdmin):
    form = StrikeForm
    list_display = ("pk", "reason", "proposed_by", "proposed_at", "confirmed_by", "confirmed_at")
    list_filter = (("confirmed_at", admin.EmptyFieldListFilter),)
    list_select_related = ("proposed_by", "confirmed_by")
    search_fields = ("reason",)
    actions = (confirm,)
    fields = ("receipt", "reason")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = ("reason", "proposed_by", "proposed_at", "confirmed_by", "confirmed_at")
        return shown if obj else ("receipt", "reason")

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[forms.ModelForm]:
        """The form knows who fills it in: nobody voids votes beside their own entry."""
        form = super().get_form(request, *args, **kwargs)
        return type(form.__name__, (form,), {"officer": request.user})

    def save_model(self, request: HttpRequest, obj: Strike, form: Any, change: bool) -> None:
        obj.proposed_by = request.user  # type: ignore[assignment]  # staff are signed in
        super().save_model(request, obj, form, change)
