"""Reports over the API: the same rows as the pages; figures are part of the record."""

from typing import Any

from rest_framework import serializers

from common.api.views import Records
from reports.output.models import Artefact
from reports.publication.filters import PublicationFilters
from reports.publication.models import Publication


class FileRow(serializers.ModelSerializer):
    url = serializers.SerializerMethodField()

    class Meta:
        model = Artefact
        fields = ("format", "size", "sha256", "url")

    def get_url(self, artefact: Artefact) -> str:
        return self.context["request"].build_absolute_uri(artefact.get_absolute_url())


class PublicationRow(serializers.ModelSerializer):
    """A published report; `files` are those of the published version."""

    contest: Any = serializers.SlugRelatedField(
        slug_field="slug", read_only=True, allow_null=True
    )
    files = serializers.SerializerMethodField()

    class Meta:
        model = Publication
        fields = (
            "id",
            "series",
            "region",
            "contest",
            "as_of",
            "title",
            "language",
            "from_year",
            "to_year",
            "published_version",
            "published_at",
            "files",
        )

    def get_files(self, publication: Publication) -> list[dict[str, Any]]:
        files = publication.published_files()
        return list(FileRow(files, many=True, context=self.context).data)


class PublicationViewSet(Records):
    """Published reports, newest first, by series, region and year."""

    queryset = Publication.objects.none()
    serializer_class = PublicationRow
    filter_set = PublicationFilters

    def get_queryset(self) -> Any:
        return Publication.objects.online().for_list().newest()
