"""Milestones at the desk: dates change with a reason, statuses by moves of the table."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.models import Change
from common.workflow import NOTE_MAX_LENGTH, Move, MoveRefused
from roadmap.admin.base import KeptAdmin
from roadmap.models import Dependency, Document, Milestone, Partner
from roadmap.workflow import MILESTONE_WORKFLOW, Status


class MilestoneForm(forms.ModelForm):
    reason = forms.CharField(
        label=gettext_lazy("Why the date changes, or why you withdraw"),
        required=False,
        max_length=NOTE_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Needed when a date changes that was public. Readers see it."),
    )

    class Meta:
        model = Milestone
        fields: tuple[str, ...] = ()  # the admin's fieldsets name them

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        public = self.instance.pk and self.instance.status != Status.DRAFT
        dates = {"start", "end"} & set(self.changed_data)
        if public and dates and not data.get("reason", "").strip():
            self.add_error("reason", _("Say why the date changes: readers see it."))
        return data


class PartnerInline(admin.TabularInline):
    model = Partner
    extra = 0
    autocomplete_fields = ("agency",)


class DependencyInline(admin.TabularInline):
    model = Dependency
    fk_name = "milestone"
    extra = 0
    autocomplete_fields = ("needs",)


class DocumentInline(admin.TabularInline):
    model = Document
    fields = ("title", "issuer", "note", "source")
    extra = 0
    show_change_link = True
    autocomplete_fields = ("issuer",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def action_of(move: Move) -> Callable[..., None]:
    """The action of the list that makes a move for each ticked milestone, with one reason."""

    def act(desk: admin.ModelAdmin, request: HttpRequest, chosen: models.QuerySet) -> None:
        note = request.POST.get("reason") or (_("By the secretariat.") if move.needs_note else "")
        done = 0
        for milestone in chosen.order_by("pk")[:200]:
            try:
                milestone.move(move.name, request.user, note)
                done += 1
            except MoveRefused as error:
                messages.error(request, f"{milestone}: {error.message}")
        if done:
            messages.success(request, f"{move.label}: {done}")

    return act


@admin.register(Milestone)
class MilestoneAdmin(KeptAdmin):
    form = MilestoneForm
    list_display = ("title", "roadmap", "start", "end", "kind", "lead", "progress", "status")
    list_filter = ("roadmap", "status", "progress", "kind")
    list_select_related = ("roadmap", "lead")
    search_fields = ("title", "source")
    autocomplete_fields = (
        "body", "lead", "action_lines", "sdgs", "resolutions", "paragraphs",
    )  # fmt: skip
    inlines = (PartnerInline, DependencyInline, DocumentInline)
    readonly_fields = (
        "status", "baseline_start", "baseline_end", "published_at", "withdrawn_at", "version",
        "kept_versions",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("roadmap", "title", "summary", "kind", "progress", "link", "source")}),
        (gettext_lazy("Dates"), {"fields": ("start", "end", "reason", "baseline_start",
                                            "baseline_end")}),
        (gettext_lazy("Who"), {"fields": ("body", "lead")}),
        (gettext_lazy("Links"), {"fields": ("action_lines", "sdgs", "resolutions", "paragraphs")}),
        (gettext_lazy("Record"), {"fields": ("status", "published_at", "withdrawn_at", "version",
                                             "kept_versions")}),
    )  # fmt: skip

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        roles: frozenset[str] = getattr(request.user, "roles", frozenset())
        offered = {
            f"move_{m.name}": (action_of(m), f"move_{m.name}", m.label)
            for m in MILESTONE_WORKFLOW
            if m.by & roles
        }
        return super().get_actions(request) | offered

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            standing = Milestone.objects.select_for_update().get(pk=obj.pk)
            obj.log_dates((standing.start, standing.end), request.user, form.cleaned_data["reason"])
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        for record in [*formset.new_objects, *(row for row, _names in formset.changed_objects)]:
            if isinstance(record, Document):
                record.keep(by=request.user)

    def keep(self, request: HttpRequest, record: Any) -> None:
        if record.status == Status.PUBLISHED:
            record.record_change(Change.Kind.UPDATE, by=request.user)
