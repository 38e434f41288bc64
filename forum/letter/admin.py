"""Templates of letters, and the letters that were issued, in the admin."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from common.admin.read_only import ReadOnlyAdmin
from forum.base.admin import DeletesWithParts
from forum.letter.models import IssuedLetter, LetterTemplate


@admin.register(LetterTemplate)
class LetterTemplateAdmin(DeletesWithParts, TranslationAdmin):
    list_display = ("kind", "edition", "title", "signatory")
    list_filter = (("edition", admin.RelatedOnlyFieldListFilter), "kind")
    list_select_related = ("edition",)
    search_fields = ("title_en",)
    readonly_fields = ("preview",)

    @admin.display(description=_("Preview"))
    def preview(self, template: LetterTemplate) -> SafeString | str:
        if not template.pk:
            return "–"
        address = reverse(
            "forum:letter-preview", args=[template.edition.slug, template.kind]
        )
        return format_html('<a href="{}">{}</a>', address, _("Show as PDF"))


@admin.register(IssuedLetter)
class IssuedLetterAdmin(ReadOnlyAdmin):
    """A letter is issued and withdrawn on the page of its registration."""

    list_display = ("number_text", "kind", "registration", "issued_at", "withdrawn_at")
    list_filter = (
        ("registration__edition", admin.RelatedOnlyFieldListFilter),
        "kind",
    )
    list_select_related = ("registration__edition",)
    search_fields = ("registration__name",)
    exclude = ("code",)
    readonly_fields = ("page",)

    @admin.display(description=_("number"), ordering="pk")
    def number_text(self, letter: IssuedLetter) -> str:
        return letter.number

    @admin.display(description=_("Letters"))
    def page(self, letter: IssuedLetter) -> SafeString:
        address = reverse("forum:letters", args=[letter.registration_id])
        return format_html('<a href="{}">{}</a>', address, _("Show or withdraw"))
