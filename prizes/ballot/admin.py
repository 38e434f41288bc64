"""The ballot in the admin. Nothing here tells for whom anybody voted before the count.

Events and votes show chain, kind and hour. Voiding a vote is proposed by its receipt and confirmed
by a second person.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.admin.read_only import ReadOnlyAdmin
from common.dates.admin import ZonedAdmin
from prizes.ballot.barring import FormerMembership
from prizes.ballot.models import BallotEvent, ChainHead, Vote, VoteRefused
from prizes.ballot.order import Turn
from prizes.ballot.receipt import LENGTH, number_of, words_of
from prizes.ballot.removal import Removal
from prizes.ballot.voiding import COUNTED, Voiding, VoidNotice
from prizes.ballot.vote_list import VoteListWish
from prizes.ballot.voter import Mailbox, Voter


@admin.register(BallotEvent)
class BallotEventAdmin(ZonedAdmin, ReadOnlyAdmin):
    zone_from = ("contest",)
    list_display = ("contest", "shard", "number", "kind", "at", "receipt")
    list_filter = ("kind",)
    list_select_related = ("contest",)
    search_fields = ("hash__startswith",)
    search_help_text = _("A receipt in words, or the beginning of a hash.")
    fields = (
        "contest",
        "shard",
        "number",
        "kind",
        "reason",
        "at",
        "receipt",
        "previous",
        "hash",
    )

    @admin.display(description=_("receipt"))
    def receipt(self, event: BallotEvent) -> str:
        return event.receipt

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> Any:
        try:
            number = number_of(search_term)
        except ValidationError:
            return super().get_search_results(request, queryset, search_term)
        return queryset.filter(receipt_number=number), False


@admin.register(Vote)
class VoteAdmin(ReadOnlyAdmin):
    list_display = ("category", "receipt", "voided")
    list_filter = ("voided",)
    list_select_related = ("category__contest", "event")
    fields = ("category", "receipt", "voided")

    def get_queryset(self, request: HttpRequest) -> Any:
        votes: Any = super().get_queryset(request)
        return votes.with_receipt()

    @admin.display(description=_("receipt"))
    def receipt(self, vote: Vote) -> str:
        return vote.receipt


@admin.register(ChainHead)
class ChainHeadAdmin(ReadOnlyAdmin):
    list_display = ("contest", "shard", "number", "hash")
    list_select_related = ("contest",)


@admin.register(Voter)
class VoterAdmin(ReadOnlyAdmin):
    list_display = ("contest", "__str__", "events")
    list_select_related = ("contest",)
    fields = ("contest", "events")


@admin.register(Mailbox)
class MailboxAdmin(ReadOnlyAdmin):
    list_display = ("contest", "__str__")
    list_select_related = ("contest",)
    fields = ("contest",)


@admin.register(Turn)
class TurnAdmin(ReadOnlyAdmin):
    list_display = ("contest", "__str__")
    list_select_related = ("contest",)
    fields = ("contest",)


@admin.register(FormerMembership)
class FormerMembershipAdmin(ReadOnlyAdmin):
    list_display = ("user", "organization", "until")
    list_select_related = ("user", "organization")
    search_fields = ("user__email", "organization__name")


@admin.register(VoidNotice)
class VoidNoticeAdmin(ZonedAdmin, ReadOnlyAdmin):
    zone_from = ()
    list_display = ("__str__", "case", "group", "at", "told", "done_at")
    list_select_related = (
        "case__event__contest",
        "group__pattern__contest",
        "group__pattern__rule",
    )
    fields = ("case", "group", "at", "told", "done_at")


@admin.register(VoteListWish)
class VoteListWishAdmin(ZonedAdmin, ReadOnlyAdmin):
    zone_from = ("contest",)
    list_display = ("contest", "user", "asked_at", "sent_at")
    list_select_related = ("contest", "user")
    search_fields = ("user__email",)
    fields = ("contest", "user", "asked_at", "sent_at")


@admin.register(Removal)
class RemovalAdmin(ZonedAdmin, ReadOnlyAdmin):
    zone_from = ("entry", "contest")
    list_display = ("entry", "at", "told", "done_at")
    list_select_related = ("entry__contest",)
    fields = ("entry", "at", "told", "done_at")


class VoidingForm(forms.ModelForm):
    officer: Any = None  # who fills the form in

    receipt = forms.CharField(
        label=_("Receipt"),
        max_length=LENGTH,
        help_text=_("The four words that the voter got for the vote as it stands."),
    )

    class Meta:
        model = Voiding
        fields = ("receipt", "reason", "told")

    def clean_receipt(self) -> str:
        number = number_of(self.cleaned_data["receipt"])
        votes = Vote.objects.filter(event__receipt_number=number, voided=False)
        vote = votes.select_related("event__contest").first()
        if vote is None:
            raise ValidationError(_("No valid vote has this receipt."))
        if vote.event.contest.counted_at:
            raise ValidationError(COUNTED)
        if Voiding.objects.open().filter(event=vote.event_id).exists():
            raise ValidationError(_("A case against this vote is open already."))
        try:
            Voiding(event=vote.event).require_impartial(self.officer)
        except VoteRefused as refused:
            raise ValidationError(str(refused.message)) from refused
        self.instance.event = vote.event
        return words_of(number)


def _decide(
    desk: ModelAdmin,
    request: HttpRequest,
    cases: models.QuerySet[Voiding],
    act: str,
    sentence: str,
) -> None:
    for case in cases:
        try:
            getattr(case, act)(request.user)
        except VoteRefused as refused:
            messages.error(request, f"{case.event.receipt}: {refused.message}")
        else:
            desk.log_change(request, case, act)
            messages.success(request, f"{case.event.receipt}: {sentence}")


@admin.action(description=_("Confirm the void (second person)"))
def confirm(
    desk: ModelAdmin, request: HttpRequest, chosen: models.QuerySet[Voiding]
) -> None:
    _decide(desk, request, chosen, "confirm", gettext("The vote is void."))


@admin.action(description=_("Dismiss the case: the vote stays"))
def dismiss(
    desk: ModelAdmin, request: HttpRequest, chosen: models.QuerySet[Voiding]
) -> None:
    _decide(
        desk,
        request,
        chosen,
        "dismiss",
        gettext("The case is dismissed. The vote stays."),
    )


class StateFilter(admin.SimpleListFilter):
    """The same cases that the first page of the admin counts and that block the count."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, desk: ModelAdmin) -> list[tuple[str, Any]]:
        return [("open", Voiding.State.OPEN.label)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.open() if self.value() == "open" else queryset


@admin.register(Voiding)
class VoidingAdmin(ZonedAdmin, ReadOnlyAdmin):
    zone_from = ("event", "contest")
    form = VoidingForm
    list_display = (
        "receipt",
        "state",
        "reason",
        "proposed_by",
        "proposed_at",
        "confirmed_by",
        "confirmed_at",
    )
    list_filter = (StateFilter,)
    list_select_related = ("event__contest", "proposed_by", "confirmed_by")
    search_fields = ("reason",)
    actions = (confirm, dismiss)
    fields = ("receipt", "reason", "told")

    @admin.display(description=_("receipt"))
    def receipt(self, case: Voiding) -> str:
        return case.event.receipt

    @admin.display(description=_("state"))
    def state(self, case: Voiding) -> Any:
        return case.state.label

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def get_fields(self, request: HttpRequest, obj: Voiding | None = None) -> Any:
        decided = (
            "reason",
            "told",
            "proposed_by",
            "proposed_at",
            "confirmed_by",
            "confirmed_at",
            "dismissed_by",
            "dismissed_at",
        )
        return decided if obj else self.fields

    def get_form(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """The form knows the officer: nobody voids votes that compete with their own entry."""
        form = super().get_form(request, *args, **kwargs)
        return type(form.__name__, (form,), {"officer": request.user})

    def save_model(
        self, request: HttpRequest, obj: Voiding, form: ModelForm, change: bool
    ) -> None:
        obj.propose(request.user)  # type: ignore[arg-type]  # staff are signed in
