"""What a publication may be about: the fields of its series are filled in, all others are empty."""

import datetime

from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from reports.report.kinds import Series
from reports.report.models import FIRST_YEAR

FIRST_DAY = datetime.date(FIRST_YEAR, 1, 1)
WRITTEN = tuple(Series.values)  # the series that editors write
STOCKTAKING = tuple(name for name in WRITTEN if name != Series.SUCCESS_STORIES)
NO_PERIOD = models.Q(from_year=None, to_year=None)
NO_REGION, NO_CONTEST, NO_DAY, NO_EDITION = (
    models.Q(**{n: None}) for n in ("region", "contest", "as_of", "edition")
)


def parameters_of(typed: str) -> str:
    """The parameters of a search, without order and page, also from a whole address."""
    typed = typed.strip()
    data = QueryDict(typed.partition("?")[2] if "?" in typed else typed, mutable=True)
    for name in ("sort", "page"):
        data.pop(name, None)
    return data.urlencode()


OF_SCOPE: list[models.BaseConstraint] = [
    models.CheckConstraint(
        condition=models.Q(series="regional", region__isnull=False)
        | (~models.Q(series="regional") & NO_REGION),
        name="publication_region_of_regional",
        violation_error_message=_(
            "A regional report needs a region; a global report must not have one."
        ),
    ),
    models.CheckConstraint(
        condition=models.Q(series="success_stories", contest__isnull=False)
        | (~models.Q(series="success_stories") & NO_CONTEST),
        name="publication_contest_of_stories",
        violation_error_message=_(
            "Success stories need the year of the prizes; other reports must have none."
        ),
    ),
    models.CheckConstraint(
        condition=models.Q(series="roadmap_state", as_of__isnull=False)
        | (~models.Q(series="roadmap_state") & NO_DAY),
        name="publication_day_of_roadmap",
        violation_error_message=_(
            "The state of the roadmap needs a day; other reports must have none."
        ),
    ),
    models.CheckConstraint(
        condition=models.Q(series="forum_outcome", edition__isnull=False)
        | (~models.Q(series="forum_outcome") & NO_EDITION),
        name="publication_edition_of_outcome",
        violation_error_message=_(
            "An outcome document needs an edition of the Forum; other reports must have none."
        ),
    ),
    models.CheckConstraint(
        condition=models.Q(series__in=STOCKTAKING) | NO_PERIOD,
        name="publication_period_of_stocktaking",
        violation_error_message=_(
            "Only stocktaking reports have a first and last year."
        ),
    ),
    models.CheckConstraint(
        condition=models.Q(series__in=WRITTEN, report__isnull=False)
        | (~models.Q(series__in=WRITTEN) & models.Q(report=None)),
        name="publication_report_of_written",
    ),
    models.CheckConstraint(
        condition=(models.Q(series="custom") & ~models.Q(query=""))
        | (~models.Q(series="custom") & models.Q(query="")),
        name="publication_query_of_custom",
        violation_error_message=_(
            "A report on a search needs the search; other reports must have none."
        ),
    ),
    models.CheckConstraint(
        condition=NO_DAY | models.Q(as_of__gte=FIRST_DAY),
        name="publication_day_since_the_summit",
    ),
    models.CheckConstraint(
        condition=models.Q(to_year__gte=models.F("from_year"))
        | models.Q(to_year=None)
        | models.Q(from_year=None),
        name="publication_period_in_order",
        violation_error_message=_("The last year lies before the first year."),
    ),
]
