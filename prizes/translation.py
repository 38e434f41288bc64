"""Fields of the Prizes in six languages."""

from modeltranslation.translator import TranslationOptions, register

from prizes.screening.models import ScreeningCheck


@register(ScreeningCheck)
class ScreeningCheckTranslation(TranslationOptions):
    fields = ("text",)
