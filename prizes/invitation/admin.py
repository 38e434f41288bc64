"""Invitations to panels in the admin: who is asked, and what they answered."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from common.admin.deletion import DeletesMistakes
from common.admin.read_only import KeptAdmin
from common.dates.admin import ZonedAdmin
from prizes.base.admin import of_contest
from prizes.invitation.models import Invitation, ask
from prizes.panel.models import Panel


class AnswerFilter(admin.SimpleListFilter):
    title = _("answer")
    parameter_name = "answer"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, Any]]:
        return [
            ("not_asked", _("Not asked yet")),
            ("waiting", _("Asked, without an answer")),
            ("accepted", _("Accepted")),
            ("declined", _("Declined")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = {
            "not_asked": queryset.to_ask,
            "waiting": queryset.waiting,
            "accepted": lambda: queryset.filter(accepted=True),
            "declined": lambda: queryset.filter(accepted=False),
        }.get(self.value() or "")
        return chosen() if chosen else queryset


@admin.register(Invitation)
class InvitationAdmin(ZonedAdmin, DeletesMistakes, KeptAdmin):
    """Offers the panels of one contest with `?contest=…`."""

    zone_from = ("panel", "category", "contest")
    fields = ("panel", "expert", "is_chair", "asked_at", "answered_at", "accepted")
    readonly_fields = ("asked_at", "answered_at", "accepted")
    list_display = (
        "panel",
        "expert",
        "is_chair",
        "asked_at",
        "answered_at",
        "accepted",
    )
    list_filter = (
        AnswerFilter,
        ("panel__category__contest", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("panel__category__contest", "expert")
    search_fields = ("expert__email", "panel__category__action_line__code")
    actions = ("ask_by_mail",)

    def formfield_for_foreignkey(
        self, db_field: Any, request: Any, **kwargs: Any
    ) -> Any:
        if db_field.name == "panel":
            rows = Panel.objects.select_related("category__contest")
            kwargs["queryset"] = of_contest(request, rows, "category__contest")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(
        self, request: HttpRequest, obj: Invitation | None = None
    ) -> bool:
        """Once a person was asked, the question stands as it was."""
        asked = obj is not None and obj.asked_at is not None
        return super().has_change_permission(request, obj) and not asked

    def kept_because(self, record: Invitation) -> str:
        if record.accepted:
            return gettext("The invitation was accepted: remove the seat instead.")
        return super().kept_because(record)

    @admin.action(description=_("Ask by e-mail, or remind"), permissions=["add"])
    def ask_by_mail(self, request: HttpRequest, chosen: QuerySet[Invitation]) -> None:
        mails, left_out = ask(chosen)  # type: ignore[arg-type]  # its own queryset
        sentence = ngettext(
            "%(count)d person is asked by e-mail.",
            "%(count)d people are asked by e-mail.",
            mails,
        )
        messages.success(request, sentence % {"count": mails})
        if left_out:
            sentence = gettext(
                "Left out, because they were answered or asked in the last three days, or the "
                "account is closed: %(count)d."
            )
            messages.warning(request, sentence % {"count": left_out})
