"""Accounts in the admin: for administrators, with every change in Django's own log."""

from typing import Any

import allauth.account.admin
import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401  (they register first: what follows replaces them)
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from accounts.emails import change_address
from accounts.models import (
    ApiKey,
    Consent,
    DataExport,
    Erasure,
    FactorReset,
    MailChoice,
    SignIn,
    TextVersion,
    User,
)
from accounts.roles import Role
from common.addresses import canonical
from common.paging import LimitedPaginator
from common.workflow import MoveRefused

# Roles are fixed in accounts.roles and given on the user's page; loose groups would mean nothing.
admin.site.unregister(Group)


class NewUserForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email",)


class UserForm(UserChangeForm):
    def clean_email(self) -> str:
        """An address that another account has confirmed cannot be given away."""
        email = canonical(self.cleaned_data["email"])
        if User.objects.with_address(email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another account has this e-mail address."))
        return email


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    form = UserForm
    add_form = NewUserForm
    add_fieldsets = [
        (None, {"fields": ["email", "usable_password", "password1", "password2"]}),
    ]
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "language", "time_zone"]}),
        (_("Roles"), {"fields": ["is_active", "groups"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]
    list_display = [
        "email",
        "first_name",
        "last_name",
        "role_names",
        "is_active",
        "last_login",
    ]
    list_filter = ["is_active", "is_staff", "groups", "language"]
    search_fields = ["email", "last_name", "first_name"]
    ordering = ["email"]
    list_per_page = 50
    show_full_result_count = False
    paginator = LimitedPaginator
    filter_horizontal = []

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("roles"))
    def role_names(self, user: User) -> str:
        names = {group.name for group in user.groups.all()}
        return ", ".join(str(label) for value, label in Role.choices if value in names)

    def formfield_for_manytomany(
        self, db_field: Any, request: Any, **kwargs: Any
    ) -> Any:
        if db_field.name == "groups":
            kwargs["queryset"] = Group.objects.filter(name__in=Role.values)
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request: Any, obj: User, form: Any, change: bool) -> None:
        """A new address reaches all that goes by addresses, and both are told."""
        old = form.initial.get("email") if change else None
        super().save_model(request, obj, form, change)
        if old and canonical(old) != obj.email:
            change_address(obj, old)
            text = _(
                "Both addresses were told. The new one is confirmed at the next sign-in."
            )
            messages.info(request, text)

    def save_related(self, request: Any, form: Any, formsets: Any, change: Any) -> None:
        """Roles decide who may enter the admin."""
        super().save_related(request, form, formsets, change)
        form.instance.follow_roles()


@admin.register(TextVersion)
class TextVersionAdmin(TranslationAdmin):
    """A new version asks everybody at the next sign-in; what somebody agreed to stays as it was."""

    list_display = ["kind", "version", "published_at"]
    list_filter = ["kind"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (
            obj is None or not obj.consents.exists()
        )


class PrivacyAdmin(admin.ModelAdmin):
    """Rows that only the portal writes."""

    list_per_page = 50
    show_full_result_count = False
    paginator = LimitedPaginator
    list_select_related = ["user"]

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        hidden = {"id", "file", "digest"}
        return [
            f.name for f in self.model._meta.concrete_fields if f.name not in hidden
        ]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Consent)
class ConsentAdmin(PrivacyAdmin):
    """Kept as proof."""


@admin.register(DataExport)
class DataExportAdmin(PrivacyAdmin):
    """Made by their people; the files are for nobody else."""


@admin.register(MailChoice)
class MailChoiceAdmin(PrivacyAdmin):
    """Chosen by people themselves."""


@admin.register(SignIn)
class SignInAdmin(PrivacyAdmin):
    """Written at each sign-in."""


@admin.register(Erasure)
class ErasureAdmin(PrivacyAdmin):
    list_filter = [
        ("done_at", admin.EmptyFieldListFilter),
        ("cancelled_at", admin.EmptyFieldListFilter),
    ]


@admin.register(ApiKey)
class ApiKeyAdmin(PrivacyAdmin):
    """Keys are made by their people; an administrator may end one."""

    actions = ["revoke"]
    fields = [
        "user",
        "name",
        "prefix",
        "scopes",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
        "revoked_by",
    ]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter)]
    search_fields = ["=prefix", "user__email"]

    @admin.action(description=_("Revoke the chosen keys"))
    def revoke(self, request: HttpRequest, chosen: QuerySet[ApiKey]) -> None:
        for key in chosen:
            key.revoke(request.user)
            self.log_change(request, key, "revoked")


for replaced in (Authenticator, EmailAddress, UserSession):
    admin.site.unregister(replaced)


@admin.register(Authenticator)
class AuthenticatorAdmin(PrivacyAdmin):
    """Who has which second factor. Sealed secrets are for nobody's eyes, and a lost factor is
    removed by a request that two officers confirm."""

    fields = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    search_fields = ["user__email"]

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return self.fields


@admin.register(EmailAddress)
class EmailAddressAdmin(PrivacyAdmin):
    """An address is changed on the page of the account, where all that hangs on it follows."""

    list_filter = ["verified", "primary"]
    search_fields = ["email"]


@admin.register(UserSession)
class UserSessionAdmin(PrivacyAdmin):
    fields = ["user", "created_at", "last_seen_at", "ip", "user_agent"]
    search_fields = ["user__email", "=ip"]

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return self.fields


class FactorResetForm(forms.ModelForm):
    """One decision of one officer, with how the identity was checked and why."""

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
class FactorResetAdmin(admin.ModelAdmin):
    """Requests of people who have lost their second factor. Two officers confirm one, each on
    their own; the portal removes the factors when the waiting time is over."""

    form = FactorResetForm
    list_display = ["user", "status", "asked_at", "due_at", "done_at"]
    list_filter = ["status"]
    list_select_related = ["user"]
    list_per_page = 50
    show_full_result_count = False
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

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = [(None, {"fields": self.READ})]
        if obj is not None and obj.open_moves(request.user):
            decision = {"fields": ["decision", "checked", "reason"]}
            shown.append((_("Your decision"), decision))  # type: ignore[arg-type]
        return shown

    def get_form(
        self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form of this officer: the choices are the moves that are open to them."""
        if obj is None or not obj.open_moves(request.user):
            return forms.modelform_factory(FactorReset, fields=[])
        return type("OfficersForm", (FactorResetForm,), {"officer": request.user})

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or bool(obj.open_moves(request.user)))

    @admin.display(description=_("Steps so far"))
    def steps(self, reset: FactorReset) -> str:
        lines = [
            f"{step.at:%Y-%m-%d %H:%M} {step.by or '–'}: {step.move}. {step.note}"
            for step in reset.history()
        ]
        return "\n".join(lines) or "–"

    def save_model(
        self, request: Any, obj: FactorReset, form: Any, change: bool
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
