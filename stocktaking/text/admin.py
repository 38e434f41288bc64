"""Texts in other languages in the admin: the list, links to what waits, and machine
translations."""

from typing import Any

from django import forms
from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common.admin.read_only import KeptAdmin
from common.forms.values import refuse_unreadable
from common.moves.workflow import MoveRefused
from stocktaking.project.fields import TEXT_FIELDS
from stocktaking.text.models import ProjectText
from stocktaking.text.workflow import TextStatus


class MachineTextForm(forms.ModelForm):
    """A machine translation of a project; people write theirs on the page of the project."""

    class Meta:
        model = ProjectText
        fields = ("project", "language", "engine", *TEXT_FIELDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {
            "engine",
            *TEXT_FIELDS,
        } & self.fields.keys():  # none where one only reads
            self.fields[name].required = name in {"engine", "title"}
            self.fields[name].validators.append(refuse_unreadable)

    def validate_constraints(self) -> None:
        """`keep_machine` checks the constraints of the row that will be stored; this form has
        none."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        project, language = data.get("project"), data.get("language")
        if project and language:
            try:
                ProjectText.objects.refuse_misplaced(project, language)
            except MoveRefused as error:
                self.add_error("project", str(error.message))
        return data


@admin.register(ProjectText)
class ProjectTextAdmin(KeptAdmin):
    form = MachineTextForm
    list_display = ("of_project", "language", "page", "kind", "status", "submitted_at")
    list_filter = ("status", "kind", "language")
    list_select_related = ("project",)
    search_fields = ("title", "project__title")
    ordering = ("-updated_at", "-pk")
    autocomplete_fields = ("project",)

    def has_change_permission(
        self, request: HttpRequest, obj: ProjectText | None = None
    ) -> bool:
        """A newer machine translation replaces the older one by being added again."""
        return obj is None and super().has_change_permission(request)

    def get_fields(self, request: HttpRequest, obj: ProjectText | None = None) -> Any:
        return (
            [f.name for f in ProjectText._meta.fields]
            if obj
            else MachineTextForm.Meta.fields
        )

    def get_readonly_fields(
        self, request: HttpRequest, obj: ProjectText | None = None
    ) -> Any:
        return [f.name for f in ProjectText._meta.fields] if obj else ()

    def save_model(
        self, request: HttpRequest, obj: ProjectText, form: ModelForm, change: bool
    ) -> None:
        texts = {name: getattr(obj, name) for name in TEXT_FIELDS}
        ProjectText.objects.keep_machine(
            obj.project, obj.language, texts, obj.engine, by=request.user
        )
        kept = ProjectText.objects.get(
            project=obj.project, language=obj.language, status=TextStatus.SHOWN
        )
        obj.pk = kept.pk

    @admin.display(description=_("project"))
    def of_project(self, text: ProjectText) -> str:
        return f"{text.project.number} {text.project}"

    @admin.display(description=_("text"))
    def page(self, text: ProjectText) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', text.get_absolute_url(), _("Read and decide")
        )
