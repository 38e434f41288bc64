"""The vocabularies in the admin. Their source are the files in reference/data: a change made
here lasts until the next deployment and has to be made in the files too. Nothing is deleted."""

from collections.abc import Iterable
from typing import ClassVar

from django import forms
from django.contrib import admin
from django.db import models, transaction
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from common.admin.read_only import KeptAdmin
from reference.action_line.models import SDG, ActionLine, MatrixCell
from reference.country.models import Commission, Country, Region
from reference.names import vocabulary
from reference.term.models import (
    ActivityType,
    CoverageLevel,
    StakeholderType,
    TargetGroup,
    Technology,
)


class ListAdmin(KeptAdmin):
    """Rows are never deleted, and every process learns of a change once it is committed."""

    show_full_result_count = True

    def save_related(
        self,
        request: HttpRequest,
        form: ModelForm,
        formsets: Iterable[BaseModelFormSet],
        change: bool,
    ) -> None:
        super().save_related(request, form, formsets, change)
        transaction.on_commit(vocabulary.forget)


@admin.register(
    ActivityType,
    Commission,
    CoverageLevel,
    Region,
    StakeholderType,
    TargetGroup,
    Technology,
)
class TermAdmin(ListAdmin, TranslationAdmin):
    list_display: tuple[str, ...] = ("code", "name", "order")
    search_fields: ClassVar[tuple[str, ...]] = (
        "code",
        "name_en",
        "name_ar",
        "name_zh_hans",
        "name_fr",
        "name_ru",
        "name_es",
    )

    def get_readonly_fields(
        self, request: HttpRequest, obj: ActivityType | None = None
    ) -> tuple[str, ...]:
        """URLs and files use the code: it never changes."""
        return ("code",) if obj else ()


@admin.register(ActionLine)
class ActionLineAdmin(TermAdmin):
    list_display = ("code", "name", "number", "parent", "lead_facilitator")
    list_select_related = ("parent",)


@admin.register(SDG)
class SDGAdmin(TermAdmin):
    list_display = ("code", "name", "colour")


@admin.register(Country)
class CountryAdmin(TermAdmin):
    list_display = ("code", "name", "region", "is_ldc", "is_un_member", "is_itu_member")
    list_filter = ("region", "commissions", "is_ldc", "is_itu_member")
    list_select_related = ("region",)
    search_fields = (*TermAdmin.search_fields, "aliases", "iso3", "m49")
    formfield_overrides = {
        models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}
    }


@admin.register(MatrixCell)
class MatrixCellAdmin(ListAdmin):
    list_display = ("action_line", "sdg", "rationale")
    list_filter = ("action_line", "sdg")
    list_select_related = ("action_line", "sdg")
    search_fields = ("rationale", "action_line__code", "action_line__name_en")
    search_help_text = _("Search the rationale and the action lines.")

    def get_readonly_fields(
        self, request: HttpRequest, obj: MatrixCell | None = None
    ) -> tuple[str, ...]:
        return ("action_line", "sdg") if obj else ()
