"""Fields of the vocabularies in six languages."""

from modeltranslation.translator import TranslationOptions, register

from reference.action_line.models import SDG, ActionLine
from reference.country.models import Commission, Country, Region
from reference.term.models import (
    ActivityType,
    CoverageLevel,
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
