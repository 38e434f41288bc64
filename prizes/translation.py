"""Fields of the Prizes in six languages."""

from modeltranslation.translator import TranslationOptions, translator

from prizes.hold.rules import HoldRule


class HoldRuleOptions(TranslationOptions):
    fields = ("text",)


translator.register(HoldRule, HoldRuleOptions)
