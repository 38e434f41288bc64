"""The roadmap in the log of changes: what the API shows of each kind of record."""

from common.records.feed import InFeed, Part, related, related_through, rows

ROADMAPS = InFeed(
    name="feed_roadmap",
    columns=("code", "short", "name", "owner_id", "description", "link", "source"),
)
AGENCIES = InFeed(
    name="feed_agency", columns=("code", "short", "name", "kind", "website", "source")
)
BODIES = InFeed(
    name="feed_body",
    columns=(
        "code",
        "version",
        "short",
        "name",
        "description",
        "website",
        "since",
        "source",
    ),
    parts=(
        rows(
            "roadmap_office",
            "body_id",
            "agency_id",
            "role",
            "of",
            "from_date",
            "until_date",
            "source",
        ),
    ),
)
FIGURES = InFeed(
    name="feed_figure",
    columns=(
        "id",
        "version",
        "subject",
        "as_of",
        "value",
        "written",
        "note",
        "link",
        "source",
    ),
)
DOCUMENTS = InFeed(
    name="feed_document",
    columns=("id", "version", "title", "issuer_id", "milestone_id", "note", "source"),
    parts=(
        rows(
            "roadmap_issue",
            "document_id",
            "label",
            "date",
            "language",
            "link",
            "source",
        ),
    ),
)
REVIEWS = InFeed(
    name="feed_review",
    columns=(
        "id",
        "version",
        "action_line_id",
        "section",
        "agency_id",
        "text",
        "language",
        "source",
    ),
)
MEETINGS = InFeed(
    name="feed_meeting",
    columns=(
        "id",
        "version",
        "title",
        "body_id",
        "start",
        "end",
        "place",
        "link",
        "agenda",
        "participants",
        "minutes",
        "outcome",
        "outcome_link",
        "milestone_id",
        "source",
    ),
)
RESOLUTIONS = InFeed(
    name="feed_resolution",
    columns=(
        "code",
        "version",
        "symbol",
        "title",
        "body_id",
        "adopted",
        "summary",
        "link",
        "source",
    ),
    parts=(
        rows(
            "roadmap_relation",
            "resolution_id",
            "kind",
            "target_id",
            "source",
        ),
        rows(
            "roadmap_paragraph",
            "resolution_id",
            "id",
            "number",
            "summary",
            "source",
        ),
        Part(
            "roadmap_paragraph_asked",
            "record.code IN "
            "(SELECT resolution_id FROM roadmap_paragraph WHERE id = changed.paragraph_id)",
            "SELECT jsonb_agg(jsonb_build_array(part.paragraph_id, part.agency_id) "
            "ORDER BY part.paragraph_id, part.agency_id) FROM roadmap_paragraph_asked AS part "
            "JOIN roadmap_paragraph AS paragraph ON paragraph.id = part.paragraph_id "
            "WHERE paragraph.resolution_id = record.code",
        ),
        rows(
            "roadmap_resolution_action_lines",
            "resolution_id",
            "actionline_id",
        ),
    ),
)
MILESTONES = InFeed(
    name="feed_milestone",
    public="record.status IN ('published')",
    columns=(
        "id",
        "version",
        "roadmap_id",
        "title",
        "summary",
        "kind",
        "body_id",
        "lead_id",
        "start",
        "end",
        "starts_on",
        "ends_on",
        "announced",
        "baseline_start",
        "baseline_end",
        "progress",
        "link",
        "source",
        "published_at",
    ),
    parts=(
        rows("roadmap_partner", "milestone_id", "agency_id", "role"),
        related_through(
            "roadmap_partner",
            "milestone_id",
            "agency_id",
            "roadmap_agency",
            "short",
            key="code",
        ),
        related("roadmap_agency", "lead_id", "short", key="code"),
        related("roadmap_body", "body_id", "short", key="code"),
        related("roadmap_roadmap", "roadmap_id", "name", key="code"),
        rows("roadmap_milestone_action_lines", "milestone_id", "actionline_id"),
        rows("roadmap_milestone_sdgs", "milestone_id", "sdg_id"),
        rows("roadmap_milestone_resolutions", "milestone_id", "resolution_id"),
        rows("roadmap_milestone_paragraphs", "milestone_id", "paragraph_id"),
        rows("roadmap_dependency", "milestone_id", "needs_id"),
        rows("roadmap_reconciliationnote", "milestone_id", "text", "at"),
        Part(
            "roadmap_positionversion",
            "changed.milestone_id = record.id",
            "SELECT jsonb_agg(part.completion ORDER BY part.agency_id) "
            "FROM roadmap_positionversion AS part "
            "WHERE part.milestone_id = record.id AND part.status IN ('published')",
        ),
    ),
)
# The freshness of a position changes one and two years after it was published.
AGES = "(VALUES (interval '365 days'), (interval '730 days')) AS ages (age)"
POSITIONS = InFeed(
    name="feed_position",
    public="record.published_at IS NOT NULL",
    columns=(
        "id",
        "version",
        "milestone_id",
        "agency_id",
        "completion",
        "text",
        "language",
        "expected",
        "status",
        "created_at",
        "cleared_at",
        "published_at",
        "superseded_at",
        "withdrawn_at",
    ),
    parts=(
        related("roadmap_agency", "agency_id", "short", key="code"),
        Part(
            "roadmap_evidence",
            "changed.position_id = record.id",
            "SELECT jsonb_agg(jsonb_build_array(part.label, part.link, part.file, issue.link) "
            "ORDER BY part.id) FROM roadmap_evidence AS part "
            "LEFT JOIN roadmap_issue AS issue ON issue.id = part.issue_id "
            "WHERE part.position_id = record.id",
        ),
        Part(
            "roadmap_issue",
            "record.id IN (SELECT position_id FROM roadmap_evidence WHERE issue_id = changed.id)",
            f"SELECT to_jsonb(count(*)) FROM {AGES} WHERE now() - record.published_at > ages.age",
        ),
    ),
    moments="SELECT position.id::text, position.published_at + ages.age "
    f"FROM roadmap_positionversion AS position, {AGES} WHERE position.published_at IS NOT NULL",
)
