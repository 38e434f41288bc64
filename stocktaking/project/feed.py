"""Projects in the log of changes: what the API shows of each."""

from common.records.feed import NAMES, InFeed, Part, rows, term, terms
from stocktaking.project.fields import PUBLIC_FIELDS, TEXT_FIELDS

# Files of the project that its present text lists.
LISTED = "record.attachments @> jsonb_build_array(jsonb_build_object('id', part.id))"
REGION_OF_COUNTRY = Part(
    "reference_region",
    "record.country_id IN (SELECT code FROM reference_country WHERE region_id = changed.code)",
    "SELECT jsonb_build_array(part.code, "
    + ", ".join(f"part.{name}" for name in NAMES)
    + ") FROM reference_region AS part JOIN reference_country AS country "
    "ON country.region_id = part.code WHERE country.code = record.country_id",
)

PROJECTS = InFeed(
    name="feed_project",
    public="record.status IN ('published')",
    leads_to="CASE WHEN record.status IN ('archived') THEN record.successor_id END",
    columns=(
        "id",
        "number",
        "version",
        *PUBLIC_FIELDS,
        "image",
        "attachments",
        "published_at",
        "reviewed_at",
    ),
    parts=(
        term("reference_country", "country_id", "region_id"),
        REGION_OF_COUNTRY,
        term("reference_stakeholdertype", "stakeholder_type_id"),
        term("reference_activitytype", "activity_type_id"),
        term("reference_coveragelevel", "coverage_id"),
        term("reference_actionline", "main_action_line_id"),
        *terms(
            "stocktaking_project_other_action_lines",
            "project_id",
            "actionline_id",
            "reference_actionline",
        ),
        *terms("stocktaking_project_sdgs", "project_id", "sdg_id", "reference_sdg"),
        *terms(
            "stocktaking_project_target_groups",
            "project_id",
            "targetgroup_id",
            "reference_targetgroup",
        ),
        *terms(
            "stocktaking_project_technologies",
            "project_id",
            "technology_id",
            "reference_technology",
        ),
        rows(
            "stocktaking_projecttext",
            "project_id",
            "language",
            "kind",
            "engine",
            *TEXT_FIELDS,
            "based_on",
            "original",
            "approved_at",
            "updated_at",
            only="part.status IN ('approved', 'shown')",
        ),
        rows(
            "stocktaking_attachment",
            "project_id",
            "id",
            "kind",
            "file",
            "size",
            "sha256",
            "scan",
            only=LISTED,
        ),
    ),
)
