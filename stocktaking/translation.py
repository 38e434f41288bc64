"""Which fields of the register's own records carry six languages."""

from modeltranslation.translator import TranslationOptions, register

from stocktaking.exploring.models import Collection


@register(Collection)
class CollectionTranslation(TranslationOptions):
    fields = ("title", "intro")
