"""Organizations in the log of changes: what the API shows of each. Projects: project/feed.py."""

from common.records.feed import InFeed, Part, rows, term

ORGANIZATIONS = InFeed(
    name="feed_organization",
    public="record.confirmed_at IS NOT NULL AND record.successor_id IS NULL",
    leads_to="record.successor_id",
    columns=(
        "id",
        "name",
        "aliases",
        "country_id",
        "international",
        "stakeholder_type_id",
        "website",
        "ror",
        "wikidata",
    ),
    parts=(
        term("reference_country", "country_id"),
        term("reference_stakeholdertype", "stakeholder_type_id"),
        Part(
            "stocktaking_project",
            "changed.organization_id = record.id",
            "SELECT to_jsonb(count(*)) FROM stocktaking_project AS part "
            "WHERE part.organization_id = record.id AND part.status IN ('published')",
        ),
        rows("stocktaking_organization", "successor_id", "id"),
    ),
)
