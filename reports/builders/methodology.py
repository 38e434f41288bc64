"""How the reports count, in words for everybody, with its versions.

The rules are code; who changes one adds a version here, which the reports built from then on name.
"""

import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Version(NamedTuple):
    number: int
    since: datetime.date
    change: Any  # a sentence that waits for its language


VERSIONS = (Version(1, datetime.date(2026, 11, 29), gettext_lazy("First version.")),)
CURRENT = VERSIONS[-1].number


def address() -> str:
    """Of the page, in the active language."""
    return f"{settings.SITE_URL}{reverse('reports:methodology')}"


def reference() -> str:
    """What a report says of it."""
    return _("Methodology, version %(version)s: %(address)s") % {
        "version": CURRENT,
        "address": address(),
    }


def counting() -> list[str]:
    """What adds up, and of which year a project is: also printed in each report."""
    return [
        _(
            "Each project is counted once by its stakeholder type, region, country, "
            "coverage, year of entry and main action line: these columns add up to the "
            "total. Countries are grouped into the six ITU regions; “International” is "
            "outside the six. Projects that do not state a value are counted as “Not "
            "stated”."
        ),
        _(
            "A project may name several action lines and several Sustainable "
            "Development Goals. “All lines” and the Goals therefore add up to more "
            "than the total."
        ),
        _(
            "The year is the one in which a project was added to the database, as far as known."
        ),
    ]


def rules() -> list[tuple[str, list[str]]]:
    """Headings with their paragraphs, in the active language."""
    projects = _(
        "A project counts when it is published in the WSIS Stocktaking database at the moment of "
        "the snapshot. Drafts, projects that wait for their review and withdrawn ones do not count."
    )
    effect = _(
        "The figures count what was reported. They do not measure what exists or its effect."
    )
    moment = _(
        "All figures of a version come from one moment of the database, which each page names. "
        "They are counted twice, in two ways; where the two differ, no report is made."
    )
    organizations = _(
        "Organizations count by their name in the authority list, or as written while they wait "
        "to be listed."
    )
    sentences = _(
        "A sentence that compares is checked by the database each time a report is built. When it "
        "is not true, the report is not approved. Nothing is said to be the largest when two are "
        "equal or when more projects state no value."
    )
    return [
        (_("What counts as a project"), [projects, effect]),
        (_("The moment"), [moment]),
        (_("What adds up"), [*counting(), organizations]),
        (_("Sentences about numbers"), [sentences]),
    ]
