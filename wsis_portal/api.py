"""The router of the API, its OpenAPI description, and the pages about it."""

from typing import Any

from django.urls import include, path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from forum.agenda.api import SessionViewSet
from forum.outcome.api import DocumentViewSet
from forum.page.api import EditionViewSet
from forum.people.api import PersonViewSet
from prizes.entry.api import PrizeEntryViewSet
from prizes.result.api import PrizeResultViewSet
from prizes.statistics.api import ContestStatisticsViewSet
from reference.code_list.api import CodelistViewSet
from reports.archive.api import ArchiveViewSet
from reports.publication.api import PublicationViewSet
from roadmap.agency import api as agency_api
from roadmap.body import api as body_api
from roadmap.document import api as document_api
from roadmap.figure import api as figure_api
from roadmap.meeting import api as meeting_api
from roadmap.position import api as position_api
from roadmap.resolution import api as resolution_api
from roadmap.review import api as line_api
from roadmap.roadmap import api as roadmap_api
from roadmap.timeline import api as timeline_api
from stocktaking.organization.api import OrganizationViewSet
from stocktaking.page.api import ProjectViewSet
from wsis_portal.changes.api import ChangeViewSet

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
                    "field": {"type": ["string", "null"]},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


def loosen(node: object) -> None:
    """Accept the overlap of formats: an empty text is also an address, and null is also a
    nullable value."""
    if isinstance(node, dict):
        if "oneOf" in node:
            node["anyOf"] = node.pop("oneOf")
        for part in node.values():
            loosen(part)
    elif isinstance(node, list):
        for part in node:
            loosen(part)


def describe_problems(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """Every error of every operation has the same body (RFC 9457)."""
    loosen(result)
    result["components"]["schemas"]["Problem"] = PROBLEM
    answer = {
        "description": "Refused; `errors` names the fields.",
        "content": {
            "application/problem+json": {
                "schema": {"$ref": "#/components/schemas/Problem"}
            }
        },
    }
    for methods in result["paths"].values():
        for operation in methods.values():
            operation["responses"]["4XX"] = answer
    return result


router = SimpleRouter(use_regex_path=False)
router.register("projects", ProjectViewSet, basename="project")
router.register("organizations", OrganizationViewSet, basename="organization")
router.register("reports", PublicationViewSet, basename="report")
router.register("reports/archive", ArchiveViewSet, basename="archived-edition")
router.register("prizes/contests", ContestStatisticsViewSet, basename="prize-contest")
router.register("prizes/entries", PrizeEntryViewSet, basename="prize-entry")
router.register("prizes/results", PrizeResultViewSet, basename="prize-result")
router.register("changes", ChangeViewSet, basename="change")
router.register("forum/editions", EditionViewSet, basename="forum-edition")
router.register("forum/sessions", SessionViewSet, basename="forum-session")
router.register("forum/people", PersonViewSet, basename="forum-person")
router.register("forum/documents", DocumentViewSet, basename="forum-document")
router.register("codelists", CodelistViewSet, basename="codelist")
router.register("roadmaps", roadmap_api.RoadmapViewSet, basename="roadmap")
router.register("agencies", agency_api.AgencyViewSet, basename="agency")
router.register("milestones", timeline_api.MilestoneViewSet, basename="milestone")
router.register("positions", position_api.PositionViewSet, basename="position")
router.register("meetings", meeting_api.MeetingViewSet, basename="meeting")
router.register("resolutions", resolution_api.ResolutionViewSet, basename="resolution")
router.register("bodies", body_api.BodyViewSet, basename="body")
router.register("figures", figure_api.FigureViewSet, basename="figure")
router.register("documents", document_api.DocumentViewSet, basename="document")
router.register(
    "action-line-reviews", line_api.ReviewViewSet, basename="action-line-review"
)

try_out = SpectacularSwaggerSplitView.as_view(
    url_name="api:openapi", template_name="api/docs.html"
)

app_name = "api"
urlpatterns = [
    path("v1/", include(router.urls)),
    path("v1/openapi.json", SpectacularJSONAPIView.as_view(), name="openapi"),
    path("docs/", try_out, name="docs"),
]
