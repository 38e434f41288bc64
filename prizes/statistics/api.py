"""The public figures of a contest, over the API."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from prizes.checking.api import ContestHeldVotesViewSet
from prizes.contest.models import Contest
from prizes.statistics.figures import is_public, tables_of


class StatisticsCell(serializers.Serializer):
    """One value; `other` are values that are too small to be shown one by one."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of the answer
    count = serializers.IntegerField()


class StatisticsTable(serializers.Serializer):
    name = serializers.CharField()
    title = serializers.CharField()
    rows = StatisticsCell(many=True)


class PrizeStatistics(serializers.Serializer):
    """Entries and valid votes of a contest."""

    contest = serializers.CharField()
    tables = StatisticsTable(many=True)


class ContestStatisticsViewSet(ContestHeldVotesViewSet):
    """The editions of the prizes since 2012, latest first; of each its figures."""

    @extend_schema(responses=PrizeStatistics)
    @action(detail=True)
    def statistics(self, request: Request, slug: str) -> Response:
        """Entries and votes after the count; no tables until the champions are public."""
        contest = get_object_or_404(Contest, slug=slug)
        tables = tables_of(contest) if is_public(contest) else []
        data = {"contest": contest.slug, "tables": tables}
        return Response(PrizeStatistics(data).data)
