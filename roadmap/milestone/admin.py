"""Milestones in the admin: dates change with a reason, statuses by moves."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db import transaction
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.admin.read_only import Kept, ReadOnlyAdmin
from common.dates.zones import in_words
from common.moves import admin as moves
from common.moves.forms import MoveForm
from common.moves.workflow import NOTE_MAX_LENGTH
from common.records.models import Change, PublicRecord
from roadmap.document.models import Document
from roadmap.milestone.date_changes import DateChange
from roadmap.milestone.dependencies import Dependency
from roadmap.milestone.models import Milestone, Partner
from roadmap.milestone.workflow import MILESTONE_WORKFLOW, Status
from roadmap.record.admin import PublicRecordAdmin


class MilestoneForm(forms.ModelForm):
    reason = forms.CharField(
        label=gettext_lazy("Why the date changes"),
        required=False,
        max_length=NOTE_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "Required when a published date changes. It is shown to readers."
        ),
    )

    class Meta:
        model = Milestone
        fields: tuple[str, ...] = ()  # the admin's fieldsets name them

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        public = self.instance.pk and self.instance.status != Status.DRAFT
        dates = {"start", "end"} & set(self.changed_data)
        if public and dates and not data.get("reason", "").strip():
            self.add_error(
                "reason",
                _("Enter the reason for the change of date: it is shown to readers."),
            )
        return data


class ReasonForm(MoveForm):
    """The reason of a move: the record keeps it, nobody is notified."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].help_text = _(
            "Required to withdraw and to publish again; it is kept with the project. "
            "At most 2,000 characters."
        )


class DueFilter(admin.SimpleListFilter):
    """The same milestones that the first page of the admin counts."""

    title = gettext_lazy("date")
    parameter_name = "due"

    def lookups(
        self, request: HttpRequest, model_admin: ModelAdmin
    ) -> list[tuple[str, Any]]:
        return [("late", gettext_lazy("Past its date and not done"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.late() if self.value() == "late" else queryset


class PartnerInline(admin.TabularInline):
    model = Partner
    extra = 0
    autocomplete_fields = ("agency",)


class DependencyInline(admin.TabularInline):
    model = Dependency
    fk_name = "milestone"
    extra = 0
    autocomplete_fields = ("needs",)


class DocumentInline(Kept, admin.TabularInline):
    model = Document
    fields = ("title", "issuer", "note", "source")
    extra = 0
    show_change_link = True
    autocomplete_fields = ("issuer",)


@admin.register(Milestone)
class MilestoneAdmin(PublicRecordAdmin):
    form = MilestoneForm
    list_display = (
        "title",
        "roadmap",
        "start",
        "end",
        "kind",
        "lead",
        "progress",
        "status",
    )
    list_filter = (DueFilter, "roadmap", "status", "progress", "kind")
    list_select_related = ("roadmap", "lead")
    search_fields = ("title", "source")
    autocomplete_fields = (
        "body",
        "lead",
        "action_lines",
        "sdgs",
        "resolutions",
        "paragraphs",
    )
    inlines = (PartnerInline, DependencyInline, DocumentInline)
    readonly_fields = (
        "status",
        "baseline_start",
        "baseline_end",
        "published_at",
        "withdrawn_at",
        "history",
        "version",
        "kept_versions",
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "roadmap",
                    "title",
                    "summary",
                    "kind",
                    "progress",
                    "link",
                    "source",
                )
            },
        ),
        (
            gettext_lazy("Dates"),
            {
                "fields": (
                    "start",
                    "end",
                    "announced",
                    "reason",
                    "baseline_start",
                    "baseline_end",
                )
            },
        ),
        (gettext_lazy("Who"), {"fields": ("body", "lead")}),
        (
            gettext_lazy("Links"),
            {"fields": ("action_lines", "sdgs", "resolutions", "paragraphs")},
        ),
        (
            gettext_lazy("Record"),
            {
                "fields": (
                    "status",
                    "published_at",
                    "withdrawn_at",
                    "history",
                    "version",
                    "kept_versions",
                )
            },
        ),
    )

    goes_along = (Partner, Dependency)
    change_form_template = "admin/roadmap/milestone/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.moves_view)
        return [
            path("moves/", view, name="roadmap_milestone_moves"),
            *super().get_urls(),
        ]

    def moves_view(self, request: HttpRequest) -> HttpResponse:
        return moves.confirm(self, request, MILESTONE_WORKFLOW, ReasonForm)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        offered = {
            f"move_{m.name}": (moves.bulk_action(m), f"move_{m.name}", m.label)
            for m in moves.open_to(request, MILESTONE_WORKFLOW)
        }
        return super().get_actions(request) | offered

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        record: Any = (
            self.get_object(request, object_id) if request.method == "GET" else None
        )
        context = {"moves": record.open_moves(request.user) if record else []}
        return super().change_view(
            request, object_id, form_url, context | (extra_context or {})
        )

    @admin.display(description=gettext_lazy("moves"))
    def history(self, record: Milestone) -> SafeString:
        """Who moved the record, when and why."""
        labels = dict(Status.choices)
        return (
            format_html_join(
                "",
                "<p>{} – {}: {} → {}<br>{}</p>",
                (
                    (
                        in_words(c.at),
                        c.by or _("the portal"),
                        labels.get(c.source, c.source),
                        labels.get(c.target, c.target),
                        c.note,
                    )
                    for c in record.history()
                ),
            )
            if record.pk
            else SafeString("–")
        )

    @transaction.atomic
    def save_model(
        self, request: HttpRequest, obj: Milestone, form: ModelForm, change: bool
    ) -> None:
        if change:
            standing = Milestone.objects.select_for_update().get(pk=obj.pk)
            obj.log_dates(
                (standing.start, standing.end),
                request.user,
                form.cleaned_data["reason"],
            )
        super().save_model(request, obj, form, change)

    def save_formset(
        self,
        request: HttpRequest,
        form: ModelForm,
        formset: BaseModelFormSet,
        change: bool,
    ) -> None:
        super().save_formset(request, form, formset, change)
        for record in [
            *formset.new_objects,
            *(row for row, _names in formset.changed_objects),
        ]:
            if isinstance(record, Document):
                record.keep(by=request.user)

    def is_new(self, record: PublicRecord) -> bool:
        """A draft is not public; what was published is withdrawn, not deleted."""
        return not record.version

    def keep(self, request: HttpRequest, record: Any) -> None:
        if record.status == Status.PUBLISHED:
            record.record_change(Change.Kind.UPDATE, by=request.user)


@admin.register(DateChange)
class DateChangeAdmin(ReadOnlyAdmin):
    list_display = ("milestone", "old_start", "new_start", "reason", "by", "at")
    list_select_related = ("milestone", "by")
    search_fields = ("milestone__title", "reason")
