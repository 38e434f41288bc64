"""Agencies over the API."""

from roadmap.agency import filters as agency_filters
from roadmap.agency import serializers as agency_serializers
from roadmap.agency.models import Agency
from roadmap.record.api import Coded


class AgencyViewSet(Coded):
    """Agencies that lead, share or assess milestones."""

    queryset = Agency.objects.order_by("order", "short")
    serializer_class = agency_serializers.AgencyRow
    filter_set = agency_filters.AgencyFilter
