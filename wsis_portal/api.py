"""The API's one table of contents, its description and the pages about it."""

from typing import Any

from django.urls import include, path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from forum.api import DocumentViewSet, EditionViewSet, PersonViewSet, SessionViewSet
from prizes.api import ContestViewSet, PrizeEntryViewSet, PrizeResultViewSet
from reference.api import CodelistViewSet
from reports.api import PublicationViewSet
from roadmap import api as roadmap
from stocktaking.api import ProjectViewSet
from stocktaking.people_api import OrganisationViewSet
from wsis_portal.changes_api import ChangeViewSet

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


def loosen(node: Any) -> None:
    """An empty text is also an address, and null is also the null of what may be null: that two
    ways of reading a value fit is no fault of the value."""
    if isinstance(node, dict):
        if "oneOf" in node:
            node["anyOf"] = node.pop("oneOf")
        for part in node.values():
            loosen(part)
    elif isinstance(node, list):
        for part in node:
            loosen(part)


def describe_problems(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """Every refusal of every operation has the same body (RFC 9457)."""
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
router.register(
    "action-line-reviews", roadmap.ReviewViewSet, basename="action-line-review"
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
