"""Filters of the list of agencies, and agencies as a choice of other filters."""

from django.utils.translation import gettext_lazy as _

from roadmap.agency.models import Agency
from roadmap.record.filters import Choices, NameFilter, several


def agencies() -> Choices:
    return list(Agency.objects.values_list("pk", "short"))


class AgencyFilter(NameFilter):
    kind = several(Agency.Kind.choices, _("Kind"))

    class Meta:
        model = Agency
        fields: tuple[str, ...] = ()
