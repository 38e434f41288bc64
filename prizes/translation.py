"""Fields of the Prizes in six languages."""

from modeltranslation.translator import TranslationOptions, register

from prizes.hold.rules import HoldRule
from prizes.letter.models import LetterTemplate
from prizes.screening.models import ScreeningCheck


@register(ScreeningCheck)
class ScreeningCheckTranslation(TranslationOptions):
    fields = ("text",)


@register(HoldRule)
class HoldRuleTranslation(TranslationOptions):
    fields = ("text",)


@register(LetterTemplate)
class LetterTemplateTranslation(TranslationOptions):
    fields = ("subject", "text")
    required_languages = ("en",)
