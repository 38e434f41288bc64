"""Letters in the admin, in six languages."""

from django.contrib import admin
from modeltranslation.admin import TranslationAdmin

from forum.base.admin import DeletesWithParts
from forum.decision.models import Letter
from forum.room.admin import OfComingEdition


@admin.register(Letter)
class LetterAdmin(DeletesWithParts, OfComingEdition, TranslationAdmin):
    list_display = ("move", "edition")
    list_filter = (("edition", admin.RelatedOnlyFieldListFilter), "move")
    list_select_related = ("edition",)
    list_per_page = 50
