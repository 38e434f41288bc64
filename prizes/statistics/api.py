"""The public figures of a contest, over the API."""

from typing import Any

from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.views import ApiViewSet
from prizes.contest.models import Contest
from prizes.statistics.figures import is_public, tables_of


class StatisticsCell(serializers.Serializer):
    """One value; `other` are values that are too small to be shown one by one."""

    code = serializers.CharField()
    label = serializers.CharField()
    count = serializers.IntegerField()


class StatisticsTable(serializers.Serializer):
    name = serializers.CharField()
    title = serializers.CharField()
    rows = StatisticsCell(many=True)


class PrizeStatistics(serializers.Serializer):
    """Entries and valid votes of a contest."""

    contest = serializers.CharField()
    tables = StatisticsTable(many=True)


class StatisticsViewSet(ApiViewSet):
    """Figures of one contest, after the count, once its champions are public."""

    queryset = Contest.objects.none()
    serializer_class = PrizeStatistics
    lookup_field = "slug"
    lookup_value_converter = "slug"

    def retrieve(self, request: Request, slug: str) -> Response:
        contest: Any = Contest.objects.filter(slug=slug).first()
        if contest is None or not is_public(contest):
            raise Http404
        data = {"contest": contest.slug, "tables": tables_of(contest)}
        return Response(PrizeStatistics(data).data)
