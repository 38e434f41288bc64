"""Fields of the accounts in six languages."""

from modeltranslation.translator import TranslationOptions, register

from accounts.consent.models import TextVersion


@register(TextVersion)
class TextVersionTranslation(TranslationOptions):
    fields = ("summary",)
