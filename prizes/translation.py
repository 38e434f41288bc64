"""Fields of the Prizes in six languages."""

from modeltranslation.translator import TranslationOptions, translator

from prizes.letter.models import LetterTemplate


class LetterTemplateOptions(TranslationOptions):
    fields = ("subject", "text")
    required_languages = ("en",)


translator.register(LetterTemplate, LetterTemplateOptions)
