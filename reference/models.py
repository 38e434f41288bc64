"""Gathers the models of the nouns, where Django looks for them."""

from reference.action_line.models import SDG, ActionLine, MatrixCell
from reference.country.models import Commission, Country, Region
from reference.term.models import (
    ActivityType,
    CoverageLevel,
    StakeholderType,
    TargetGroup,
    Technology,
)

__all__ = [
    "SDG",
    "ActionLine",
    "ActivityType",
    "Commission",
    "Country",
    "CoverageLevel",
    "MatrixCell",
    "Region",
    "StakeholderType",
    "TargetGroup",
    "Technology",
]
