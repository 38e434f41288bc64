"""Organizations over the API: the rows and filters of the page."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from common.api.views import ApiViewSet, moved_to
from reference.names import vocabulary
from stocktaking.organization.filters import OrganizationFilters
from stocktaking.organization.models import Organization


class Coded(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class CodeField(serializers.Field):
    """A code with its name in the requested language."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(source=f"{kind}_id", read_only=True, allow_null=True)

    def to_representation(self, value: str) -> dict[str, str]:
        return {"code": value, "name": vocabulary.labels(self.kind).get(value, value)}


extend_schema_field(Coded(allow_null=True))(CodeField)


class OrganizationRecord(serializers.ModelSerializer):
    url = serializers.SerializerMethodField()
    country = CodeField("country")
    stakeholder_type = CodeField("stakeholder_type")
    projects = serializers.IntegerField(
        source="project_count", read_only=True, help_text="Published projects"
    )
    merged_ids = serializers.SerializerMethodField(help_text="Merged into this one")

    class Meta:
        model = Organization
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
            "projects",
            "merged_ids",
        ]

    def get_url(self, row: Organization) -> str:
        return reverse(
            "api:organization-detail", [row.pk], request=self.context.get("request")
        )

    def get_merged_ids(self, row: Organization) -> list[int]:
        return sorted(other.pk for other in row.predecessors.all())


class OrganizationViewSet(ApiViewSet):
    """The authority list of organizations; confirmed names only."""

    queryset = Organization.objects.none()
    serializer_class = OrganizationRecord
    filter_set = OrganizationFilters

    def get_queryset(self) -> Any:
        rows = Organization.objects.visible_to(self.request.user)
        return rows.for_list().prefetch_related("predecessors")

    @extend_schema(responses={200: OrganizationRecord, 301: None})
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One organization. A merged one is answered with 301 to its successor."""
        merged = Organization.objects.filter(
            pk=kwargs["pk"], successor__confirmed_at__isnull=False
        ).first()
        if merged:
            return moved_to("api:organization-detail", merged.successor_id, request)
        return self.one(self.get_object())

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Organizations by name."""
        return self.page(self.get_queryset())
