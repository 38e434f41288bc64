"""Contests, public entries and results over the API: the same rows and filters as the pages."""

from typing import Any

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from common.viewsets import Records
from prizes.filters import EntryFilters
from prizes.models import Category, Contest, Entry, Extension, Figure, Phase, Result
from prizes.workflow import Status
from reference import vocabulary

OUTCOMES = [(s.value, s.label) for s in Status]
AWARDED = (Status.CHAMPION, Status.WINNER)


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
            "one_per_organisation",
            "nominee_cap",
            "votes_per_category",
            "all_categories_required",
            "own_organisation_barred",
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
    """The editions of the prizes since 2012, the latest first."""

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


class PrizeEntryRow(serializers.ModelSerializer):
    """A public entry: `outcome` is what is public of it at this moment."""

    contest = serializers.CharField(source="contest.slug")
    action_line = serializers.CharField(
        source="category.action_line_id", default=None, allow_null=True
    )
    title = serializers.CharField(
        allow_blank=True, help_text="Empty: not given in the source"
    )
    organisation_name = serializers.CharField()
    country = serializers.CharField(source="country_id", allow_null=True)
    stakeholder_type = serializers.CharField(
        source="stakeholder_type_id", allow_null=True
    )
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    project = serializers.IntegerField(source="project_id", allow_null=True)
    url = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField()
    names = serializers.SerializerMethodField()

    class Meta:
        model = Entry
        fields: tuple[str, ...] = (
            "id",
            "contest",
            "action_line",
            "title",
            "language",
            "organisation_name",
            "country",
            "stakeholder_type",
            "description",
            "outcome",
            "project",
            "source",
            "source_note",
            "url",
            "page",
            "names",
        )

    def get_url(self, entry: Entry) -> str:
        return reverse(
            "api:prize-entry-detail", [entry.pk], request=self.context["request"]
        )

    def get_page(self, entry: Entry) -> str:
        return self.context["request"].build_absolute_uri(entry.get_absolute_url())

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_names(self, entry: Entry) -> dict[str, str]:
        codes = {
            "action_line": entry.category.action_line_id if entry.category else None,
            "country": entry.country_id,
            "stakeholder_type": entry.stakeholder_type_id,
        }
        return {
            kind: vocabulary.label(kind, code) for kind, code in codes.items() if code
        }


class PrizeEntryViewSet(Records):
    """Public entries of all editions: nominees, champions, winners and what sources know."""

    queryset = Entry.objects.none()
    serializer_class: type[PrizeEntryRow] = PrizeEntryRow
    filter_set = EntryFilters

    def get_queryset(self) -> Any:
        public = Entry.objects.public().for_list().defer("words", "answers")
        return public.order_by("pk")


class PrizeResultRow(PrizeEntryRow):
    """A champion or winner; votes and rank only where this portal counted."""

    votes = serializers.SerializerMethodField()
    rank = serializers.SerializerMethodField()

    class Meta(PrizeEntryRow.Meta):
        fields: tuple[str, ...] = (*PrizeEntryRow.Meta.fields, "votes", "rank")

    def _counted(self, entry: Any) -> Result | None:
        return next(iter(entry.public_result), None)

    def get_votes(self, entry: Entry) -> int | None:
        counted = self._counted(entry)
        return counted.votes if counted else None

    def get_rank(self, entry: Entry) -> int | None:
        counted = self._counted(entry)
        return counted.rank if counted else None


class PrizeResultViewSet(PrizeEntryViewSet):
    """Champions and winners, once they are public."""

    serializer_class = PrizeResultRow

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(outcome__in=AWARDED)

    def paginate_queryset(self, queryset: Any) -> Any:
        return with_results(super().paginate_queryset(queryset))

    def get_object(self) -> Any:
        return with_results([super().get_object()])[0]


def with_results(entries: Any) -> Any:
    """The public count beside each entry, for all of them with one query."""
    found = {
        r.entry_id: r for r in Result.objects.visible_to(None).filter(entry__in=entries)
    }
    for entry in entries:
        entry.public_result = [found[entry.pk]] if entry.pk in found else []
    return entries
