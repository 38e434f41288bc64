"""Fields of the Prizes in six languages."""

from modeltranslation.translator import TranslationOptions, register

from prizes.contest.models import Contest
from prizes.contest.rules import Criterion, Question
from prizes.hold.rules import HoldRule
from prizes.letter.models import LetterTemplate
from prizes.screening.models import ScreeningCheck


@register(Contest)
class ContestTranslation(TranslationOptions):
    fields = ("rules_note",)


@register(Question)
class QuestionTranslation(TranslationOptions):
    fields = ("text", "refusal")
    required_languages = ("en",)


@register(Criterion)
class CriterionTranslation(TranslationOptions):
    fields = ("text", "guidance")
    required_languages = ("en",)


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
