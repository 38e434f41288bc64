"""Organisations over the API: the rows and filters of the page."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from common.api.views import ApiViewSet, moved_to
from reference.names import vocabulary
from stocktaking.organization.filters import OrganisationFilters
from stocktaking.organization.models import Organisation


class Coded(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class CodeField(serializers.Field):
    """A code with its name in the language that was asked for."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(source=f"{kind}_id", read_only=True, allow_null=True)

    def to_representation(self, value: str) -> dict[str, str]:
        return {"code": value, "name": vocabulary.labels(self.kind).get(value, value)}


extend_schema_field(Coded(allow_null=True))(CodeField)


class OrganisationRecord(serializers.ModelSerializer):
    url = serializers.SerializerMethodField()
    country = CodeField("country")
    stakeholder_type = CodeField("stakeholder_type")
    entries = serializers.IntegerField(read_only=True, help_text="Published entries")
    merged_ids = serializers.SerializerMethodField(help_text="Merged into this one")

    class Meta:
        model = Organisation
        fields = [
            "id",
            "url",
            "name",
            "aliases",
            "country",
            "international",
            "stakeholder_type",
            "website",
            "ror",
            "wikidata",
            "entries",
            "merged_ids",
        ]

    def get_url(self, row: Organisation) -> str:
        return reverse(
            "api:organisation-detail", [row.pk], request=self.context.get("request")
        )

    def get_merged_ids(self, row: Organisation) -> list[int]:
        return sorted(other.pk for other in row.predecessors.all())


class OrganisationViewSet(ApiViewSet):
    """The authority list of organisations; checked names only."""

    queryset = Organisation.objects.none()
    serializer_class = OrganisationRecord
    filter_set = OrganisationFilters

    def get_queryset(self) -> Any:
        rows = Organisation.objects.visible_to(self.request.user)
        return rows.for_list().prefetch_related("predecessors")

    @extend_schema(responses={200: OrganisationRecord, 301: None})
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One organisation. One that was merged into another leads there (301)."""
        merged = Organisation.objects.filter(
            pk=kwargs["pk"], successor__confirmed_at__isnull=False
        ).first()
        if merged:
            return moved_to("api:organisation-detail", merged.successor_id, request)
        return self.one(self.get_object())

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Organisations by name."""
        return self.page(self.get_queryset())
