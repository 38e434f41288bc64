"""Collections in the admin."""

from django import forms
from django.contrib import admin
from django.http import QueryDict
from modeltranslation.admin import TranslationAdmin

from stocktaking.exploring.models import Collection
from stocktaking.search.filters import ProjectSearch


class CollectionForm(forms.ModelForm):
    def clean_query(self) -> str:
        """The search in its shortest form. Raises ValidationError when it is invalid."""
        search = ProjectSearch(QueryDict(self.cleaned_data["query"].lstrip("?")))
        if not search.is_valid:
            sentences = [
                sentence for name in search.errors for sentence in search.errors[name]
            ]
            raise forms.ValidationError(sentences)
        return search.query


@admin.register(Collection)
class CollectionAdmin(TranslationAdmin):
    form = CollectionForm
    list_display = ("title", "slug", "query", "is_public", "order", "updated_at")
    list_filter = ("is_public",)
    show_full_result_count = False
    search_fields = ("title", "slug", "query")
