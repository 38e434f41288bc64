"""The vocabularies over the API: codes and names for everybody who uses the portal's data."""

from typing import Any

from django.db import models
from django.http import Http404
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.views import LANGUAGES, ApiViewSet
from reference.action_line.models import SDG, ActionLine
from reference.country.models import Commission, Country
from reference.names import vocabulary

CODELISTS: dict[str, type[models.Model]] = {
    **vocabulary.KINDS,
    "commission": Commission,
}


class TermRow(serializers.Serializer):
    """A code and its name; action lines, Goals and countries have more fields."""

    code = serializers.CharField()
    name = serializers.CharField()
    parent = serializers.CharField(  # type: ignore[assignment]  # a column, not DRF's own parent
        required=False, allow_null=True, help_text="Action lines"
    )
    number = serializers.IntegerField(
        required=False,
        allow_null=True,
        help_text="Action lines: category of the WSIS Prizes",
    )
    colour = serializers.CharField(required=False, help_text="SDGs: #RRGGBB")
    iso3 = serializers.CharField(
        required=False, help_text="Countries: ISO 3166 alpha-3"
    )
    m49 = serializers.CharField(required=False, help_text="Countries: UN M49")
    region = serializers.CharField(required=False, help_text="Countries: ITU region")
    commissions = serializers.ListField(child=serializers.CharField(), required=False)
    is_ldc = serializers.BooleanField(
        required=False, help_text="Least developed country"
    )


class Codelist(serializers.Serializer):
    kind = serializers.ChoiceField(choices=sorted(CODELISTS))
    language = serializers.ChoiceField(choices=LANGUAGES)
    terms = TermRow(many=True)


class CodelistLink(serializers.Serializer):
    kind = serializers.ChoiceField(choices=sorted(CODELISTS))
    url = serializers.URLField()


class CodelistViewSet(ApiViewSet):
    """The vocabularies behind the codes; names in six languages, each with an `ETag`."""

    queryset = Country.objects.none()
    serializer_class = Codelist
    pagination_class = None
    paged_actions = ()
    lookup_field = "kind"
    lookup_value_converter = "slug"

    def usual_language(self) -> str:
        """The language that the program prefers (Accept-Language)."""
        return get_language() or super().usual_language()

    @extend_schema(responses=CodelistLink(many=True))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The code lists."""
        here = request.build_absolute_uri(request.path)
        return Response(
            [{"kind": kind, "url": f"{here}{kind}/"} for kind in sorted(CODELISTS)]
        )

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "kind", enum=sorted(CODELISTS), location=OpenApiParameter.PATH
            ),
        ]
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """All codes of a list in the vocabulary's order, retired ones included."""
        kind = kwargs["kind"]
        if kind not in CODELISTS:
            raise Http404
        terms = [_row(term) for term in _terms(CODELISTS[kind])]
        return Response({"kind": kind, "language": self.lang, "terms": terms})


def _terms(model: type[models.Model]) -> models.QuerySet[Any]:
    rows = model._default_manager.order_by("order", "pk")
    return rows.prefetch_related("commissions") if model is Country else rows


def _row(term: Any) -> dict[str, Any]:
    row = {"code": term.pk, "name": term.name}
    match term:
        case ActionLine():
            row |= {"parent": term.parent_id, "number": term.number}
        case SDG():
            row |= {"colour": term.colour}
        case Country():
            row |= {"iso3": term.iso3, "m49": term.m49, "region": term.region_id}
            row |= {"commissions": sorted(c.pk for c in term.commissions.all())}
            row |= {"is_ldc": term.is_ldc}
    return row
