"""Dates of the process that are known now, each with its source.

The roadmap's own records take this over once they exist. A date is as exact as its source: a
year stays a year.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Milestone:
    when: str  # ISO 8601: a year or a day
    title: str | Promise
    body: str | Promise
    planned: bool
    source: str  # whose statement it is
    link: str = ""


UNGIS = "https://www.itu.int/net4/wsis/ungis/Articles/View/1213"

MILESTONES = (
    Milestone(
        "2025-12-17",
        _("Outcome of the overall review adopted by consensus, resolution A/RES/80/173"),
        _("United Nations General Assembly"),
        planned=False,
        source="UNGIS",
        link=UNGIS,
    ),
    Milestone(
        "2026",
        _("ITU reports on the outcome of the review to its Council and Plenipotentiary Conference"),
        _("International Telecommunication Union"),
        planned=True,
        source="UN DESA",
        link="https://publicadministration.desa.un.org/wsis20",
    ),
    Milestone(
        "2027",
        _("30th session: report of the task force on financing of digital development"),
        _("Commission on Science and Technology for Development"),
        planned=True,
        source="UNGIS",
        link=UNGIS,
    ),
)
