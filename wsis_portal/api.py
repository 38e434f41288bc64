"""The API's one table of contents, its change feed, its description and the pages about it."""

import re
from typing import Any

from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework import exceptions, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from common.models import Change
from forum.api import DocumentViewSet, EditionViewSet, PersonViewSet, SessionViewSet
from prizes.api import ContestViewSet, PrizeEntryViewSet, PrizeResultViewSet
from reference.api import CodelistViewSet
from reports.api import PublicationViewSet
from roadmap import api as roadmap
from stocktaking.api import ProjectViewSet
from stocktaking.people_api import OrganisationViewSet

POSITION = re.compile(r"(\d{1,19})-(\d{1,18})", re.ASCII)
FEED_SIZE, MAX_FEED_SIZE = 100, 500


class PositionGone(exceptions.APIException):
    status_code = 410
    default_code = "position_gone"
    default_detail = _(
        "The change log does not hold this position: the portal was restored from an earlier "
        "backup. Take a fresh copy of the records, then read the log from its start."
    )


class ChangeRow(serializers.Serializer):
    """One change of a public record. `position` is opaque: remember it, do not calculate."""

    position = serializers.SerializerMethodField()
    kind = serializers.ChoiceField(choices=Change.Kind.choices)
    record_kind = serializers.CharField()
    record_id = serializers.CharField()
    version = serializers.IntegerField()
    content_hash = serializers.CharField(help_text="SHA-256 of the content")
    into = serializers.CharField(help_text="Where a merged record went, else empty")
    at = serializers.DateTimeField()

    def get_position(self, change: Change) -> str:
        return position_of(change)


class ChangePage(serializers.Serializer):
    """Changes in a fixed order; ask again after `next`, now if `has_more`, else later."""

    changes = ChangeRow(many=True)
    next = serializers.CharField()
    has_more = serializers.BooleanField()


def position_of(change: Change) -> str:
    return f"{change.transaction}-{change.pk}"


class ChangeViewSet(viewsets.GenericViewSet):
    """The change log: who remembers the last position misses nothing and sees nothing twice."""

    queryset = Change.objects.none()
    serializer_class = ChangeRow
    pagination_class = None

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "after", description="`next` of the answer before; from the start when absent."
            ),
            OpenApiParameter("limit", int, description="1 to 500; 100 when absent."),
        ],
        responses=ChangePage,
    )
    def list(self, request: Request) -> Response:
        """Changes after a position, the oldest first. They appear once no older one can come."""
        after, limit = request.GET.get("after") or "0-0", request.GET.get("limit", str(FEED_SIZE))
        place = POSITION.fullmatch(after)
        if not place:
            raise exceptions.ValidationError(
                {"after": _("This is not a position of the change log.")}
            )
        if not limit.isascii() or not limit.isdigit() or not 1 <= int(limit[:9]) <= MAX_FEED_SIZE:
            raise exceptions.ValidationError({"limit": _("Enter a number from 1 to 500.")})
        position = (int(place[1]), int(place[2]))
        if not Change.objects.has(position):
            raise PositionGone
        found = list(Change.objects.after(position)[: int(limit) + 1])
        shown = found[: int(limit)]
        return Response(
            {
                "changes": ChangeRow(shown, many=True).data,
                "next": position_of(shown[-1]) if shown else after,
                "has_more": len(found) > len(shown),
            }
        )


PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {
                    "field": {"type": "string", "nullable": True},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


def describe_problems(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """Every refusal of every operation has the same body (RFC 9457)."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    answer = {
        "description": "Refused; `errors` names the fields.",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
    for methods in result["paths"].values():
        for operation in methods.values():
            operation["responses"]["4XX"] = answer
    return result


router = SimpleRouter(use_regex_path=False)
router.register("projects", ProjectViewSet, basename="project")
router.register("organisations", OrganisationViewSet, basename="organisation")
router.register("reports", PublicationViewSet, basename="report")
router.register("prizes/contests", ContestViewSet, basename="prize-contest")
router.register("prizes/entries", PrizeEntryViewSet, basename="prize-entry")
router.register("prizes/results", PrizeResultViewSet, basename="prize-result")
router.register("changes", ChangeViewSet, basename="change")
router.register("forum/editions", EditionViewSet, basename="forum-edition")
router.register("forum/sessions", SessionViewSet, basename="forum-session")
router.register("forum/people", PersonViewSet, basename="forum-person")
router.register("forum/documents", DocumentViewSet, basename="forum-document")
router.register("codelists", CodelistViewSet, basename="codelist")
router.register("roadmaps", roadmap.RoadmapViewSet, basename="roadmap")
router.register("agencies", roadmap.AgencyViewSet, basename="agency")
router.register("milestones", roadmap.MilestoneViewSet, basename="milestone")
router.register("positions", roadmap.PositionViewSet, basename="position")
router.register("meetings", roadmap.MeetingViewSet, basename="meeting")
router.register("resolutions", roadmap.ResolutionViewSet, basename="resolution")
router.register("bodies", roadmap.BodyViewSet, basename="body")
router.register("figures", roadmap.FigureViewSet, basename="figure")
router.register("documents", roadmap.DocumentViewSet, basename="document")
router.register("action-line-reviews", roadmap.ReviewViewSet, basename="action-line-review")

try_out = SpectacularSwaggerSplitView.as_view(url_name="api:openapi", template_name="api/docs.html")

app_name = "api"
urlpatterns = [
    path("v1/", include(router.urls)),
    path("v1/openapi.json", SpectacularJSONAPIView.as_view(), name="openapi"),
    path("docs/", try_out, name="docs"),
]
