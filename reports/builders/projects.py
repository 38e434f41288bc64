"""The projects in scope as plain values: the public content that a report lists.

The database makes each content; names of codes, which many projects share, are read once.
"""

from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Coalesce, JSONObject, Trim

from reference.country.models import Country, Region
from reference.term.models import ActivityType, CoverageLevel, StakeholderType
from reports.builders.scope import Scope
from stocktaking.project.fields import REPORTED
from stocktaking.project.querysets import ProjectQuerySet

Content = dict[str, Any]


def collect_entries(scope: Scope) -> list[Content]:
    return contents_of(scope.projects())


def code(field: str) -> Coalesce:
    """Of a vocabulary; "" where a project has none."""
    return Coalesce(field, Value(""))


def codes_and_texts() -> JSONObject:
    """A content without the names of its codes. `organization_name` is the name under which the
    organization is counted: that of the authority list, or as written."""
    return JSONObject(
        pk="pk",
        number="number",
        **{name: F(name) for name in REPORTED},
        organization="organization_name",
        organization_name=Coalesce("organization__name", Trim("organization_name")),
        stakeholder_type_code=code("stakeholder_type_id"),
        country_code=code("country_id"),
        region_code=code("country__region_id"),
        coverage_code=code("coverage_id"),
        activity_type=code("activity_type_id"),
        main_action_line=code("main_action_line_id"),
        other_action_lines="other_action_lines_codes",
        sdgs="sdgs_codes",
    )


def contents_of(projects: ProjectQuerySet) -> list[Content]:
    """In the order of the report: by chapter, then by title. Names are in the active language;
    texts stay as written."""
    in_order = projects.with_codes().order_by(
        "main_action_line__order", "main_action_line", "title", "pk"
    )
    contents: list[Content] = list(in_order.values_list(codes_and_texts(), flat=True))
    types, countries = names_of(StakeholderType), names_of(Country)
    regions, levels = names_of(Region), names_of(CoverageLevel)
    activities = names_of(ActivityType)
    for content in contents:
        content["stakeholder_type"] = types[content["stakeholder_type_code"]]
        content["country"] = countries[content["country_code"]]
        content["region"] = regions[content["region_code"]]
        content["coverage"] = levels[content["coverage_code"]]
        content["activity_type"] = activities[content["activity_type"]]
        main, others = content["main_action_line"], content["other_action_lines"]
        content["other_action_lines"] = sorted(line for line in others if line != main)
        content["sdgs"].sort(key=int)
    return contents


def names_of(vocabulary: Any) -> dict[str, str]:
    """Code → name; not those that the process holds, which may be of another moment."""
    return {"": "", **dict(vocabulary.objects.values_list("code", "name"))}
