"""Reports over the API: the same rows as the pages; figures are part of the record."""

from typing import Any

from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.views import Records
from reports.output.comparison import changes
from reports.output.models import Artefact, Snapshot
from reports.publication.changes import base_of, version_of
from reports.publication.filters import PublicationFilters
from reports.publication.models import Publication


class FileRow(serializers.ModelSerializer):
    """A file of a report; `volume` is 0 for the report itself, and `title`, `pages` and `projects`
    are those of a volume."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = Artefact
        fields = (
            "format",
            "volume",
            "part",
            "title",
            "pages",
            "projects",
            "size",
            "sha256",
            "url",
        )

    def get_url(self, artefact: Artefact) -> str:
        return self.context["request"].build_absolute_uri(artefact.get_absolute_url())


class PublicationRow(serializers.ModelSerializer):
    """A published report; `files` are those of the published version."""

    contest: Any = serializers.SlugRelatedField(
        slug_field="slug", read_only=True, allow_null=True
    )
    edition: Any = serializers.SlugRelatedField(
        slug_field="slug", read_only=True, allow_null=True
    )
    files = serializers.SerializerMethodField()

    class Meta:
        model = Publication
        fields: tuple[str, ...] = (
            "id",
            "series",
            "region",
            "contest",
            "as_of",
            "edition",
            "title",
            "language",
            "from_year",
            "to_year",
            "query",
            "published_version",
            "published_at",
            "isbn",
            "doi",
            "files",
        )

    def get_files(self, publication: Publication) -> list[dict[str, Any]]:
        files = publication.published_files()
        return list(FileRow(files, many=True, context=self.context).data)


class EarlyReaderRow(serializers.Serializer):
    """Who could read the published version before it was public, and from when until when."""

    name = serializers.CharField()
    organization = serializers.CharField()
    begins_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class PublicationDetail(PublicationRow):
    """A published report with the readers of its pre-release list; their addresses are never
    served."""

    early_readers = serializers.SerializerMethodField()

    class Meta(PublicationRow.Meta):
        fields: tuple[str, ...] = (*PublicationRow.Meta.fields, "early_readers")

    @extend_schema_field(EarlyReaderRow(many=True))
    def get_early_readers(self, publication: Publication) -> list[dict[str, Any]]:
        version = publication.published_version or 0
        snapshot = publication.snapshots.get(version=version)
        readers = publication.early_readers.of(publication.pk, version)
        rows = [
            {
                "name": reader.name,
                "organization": reader.organization,
                "begins_at": reader.begins_at,
                "ends_at": last,
            }
            for reader, last in readers.listed(snapshot.published_at)
        ]
        return list(EarlyReaderRow(rows, many=True).data)


class FigureChangeRow(serializers.Serializer):
    """A number that is another one than in the version it is compared with."""

    table = serializers.CharField()
    code = serializers.CharField(allow_blank=True)
    label = serializers.CharField()  # type: ignore[assignment]  # a field's own word
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)
    difference = serializers.IntegerField(allow_null=True)


class FigureChangesRow(serializers.Serializer):
    """The published version compared with another public one."""

    version = serializers.IntegerField()
    compared_with = serializers.CharField(allow_null=True)
    changes = FigureChangeRow(many=True)


class ReportTextRow(serializers.Serializer):
    """The text of the published version: sections of blocks; each number with its token and the
    list of the projects that it counts."""

    version = serializers.IntegerField()
    body = serializers.JSONField()


BASE = OpenApiParameter(
    "base",
    description="Another public version, such as 12v3; the one before when absent.",
)


class PublicationViewSet(Records):
    """Published reports, newest first, by series, region and year."""

    queryset = Publication.objects.none()
    serializer_class = PublicationRow
    filter_set = PublicationFilters

    def get_queryset(self) -> Any:
        return Publication.objects.online().for_list().newest()

    @extend_schema(responses=PublicationDetail)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A published report."""
        detail = PublicationDetail(
            self.get_object(), context=self.get_serializer_context()
        )
        return Response(detail.data)

    def published(self, request: Request) -> Snapshot:
        publication = self.get_object()
        return version_of(request.user, publication.pk, publication.published_version)

    @extend_schema(responses=FigureChangesRow, filters=False, parameters=[BASE])
    @action(detail=True, pagination_class=None)
    def changes(self, request: Request, pk: int) -> Response:
        """The numbers that changed since the version or edition before."""
        later = self.published(request)
        earlier = base_of(request.user, later, request.GET.get("base", ""))
        row: dict[str, Any] = {
            "version": later.version,
            "compared_with": None,
            "changes": [],
        }
        if earlier:
            row["compared_with"] = f"{earlier.publication_id}v{earlier.version}"
            row["changes"] = [one._asdict() for one in changes(earlier, later)]
        return Response(FigureChangesRow(row).data)

    @extend_schema(responses=ReportTextRow, filters=False)
    @action(detail=True, pagination_class=None)
    def text(self, request: Request, pk: int) -> Response:
        """The text of the published version, as page and PDF print it."""
        later = self.published(request)
        return Response(
            ReportTextRow({"version": later.version, "body": later.body}).data
        )
