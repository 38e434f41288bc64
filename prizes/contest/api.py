"""Contests with phases, categories and figures, over the API."""

from typing import Any

from django.db.models import Prefetch
from rest_framework import serializers

from common.api.views import Records
from prizes.contest.models import Category, Contest, Extension, Phase
from prizes.contest.rules import Figure
from reference.names import vocabulary


class ExtensionRow(serializers.ModelSerializer):
    class Meta:
        model = Extension
        fields = ("old_end", "new_end", "reason", "at", "source")


class ContestPhaseRow(serializers.ModelSerializer):
    """A phase; without `hour_known` only the days are facts."""

    name = serializers.CharField(source="get_kind_display", read_only=True)
    extensions = ExtensionRow(many=True, read_only=True)

    class Meta:
        model = Phase
        fields = (
            "kind",
            "name",
            "opens_at",
            "closes_at",
            "hour_known",
            "note",
            "source",
            "extensions",
        )


class CategoryRow(serializers.ModelSerializer):
    code = serializers.CharField(source="action_line_id")
    name = serializers.SerializerMethodField()

    class Meta:
        model = Category
        fields = ("code", "number", "name")

    def get_name(self, category: Category) -> str:
        return vocabulary.label("action_line", category.action_line_id)


class ContestFigureRow(serializers.ModelSerializer):
    by = serializers.CharField(
        help_text="Breakdown: a vocabulary, or empty for the whole"
    )

    class Meta:
        model = Figure
        fields = (
            "kind",
            "by",
            "code",
            "value",
            "note",
            "source",
            "source_date",
            "unconfirmed",
        )


class ContestRow(serializers.ModelSerializer):
    """An edition with its rules, phases, categories and figures."""

    page = serializers.SerializerMethodField()
    phases = ContestPhaseRow(many=True, read_only=True)
    categories = CategoryRow(many=True, read_only=True)
    figures = ContestFigureRow(many=True, read_only=True)

    class Meta:
        model = Contest
        fields = (
            "slug",
            "year",
            "title",
            "is_demonstration",
            "time_zone",
            "words_min",
            "words_max",
            "one_per_organization",
            "nominee_cap",
            "votes_per_category",
            "all_categories_required",
            "own_organization_barred",
            "champions_per_category",
            "unconfirmed_rules",
            "champions_at",
            "winners_at",
            "rules_note",
            "source",
            "source_note",
            "page",
            "phases",
            "categories",
            "figures",
        )

    def get_page(self, contest: Contest) -> str:
        return self.context["request"].build_absolute_uri(contest.get_absolute_url())


class ContestViewSet(Records):
    """The editions of the prizes since 2012, latest first."""

    queryset = Contest.objects.none()
    serializer_class = ContestRow
    lookup_field = "slug"
    lookup_value_converter = "slug"

    def get_queryset(self) -> Any:
        figures = Prefetch("figures", Figure.objects.order_by("pk"))
        return (
            Contest.objects.for_page()
            .prefetch_related(figures)
            .order_by("-year", "-pk")
        )
