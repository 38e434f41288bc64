"""The archive over the API: the same rows and filters as its page."""

from rest_framework import serializers

from common.api.views import Records
from reports.archive.filters import ArchiveFilters
from reports.archive.models import ArchivedEdition


class ArchivedEditionRow(serializers.ModelSerializer):
    """An edition as its sources describe it; `source_note` says what is unconfirmed."""

    citation = serializers.CharField(read_only=True)
    page = serializers.SerializerMethodField()

    class Meta:
        model = ArchivedEdition
        fields = (
            "id",
            "page",
            "series",
            "title",
            "year",
            "number",
            "region",
            "publisher",
            "isbn",
            "doi",
            "link",
            "note",
            "citation",
            "source",
            "source_note",
        )

    def get_page(self, edition: ArchivedEdition) -> str:
        path = edition.get_absolute_url()
        return str(self.context["request"].build_absolute_uri(path))


class ArchiveViewSet(Records):
    """Editions of reports since 2005, newest first, by words, series and year."""

    queryset = ArchivedEdition.objects.all()
    serializer_class = ArchivedEditionRow
    filter_set = ArchiveFilters
