"""What a public record says, in one figure: equal contents have equal hashes."""

import hashlib
import json
from typing import Any

# Plain fields of a project that everybody may read; its lists and image are added to them.
PUBLIC_FIELDS = (
    "title",
    "language",
    "summary",
    "activity_type_id",
    "website",
    "image_alt",
    "organisation_id",
    "organisation_name",
    "stakeholder_type_id",
    "partners",
    "country_id",
    "coverage_id",
    "timescale",
    "start_year",
    "end_year",
    "main_action_line_id",
    "results",
    "replicability",
    "sustainability",
    "status",
    "year",
    "external_id",
    "prize_editions",
    "source",
    "source_note",
)


def content_hash(content: dict[str, Any]) -> str:
    """SHA-256 of the content as JSON with sorted keys and no spaces."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
