"""Accounts in the admin, for administrators; Django's log keeps every change."""

from collections.abc import Iterable
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
from django.db.models import QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import Role
from accounts.user.change_address import change_address
from accounts.user.models import User
from common.admin.paginator import LimitedPaginator
from common.admin.read_only import ReadOnlyAdmin
from common.mail.addresses import canonical
from common.mail.returned import sentence_on

# Roles are fixed in accounts.role.roles and given on the user's page; groups would mean nothing.
admin.site.unregister(Group)


class NewUserForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email",)


class UserForm(UserChangeForm):
    def clean_email(self) -> str:
        """Refuse an address that another account has confirmed."""
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
        (None, {"fields": ["email", "returned_mail", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "language", "time_zone"]}),
        (_("Roles"), {"fields": ["is_active", "groups"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["returned_mail", "last_login", "date_joined"]
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

    @admin.display(description=_("e-mails to this address"))
    def returned_mail(self, user: User) -> str:
        return sentence_on(user.email)

    def formfield_for_manytomany(
        self, db_field: Any, request: Any, **kwargs: Any
    ) -> Any:
        if db_field.name == "groups":
            kwargs["queryset"] = Group.objects.filter(name__in=Role.values)
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: User, form: ModelForm, change: bool
    ) -> None:
        """A new address changes everything that depends on it; both addresses are notified."""
        old = form.initial.get("email") if change else None
        super().save_model(request, obj, form, change)
        if old and canonical(old) != obj.email:
            change_address(obj, old)
            text = _(
                "Both addresses were told. The new one is confirmed at the next sign-in."
            )
            messages.info(request, text)

    def save_related(
        self,
        request: HttpRequest,
        form: ModelForm,
        formsets: Iterable[BaseModelFormSet],
        change: bool,
    ) -> None:
        """The roles decide who may enter the admin."""
        super().save_related(request, form, formsets, change)
        form.instance.follow_roles()


class PrivacyAdmin(ReadOnlyAdmin):
    """Rows that only the portal writes."""

    paginator = LimitedPaginator
    list_select_related = ["user"]

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        hidden = {"id", "file", "digest"}
        return [
            f.name for f in self.model._meta.concrete_fields if f.name not in hidden
        ]


for replaced in (Authenticator, EmailAddress, UserSession):
    admin.site.unregister(replaced)


@admin.register(EmailAddress)
class EmailAddressAdmin(PrivacyAdmin):
    """Addresses are changed on the page of the account, where everything that depends on them
    follows."""

    list_filter = ["verified", "primary"]
    search_fields = ["email"]
