"""Filters of the list of positions."""

import django_filters
from django.utils.translation import gettext_lazy as _

from common.lists.filters import Filters
from roadmap.agency.filters import agencies
from roadmap.position.models import PositionVersion
from roadmap.position.workflow import PositionStatus
from roadmap.record.filters import several


class PositionFilter(Filters):
    milestone = django_filters.NumberFilter(
        field_name="milestone", min_value=1, max_value=2**63 - 1, decimal_places=0
    )
    agency = several(agencies, _("Agency"))
    completion = several(PositionVersion.Completion.choices, _("Completion"))
    status = several(PositionStatus.choices, _("Status"))

    class Meta:
        model = PositionVersion
        fields: tuple[str, ...] = ()
