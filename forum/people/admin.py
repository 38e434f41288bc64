"""People and their parts in sessions in the admin; duplicate records are merged."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from common.admin.read_only import KeptAdmin, ReadOnlyAdmin
from common.forms.values import chosen_ids
from common.mail.returned import sentence_on
from common.text.digits import whole_number
from forum.base.admin import DeletesWithParts
from forum.people.mails import invite
from forum.people.models import (
    Availability,
    Participation,
    Person,
    PersonMerge,
    name_key,
)

MOST_NAMESAKES = 5  # shown as a hint


class ClaimFilter(admin.SimpleListFilter):
    """Who was sent the link to their record, and who has taken it over."""

    title = _("own record")
    parameter_name = "claim"
    CONDITIONS = {
        "claimed": models.Q(user__isnull=False),
        "invited": models.Q(user=None, invited_at__isnull=False),
        "open": models.Q(user=None, invited_at=None) & ~models.Q(email=""),
        "no_address": models.Q(user=None, email=""),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return (
            ("claimed", _("has an account")),
            ("invited", _("link sent")),
            ("open", _("no link sent yet")),
            ("no_address", _("no account and no e-mail address")),
        )

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet
    ) -> models.QuerySet:
        condition = self.CONDITIONS.get(self.value() or "")
        return queryset.filter(condition) if condition else queryset


class AddressFilter(admin.SimpleListFilter):
    """The same people that the first page of the admin counts."""

    title = _("e-mails to this address")
    parameter_name = "mail"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("no_such_address", _("There is no such address"))]

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet
    ) -> models.QuerySet:
        if self.value() != "no_such_address":
            return queryset
        return queryset.filter(pk__in=Person.objects.unreachable().values("pk"))


class PersonForm(forms.ModelForm):
    """A second person of the same name is added only after confirmation."""

    is_another = forms.BooleanField(
        label=_("This is another person of the same name"), required=False
    )

    class Meta:
        model = Person
        fields = (
            "name",
            "organization",
            "position",
            "email",
            "country",
            "bio",
            "bio_language",
            "user",
            "source",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.fields["is_another"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        name = data.get("name", "")
        is_new_name = not self.instance.pk or name_key(name) != self.instance.name_key
        if name and is_new_name and not data.get("is_another"):
            alike = Person(pk=self.instance.pk, name=name).namesakes()[:MOST_NAMESAKES]
            if alike:
                self.add_error(
                    "is_another",
                    format_html(
                        "{} {}",
                        gettext("There is already someone of this name:"),
                        format_html_join(
                            ", ",
                            '<a href="{}"><bdi>{}</bdi></a>',
                            (
                                (
                                    reverse("admin:forum_person_change", args=[one.pk]),
                                    one,
                                )
                                for one in alike
                            ),
                        ),
                    ),
                )
                self.add_error(
                    None,
                    gettext("Use that record, or confirm that this is another person."),
                )
        return data


class AvailabilityInline(admin.TabularInline):
    model = Availability
    extra = 0


@admin.register(Person)
class PersonAdmin(DeletesWithParts, KeptAdmin):
    form = PersonForm
    inlines = (AvailabilityInline,)
    list_display = (
        "name",
        "organization",
        "country",
        "is_public",
        "invited_at",
        "claimed_at",
    )
    list_filter = (ClaimFilter, AddressFilter, "is_public", "country__region")
    list_select_related = ("country",)
    search_fields = ("name", "organization", "name_key", "email")
    readonly_fields = (
        "returned_mail",
        "is_public",
        "merged_into",
        "invited_at",
        "claimed_at",
        "created_at",
    )
    actions = ("merge_people", "invite_people")

    @admin.display(description=_("e-mails to this address"))
    def returned_mail(self, person: Person) -> str:
        return sentence_on(person.user.email if person.user else person.email)

    def save_model(
        self, request: HttpRequest, obj: Person, form: Any, change: bool
    ) -> None:
        """A link that went to another address must not open this record."""
        if "email" in form.changed_data:
            obj.end_links()
        super().save_model(request, obj, form, change)

    def was_public(self, record: Person) -> bool:
        return record.is_public

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """Search ignores accents; merged records cannot be chosen."""
        if request.path.endswith("/autocomplete/"):
            queryset = queryset.filter(merged_into=None)
        rows, distinct = super().get_search_results(request, queryset, search_term)
        if key := name_key(search_term):
            alike = queryset
            for word in key.split():
                alike = alike.filter(name_key__contains=word)
            rows = rows | alike
        return rows, distinct

    def get_urls(self) -> list[URLPattern]:
        merge = self.admin_site.admin_view(self.merge_view)
        undo = self.admin_site.admin_view(self.undo_view)
        return [
            path("merge/", merge, name="forum_person_merge"),
            path("merge/<int:pk>/undo/", undo, name="forum_person_undo"),
            *super().get_urls(),
        ]

    @admin.action(description=_("Merge: these records are one person"))
    def merge_people(
        self, request: HttpRequest, chosen: models.QuerySet
    ) -> HttpResponse | None:
        ids = list(chosen.filter(merged_into=None).values_list("pk", flat=True)[:3])
        if len(ids) != 2:  # noqa: PLR2004  (one is kept, one is merged)
            messages.error(request, _("Choose two people that are not merged yet."))
            return None
        query = urlencode({"ids": ",".join(map(str, ids))})
        return redirect(f"{reverse('admin:forum_person_merge')}?{query}")

    @admin.action(description=_("Send the link to take over their record"))
    def invite_people(self, request: HttpRequest, chosen: models.QuerySet) -> None:
        if not self.has_change_permission(request):
            raise PermissionDenied
        people = list(chosen)
        sent = sum(invite(person) for person in people)
        messages.success(
            request,
            ngettext("%(count)d link was sent.", "%(count)d links were sent.", sent)
            % {"count": sent},
        )
        if left := [str(one) for one in people if not one.can_be_invited]:
            messages.warning(
                request,
                _("No e-mail address, or an account already: %(people)s")
                % {"people": "; ".join(left)},
            )

    def merge_view(self, request: HttpRequest) -> HttpResponse:
        """Two records side by side with what would move; the one to keep is chosen."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        data = request.POST if request.method == "POST" else request.GET
        people = list(Person.objects.filter(pk__in=chosen_ids(data.get("ids", ""), 2)))
        if len(people) != 2:  # noqa: PLR2004  (one is kept, one is merged)
            raise Http404
        refused: Any = ""
        kept = next((one for one in people if str(one.pk) == data.get("kept")), None)
        if request.method == "POST" and kept:
            (merged,) = [one for one in people if one != kept]
            try:
                log = merged.merge_into(kept, request.user)
            except ValidationError as error:
                refused = " ".join(error.messages)
            else:
                undo = reverse("admin:forum_person_change", args=[kept.pk])
                messages.success(
                    request,
                    _(
                        "%(merged)s is merged into %(kept)s: %(count)d parts in sessions moved."
                    )
                    % {"merged": merged, "kept": kept, "count": len(log.moved)},
                )
                return redirect(undo)
        elif request.method == "POST":
            refused = _("Choose the record that is kept.")
        context = self.admin_site.each_context(request) | {
            "title": _("Merge two records of one person"),
            "opts": self.opts,
            "people": [
                (one, list(one.participations.select_related("session__edition")))
                for one in people
            ],
            "ids": ",".join(str(one.pk) for one in people),
            "refused": refused,
        }
        status = 409 if refused else 200
        return render(request, "admin/forum/person/merge.html", context, status=status)

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if request.method != "POST":
            raise Http404
        if not self.has_change_permission(request):
            raise PermissionDenied
        merge = get_object_or_404(PersonMerge, pk=pk)
        merge.undo()
        messages.success(request, _("The merge is undone."))
        return redirect("admin:forum_person_change", merge.merged_id)

    change_form_template = "admin/forum/person/change_form.html"

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        survivor = whole_number(object_id)
        merges = PersonMerge.objects.filter(survivor=survivor, undone_at=None)
        merges = merges.select_related("merged")
        context = {"merges": merges} | (extra_context or {})
        return super().change_view(request, object_id, form_url, context)


@admin.register(Participation)
class ParticipationAdmin(ReadOnlyAdmin):
    """Parts are changed on the page of the session, where clashes are checked."""

    list_display = ("person", "role", "session")
    list_filter = ("role",)
    list_select_related = ("person", "session")
    search_fields = ("person__name", "session__title")
