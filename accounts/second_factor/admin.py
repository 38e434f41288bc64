"""Second factors, and requests to remove a lost one, in the admin."""

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.second_factor.models import FactorReset
from accounts.second_factor.workflow import ResetStatus
from accounts.user.admin import PrivacyAdmin
from common.admin.paginator import LimitedPaginator
from common.admin.read_only import KeptAdmin
from common.dates.zones import in_words
from common.moves.workflow import MoveRefused


@admin.register(Authenticator)
class AuthenticatorAdmin(PrivacyAdmin):
    """Who has which second factor. The secrets are encrypted and not shown; a lost factor is
    removed by a request that two officers confirm."""

    fields = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    search_fields = ["user__email"]

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return self.fields


class FactorResetForm(forms.ModelForm):
    """The decision of one officer, with a note on how the identity was checked."""

    decision = forms.ChoiceField(label=_("Decision"), required=True)
    checked = forms.CharField(
        label=_("How the identity was checked"),
        help_text=_(
            "For example: called back at the number of the ministry, passport seen."
        ),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It is kept in the history; if you reject, the person reads it."),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )

    officer: Any = None  # set by the admin for each request

    class Meta:
        model = FactorReset
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_moves = self.instance.open_moves(self.officer) if self.officer else []
        choices = [(move.name, move.label) for move in open_moves]
        self.fields["decision"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        confirms = cleaned.get("decision") in ("check", "approve")
        if confirms and not cleaned.get("checked"):
            self.add_error(
                "checked", _("Write how the identity of the person was checked.")
            )
        return cleaned


@admin.register(FactorReset)
class FactorResetAdmin(KeptAdmin):
    """Requests of people who have lost their second factor. Two officers confirm independently;
    the portal removes the factors after the waiting period."""

    form = FactorResetForm
    list_display = ["user", "status", "asked_at", "due_at", "done_at"]
    list_filter = ["status"]
    list_select_related = ["user"]
    paginator = LimitedPaginator
    search_fields = ["user__email"]
    READ = [
        "user",
        "explanation",
        "status",
        "asked_at",
        "due_at",
        "done_at",
        "identity",
        "identity_again",
        "steps",
    ]
    readonly_fields = READ

    def get_fieldsets(
        self, request: HttpRequest, obj: FactorReset | None = None
    ) -> Any:
        fieldsets = [(None, {"fields": self.READ})]
        if obj is not None and obj.open_moves(request.user):
            decision = {"fields": ["decision", "checked", "reason"]}
            fieldsets.append((_("Your decision"), decision))  # type: ignore[arg-type]
        return fieldsets

    def get_form(
        self,
        request: HttpRequest,
        obj: FactorReset | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        """The form of this officer; its choices are the moves that the officer may make."""
        if obj is None or not obj.open_moves(request.user):
            return forms.modelform_factory(FactorReset, fields=[])
        return type("OfficersForm", (FactorResetForm,), {"officer": request.user})

    def has_add_permission(
        self, request: HttpRequest, obj: FactorReset | None = None
    ) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: FactorReset | None = None
    ) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or bool(obj.open_moves(request.user)))

    @admin.display(description=_("Steps so far"))
    def steps(self, reset: FactorReset) -> str:
        lines = [
            f"{in_words(step.at)}, {step.by or '–'}: {ResetStatus(step.target).label}."
            f" {step.note}"
            for step in reset.history()
        ]
        return "\n".join(lines) or "–"

    def save_model(
        self, request: HttpRequest, obj: FactorReset, form: ModelForm, change: bool
    ) -> None:
        decision, checked = form.cleaned_data["decision"], form.cleaned_data["checked"]
        kept = {"check": "identity", "approve": "identity_again"}.get(decision)
        try:
            with (
                transaction.atomic()
            ):  # a refused decision leaves the first officer's note
                if kept:
                    FactorReset.objects.filter(pk=obj.pk).update(**{kept: checked})
                obj.move(decision, request.user, form.cleaned_data["reason"])
        except MoveRefused as error:
            messages.error(request, str(error.message))
