"""Figures over the API."""

from common.api.views import Records
from roadmap.figure import filters as figure_filters
from roadmap.figure import serializers as figure_serializers
from roadmap.figure.models import Figure


class FigureViewSet(Records):
    """Figures as their sources wrote them."""

    queryset = Figure.objects.side_by_side()
    serializer_class = figure_serializers.FigureRow
    filter_set = figure_filters.FigureFilter
