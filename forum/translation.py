"""Fields of the Forum in six languages."""

from modeltranslation.translator import TranslationOptions, translator

from forum.consultation.phases import InputKind
from forum.consultation.questions import Question
from forum.decision.models import Letter
from forum.letter.models import LetterTemplate
from forum.room.models import SessionType, Track


class TermOptions(TranslationOptions):
    fields = ("name",)


translator.register([SessionType, Track], TermOptions)


class InputKindOptions(TranslationOptions):
    fields = ("name", "description")


class QuestionOptions(TranslationOptions):
    fields = ("label", "help_text", "choices")


class LetterOptions(TranslationOptions):
    fields = ("text",)


translator.register(Letter, LetterOptions)
translator.register(InputKind, InputKindOptions)
translator.register(Question, QuestionOptions)


class LetterTemplateOptions(TranslationOptions):
    fields = ("title", "body")


translator.register(LetterTemplate, LetterTemplateOptions)
