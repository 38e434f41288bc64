"""Champions and winners over the API, once they are public."""

from typing import Any

from django.db.models import Q
from rest_framework import serializers

from prizes.entry.api import PrizeEntryRow, PrizeEntryViewSet
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from prizes.result.models import Result

AWARDED = (Status.CHAMPION, Status.WINNER)


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
        """Also entries with an amendment: a champion that was disqualified says so here."""
        rows = super().get_queryset()
        amended = Entry.objects.amended().values("pk")
        return rows.filter(Q(outcome__in=AWARDED) | Q(pk__in=amended))

    def paginate_queryset(self, queryset: Any) -> Any:
        return with_results(super().paginate_queryset(queryset))

    def get_object(self) -> Any:
        return with_results([super().get_object()])[0]


def with_results(entries: Any) -> Any:
    """Add the public count to each entry, for all of them with one query."""
    results = {
        r.entry_id: r for r in Result.objects.visible_to(None).filter(entry__in=entries)
    }
    for entry in entries:
        entry.public_result = [results[entry.pk]] if entry.pk in results else []
    return entries
