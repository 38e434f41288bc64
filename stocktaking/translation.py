"""Fields of the Stocktaking app in six languages."""

from modeltranslation.translator import TranslationOptions, register

from stocktaking.exploring.models import Collection


@register(Collection)
class CollectionTranslation(TranslationOptions):
    fields = ("title", "intro")
