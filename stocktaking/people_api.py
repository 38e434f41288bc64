"""Organisations over the API: the rows and filters of the page."""

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import exceptions, mixins, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from common.paging import Keyset
from reference import vocabulary
from stocktaking.models import Organisation
from stocktaking.people_filters import OrganisationFilters


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
        fields = ["id", "url", "name", "aliases", "country", "international", "stakeholder_type",
                  "website", "ror", "wikidata", "entries", "merged_ids"]  # fmt: skip

    def get_url(self, row: Organisation) -> str:
        return reverse("api:organisation-detail", [row.pk], request=self.context.get("request"))

    def get_merged_ids(self, row: Organisation) -> list[int]:
        return sorted(other.pk for other in row.predecessors.all())


LANG = OpenApiParameter("lang", enum=[code for code, _name in settings.LANGUAGES],
                        description="Language of names; English when absent.")  # fmt: skip


class OrganisationViewSet(mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """The authority list of organisations; checked names only."""

    queryset = Organisation.objects.none()
    serializer_class = OrganisationRecord
    pagination_class = Keyset
    lookup_value_converter = "int"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.lang = request.GET.get("lang", settings.LANGUAGE_CODE)
        if self.lang not in dict(settings.LANGUAGES):
            raise exceptions.ValidationError({"lang": _("This language is not available.")})

    def get_queryset(self) -> Any:
        rows = Organisation.objects.visible_to(self.request.user)
        return rows.for_list().prefetch_related("predecessors")

    @extend_schema(parameters=[LANG])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with translation.override(self.lang):
            return super().retrieve(request, *args, **kwargs)

    @extend_schema(
        parameters=[
            OpenApiParameter("q", description="Part of a name or alias; near spellings work."),
            *(
                OpenApiParameter(name, many=True, description="Code; repeat it for “one of these”.")
                for name in ("country", "region", "stakeholder_type")
            ),
            LANG,
        ],
        responses=OrganisationRecord(many=True),
    )
    def list(self, request: Request) -> Response:
        """Organisations by name."""
        filters = OrganisationFilters(request.GET, self.get_queryset())
        if not filters.is_valid():
            raise exceptions.ValidationError(filters.problems)
        page = self.paginate_queryset(filters.qs)
        with translation.override(self.lang):
            return self.get_paginated_response(self.get_serializer(page, many=True).data)
