"""Accounts in the admin: for administrators, with every change in Django's own log."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import (
    ApiKey,
    Consent,
    DataExport,
    Erasure,
    MailChoice,
    SignIn,
    TextVersion,
    User,
)
from accounts.roles import Role
from common.paging import LimitedPaginator

admin.site.site_header = admin.site.site_title = _("WSIS review portal")
admin.site.enable_nav_sidebar = False
# One door for everybody: limits, second factor and mails of the account pages hold here too.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

# Roles are fixed in accounts.roles and given on the user's page; loose groups would mean nothing.
admin.site.unregister(Group)


class NewUserForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email",)


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
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
    list_display = ["email", "first_name", "last_name", "role_names", "is_active", "last_login"]
    list_filter = ["is_active", "is_staff", "groups", "language"]
    search_fields = ["email", "last_name"]
    ordering = ["email"]
    list_per_page = 50
    show_full_result_count = False
    paginator = LimitedPaginator
    filter_horizontal = ["groups"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("roles"))
    def role_names(self, user: User) -> str:
        names = {group.name for group in user.groups.all()}
        return ", ".join(str(label) for value, label in Role.choices if value in names)

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["queryset"] = Group.objects.filter(name__in=Role.values)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_related(self, request: Any, form: Any, formsets: Any, change: Any) -> None:
        """Roles decide who may enter the admin."""
        super().save_related(request, form, formsets, change)
        form.instance.follow_roles()


@admin.register(TextVersion)
class TextVersionAdmin(admin.ModelAdmin):
    """A new version asks everybody at the next sign-in; what somebody agreed to stays as it was."""

    list_display = ["kind", "version", "published_at"]
    list_filter = ["kind"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (
            obj is None or not obj.consents.exists()
        )


@admin.register(Consent, DataExport, Erasure, MailChoice, SignIn)
class PrivacyAdmin(admin.ModelAdmin):
    """Rows that only the portal writes."""

    list_per_page = 50
    show_full_result_count = False
    paginator = LimitedPaginator
    list_select_related = ["user"]

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        hidden = {"id", "file", "digest"}
        return [f.name for f in self.model._meta.concrete_fields if f.name not in hidden]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ApiKey)
class ApiKeyAdmin(PrivacyAdmin):
    """Keys are made by their people; an administrator may end one."""

    actions = ["revoke"]
    fields = ["user", "name", "prefix", "scopes", "created_at", "expires_at", "last_used_at",
              "revoked_at", "revoked_by"]  # fmt: skip
    list_filter = [("revoked_at", admin.EmptyFieldListFilter)]
    search_fields = ["=prefix", "user__email"]

    @admin.action(description=_("Revoke the chosen keys"))
    def revoke(self, request: HttpRequest, chosen: QuerySet[ApiKey]) -> None:
        for key in chosen:
            key.revoke(request.user)
            self.log_change(request, key, "revoked")
