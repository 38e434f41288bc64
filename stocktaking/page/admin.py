"""Projects in the admin: the list, the record with its history, and the moves of the workflow."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db import models
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.role.admin import NotOwnAdmin
from common.admin.filters import QueueFilter
from common.moves import admin as moves
from common.moves.forms import MoveForm
from common.records.admin import ShowsVersions
from common.records.models import Change
from stocktaking.base.workflow import Status
from stocktaking.batch import views as desk_batch
from stocktaking.merge import views as desk_merge
from stocktaking.project.forms import FIELDSETS, ImageForm
from stocktaking.project.models import Project
from stocktaking.project.querysets import NUMBER
from stocktaking.project.workflow import PROJECT_WORKFLOW
from stocktaking.review import project_views
from stocktaking.review import views as desk
from stocktaking.review import views as desk_side

FIRST_YEAR = 2004  # the year in which the Stocktaking database was opened


class StatusFilter(QueueFilter):
    queue = Status.SUBMITTED


class YearFilter(admin.SimpleListFilter):
    title = _("year of the project")
    parameter_name = "entry_year"

    def lookups(
        self, request: HttpRequest, model_admin: ModelAdmin
    ) -> list[tuple[Any, Any]]:
        return [
            (str(y), str(y)) for y in range(timezone.now().year, FIRST_YEAR - 1, -1)
        ]

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet
    ) -> models.QuerySet:
        year = self.value()
        return (
            queryset.filter(year=int(year)) if year and year.isdecimal() else queryset
        )


RECORD = (
    "public_number",
    "status",
    "successor",
    "owner",
    "source",
    "source_note",
    "external_id",
    "prize_editions",
    "submitted_at",
    "published_at",
    "returned_at",
    "refused_at",
    "archived_at",
)


DESK: tuple[tuple[str, str, Callable[..., HttpResponse]], ...] = (
    ("desk", "", desk.queue),
    ("assign", "assign/", desk.assign),
    ("views", "views/", desk.views),
    ("undo", "undo/", project_views.undo),
    ("trust", "trust/<int:pk>/", desk_side.trust),
    ("merge", "merge/<int:pk>/", desk_merge.merge),
    ("remind", "remind/<int:pk>/", desk_side.remind),
    ("preview", "batch/", desk_batch.preview),
    ("batch", "batch/<int:pk>/", desk_batch.batch),
    ("item", "<int:pk>/", project_views.item),
)


def with_removal(names: tuple[str, ...]) -> tuple[str, ...]:
    """The same fields, with the checkbox that removes the image beside the image."""
    return (*names, "remove_image") if "image" in names else names


def stamps() -> tuple[str, ...]:
    return tuple(name for name in RECORD if name.endswith("_at"))


def groups() -> list[Any]:
    """The groups of the member's form, then the fields of the record."""
    form_groups = [
        (legend, {"fields": with_removal(names), "description": hint})
        for legend, hint, names in FIELDSETS
    ]
    record = (_("Record"), {"fields": ("organization", *RECORD)})
    return [
        *form_groups,
        record,
        (_("History"), {"fields": ("history", "kept_versions")}),
    ]


@admin.register(Project)
class ProjectAdmin(NotOwnAdmin, ShowsVersions):
    form = ImageForm
    list_display = (
        "public_number",
        "title",
        "organization_name",
        "country",
        "main_action_line",
        "status_tag",
        "submitted_at",
    )
    list_display_links = ("public_number", "title")
    list_filter = (
        StatusFilter,
        "country__region",
        "main_action_line",
        "stakeholder_type",
        YearFilter,
    )
    list_select_related = ("country", "main_action_line")
    list_per_page = 50
    show_full_result_count = False
    ordering = ("submitted_at", "pk")
    search_fields = ("title", "organization_name")
    autocomplete_fields = ("organization",)
    formfield_overrides = {
        models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}
    }
    readonly_fields = (
        "public_number",
        "status",
        "successor",
        "owner",
        *stamps(),
        "history",
        "kept_versions",
    )
    fieldsets = groups()

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("moves/", view(self.moves_view), name="stocktaking_project_moves"),
            *(
                path(
                    f"desk/{route}",
                    view(self.at_the_desk(page)),
                    name=f"stocktaking_project_{name}",
                )
                for name, route, page in DESK
            ),
            *super().get_urls(),
        ]

    def at_the_desk(
        self, page: Callable[..., HttpResponse]
    ) -> Callable[..., HttpResponse]:
        """A page of the desk as a view of this admin."""
        return partial(page, self)

    def moves_view(self, request: HttpRequest) -> HttpResponse:
        return moves.confirm(self, request, PROJECT_WORKFLOW)

    # --- the list ---

    @admin.display(description=_("number"), ordering="pk")
    def public_number(self, project: Project) -> str:
        return project.number if project.pk else "–"

    @admin.display(description=_("status"), ordering="status")
    def status_tag(self, project: Project) -> SafeString:
        return moves.tag_of(project)

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        if NUMBER.fullmatch(search_term):
            return queryset.numbered(search_term), False  # type: ignore[attr-defined]  # ours
        return super().get_search_results(request, queryset, search_term)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """A bulk action for each move that this person may make."""
        offered = {
            f"move_{move.name}": (
                moves.bulk_action(move),
                f"move_{move.name}",
                move.label,
            )
            for move in moves.open_to(request, PROJECT_WORKFLOW)
        }
        return super().get_actions(request) | offered

    # --- the record ---

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Vocabularies are chosen here, not edited."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if (
            isinstance(field, forms.ModelChoiceField)
            and db_field.name != "organization"
        ):
            for right in ("add", "change", "delete", "view"):
                setattr(field.widget, f"can_{right}_related", False)
        return field

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Project | None:
        """Lock the row while a change is saved, against moves and other editors."""
        project = cast(
            "Project | None", super().get_object(request, object_id, from_field)
        )
        if project and request.method == "POST":
            project = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        return project

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        project = (
            self.get_object(request, object_id) if request.method == "GET" else None
        )
        context = {"move_form": MoveForm(), "project": project}
        context["can_merge"] = bool(project and project.status in desk_merge.SOURCES)  # type: ignore[assignment]  # the same
        context["moves"] = project.open_moves(request.user) if project else []  # type: ignore[assignment]  # template context
        return super().change_view(
            request, object_id, form_url, context | (extra_context or {})
        )

    def has_delete_permission(
        self, request: HttpRequest, obj: Project | None = None
    ) -> bool:
        """Projects that were once public cannot be deleted, and none in bulk: archive them
        instead."""
        never_public = obj is not None and obj.version == 0
        return never_public and super().has_delete_permission(request, obj)

    def save_model(
        self, request: HttpRequest, obj: Project, form: ModelForm, change: bool
    ) -> None:
        if not change and obj.owner is None:
            obj.owner = cast(Any, request.user)
        super().save_model(request, obj, form, change)

    def save_related(
        self,
        request: HttpRequest,
        form: ModelForm,
        formsets: Iterable[BaseModelFormSet],
        change: bool,
    ) -> None:
        """A published project gets its next version after its links are stored too."""
        super().save_related(request, form, formsets, change)
        if form.instance.status == Status.PUBLISHED and form.has_changed():
            form.instance.record_change(Change.Kind.UPDATE, by=request.user)

    @admin.display(description=_("moves"))
    def history(self, project: Project) -> SafeString | str:
        return moves.log_of(project)
