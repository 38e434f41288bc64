"""Collections, which the secretariat makes; and what members follow, to look at."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, QueryDict
from modeltranslation.admin import TranslationAdmin

from stocktaking.filters import ProjectSearch
from stocktaking.models import Collection, Follow


class CollectionForm(forms.ModelForm):
    def clean_query(self) -> str:
        """The search in its shortest writing; a sentence when it is not understood."""
        search = ProjectSearch(QueryDict(self.cleaned_data["query"].lstrip("?")))
        if not search.is_valid:
            sentences = [said for name in search.errors for said in search.errors[name]]
            raise forms.ValidationError(sentences)
        return search.query


@admin.register(Collection)
class CollectionAdmin(TranslationAdmin):
    form = CollectionForm
    list_display = ("title", "slug", "query", "is_public", "order", "updated_at")
    list_filter = ("is_public",)
    show_full_result_count = False
    search_fields = ("title", "slug", "query")


@admin.register(Follow)
class FollowAdmin(admin.ModelAdmin):
    """Only to look at: these are members' own choices."""

    list_display = (
        "user",
        "query",
        "organisation",
        "project",
        "rhythm",
        "is_on",
        "next_at",
    )
    list_filter = ("is_on", "rhythm")
    list_select_related = ("user", "organisation", "project")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("user__email", "query")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
