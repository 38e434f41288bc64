"""Which fields of the vocabularies carry six languages."""

from modeltranslation.translator import TranslationOptions, register

from reference.models import (
    SDG,
    ActionLine,
    ActivityType,
    Commission,
    Country,
    CoverageLevel,
    Region,
    StakeholderType,
    TargetGroup,
    Technology,
)


@register(
    [
        ActionLine,
        ActivityType,
        Commission,
        Country,
        CoverageLevel,
        Region,
        SDG,
        StakeholderType,
        TargetGroup,
        Technology,
    ]
)
class TermTranslation(TranslationOptions):
    fields = ("name",)
