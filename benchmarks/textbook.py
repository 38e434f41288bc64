"""The same list as textbooks write it: DRF, joins, django-filter, full text, a query per facet."""

import django_filters
from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Q, QuerySet
from rest_framework import generics, pagination, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reference.action_line.models import SDG, ActionLine
from reference.country.models import Country, Region
from reference.term.models import StakeholderType
from stocktaking.project.models import Project

PATHS = {
    "action_line": "other_action_lines",
    "sdg": "sdgs",
    "region": "country__region",
    "country": "country",
    "stakeholder_type": "stakeholder_type",
    "year": "year",
}


class TextbookFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search")
    action_line = django_filters.ModelMultipleChoiceFilter(
        queryset=ActionLine.objects.all(), method="on_any_line"
    )
    sdg = django_filters.ModelMultipleChoiceFilter(
        field_name="sdgs", queryset=SDG.objects.all()
    )
    region = django_filters.ModelMultipleChoiceFilter(
        field_name="country__region", queryset=Region.objects.all()
    )
    country = django_filters.ModelMultipleChoiceFilter(queryset=Country.objects.all())
    stakeholder_type = django_filters.ModelMultipleChoiceFilter(
        queryset=StakeholderType.objects.all()
    )
    year = django_filters.AllValuesMultipleFilter()

    class Meta:
        model = Project
        fields = tuple(PATHS)

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(
            text__whole=SearchQuery(value, config="english", search_type="websearch")
        )

    def on_any_line(
        self, rows: QuerySet, name: str, value: list[ActionLine]
    ) -> QuerySet:
        if not value:
            return rows
        return rows.filter(
            Q(main_action_line__in=value) | Q(other_action_lines__in=value)
        ).distinct()


class TextbookRow(serializers.ModelSerializer):
    country = serializers.StringRelatedField()
    main_action_line = serializers.StringRelatedField()
    sdgs = serializers.StringRelatedField(many=True)
    other_action_lines = serializers.StringRelatedField(many=True)

    class Meta:
        model = Project
        fields = (
            "id",
            "title",
            "summary",
            "organization_name",
            "year",
            "published_at",
            "country",
            "main_action_line",
            "other_action_lines",
            "sdgs",
        )


class TextbookPages(pagination.PageNumberPagination):
    page_size = 20


def facet(request: Request, name: str) -> list[dict]:
    others = request.GET.copy()
    others.pop(name, None)
    rows = TextbookFilter(others, Project.objects.filter(status="published")).qs
    counted = (
        rows.order_by().values(PATHS[name]).annotate(count=Count("pk", distinct=True))
    )
    found = list(counted)
    if name == "action_line":
        found += rows.order_by().values("main_action_line").annotate(count=Count("pk"))
    return found


class TextbookList(generics.ListAPIView):
    """Page, total, and per facet the counts with all other filters."""

    serializer_class = TextbookRow
    pagination_class = TextbookPages
    throttle_classes = ()
    authentication_classes = ()
    queryset = (
        Project.objects.filter(status="published")
        .select_related("country", "main_action_line")
        .prefetch_related("sdgs", "other_action_lines")
        .order_by("-published_at", "-pk")
    )

    def list(self, request: Request) -> Response:
        rows = TextbookFilter(request.GET, self.get_queryset()).qs
        page = self.paginate_queryset(rows)
        response = self.get_paginated_response(
            self.get_serializer(page, many=True).data
        )
        response.data["facets"] = {name: facet(request, name) for name in PATHS}
        return response
