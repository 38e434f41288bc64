"""Fields of the Forum in six languages."""

from modeltranslation.translator import TranslationOptions, translator

from forum.room.models import SessionType, Track


class TermOptions(TranslationOptions):
    fields = ("name",)


translator.register([SessionType, Track], TermOptions)
