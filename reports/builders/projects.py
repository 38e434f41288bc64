"""The projects in scope as plain values: the public content that a report lists."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from reports.builders.scope import Scope
from stocktaking.project.fields import REPORTED
from stocktaking.project.models import Project

BATCH = 1000

Content = dict[str, Any]


def listed(scope: Scope) -> QuerySet[Project]:
    """In the order of the report: by chapter, then by title."""
    return (
        scope.projects()
        .select_related(
            "country__region",
            "stakeholder_type",
            "coverage",
            "main_action_line",
            "activity_type",
            "organization",
        )
        .prefetch_related("other_action_lines", "sdgs")
        .order_by("main_action_line__order", "main_action_line", "title", "pk")
    )


def name_of(term: Any) -> str:
    return term.name if term else ""


def known_as(project: Project) -> str:
    """The name under which the organization is counted: that of the authority list, or as
    written."""
    return (
        project.organization.name
        if project.organization
        else project.organization_name.strip(" ")
    )


def content_of(project: Project) -> Content:
    """Names are in the active language; texts stay as written."""
    lines = sorted(line.code for line in project.other_action_lines.all())
    return {
        "pk": project.pk,
        "number": project.number,
        **{name: getattr(project, name) for name in REPORTED},
        "organization": project.organization_name,
        "organization_name": known_as(project),
        "stakeholder_type": name_of(project.stakeholder_type),
        "stakeholder_type_code": project.stakeholder_type_id or "",
        "country": name_of(project.country),
        "country_code": project.country_id or "",
        "region": name_of(project.country.region) if project.country else "",
        "region_code": (project.country.region_id or "") if project.country else "",
        "coverage": name_of(project.coverage),
        "coverage_code": project.coverage_id or "",
        "activity_type": name_of(project.activity_type),
        "main_action_line": project.main_action_line_id or "",
        "other_action_lines": [
            code for code in lines if code != project.main_action_line_id
        ],
        "sdgs": sorted((goal.code for goal in project.sdgs.all()), key=int),
    }


def collect_entries(scope: Scope) -> Iterator[Content]:
    for project in listed(scope).iterator(chunk_size=BATCH):
        yield content_of(project)
