"""Released sessions in the log of changes: what the API shows of each."""

from common.records.feed import NAMES, InFeed, Part
from forum.session.fields import RELEASED_COLUMNS

OVER = """coalesce(record."end", record.start,
    (record.day + 1)::timestamp AT TIME ZONE edition.time_zone)"""
SESSIONS = InFeed(
    name="feed_session",
    kind="forum.session",
    columns=(
        "session_id",
        # rooms of one name are one to a reader
        *(column for column in RELEASED_COLUMNS if column != "room_id"),
        "reason",
        "marks",
        "sequence",
        "content_hash",
        "changed_at",
    ),
    parts=(
        Part(  # until the session is over, readers are told what has changed
            "forum_edition",
            "changed.id = record.edition_id",
            f"SELECT jsonb_build_array(edition.slug, edition.time_zone, {OVER} > now()) "
            "FROM forum_edition AS edition WHERE edition.id = record.edition_id",
        ),
        *(
            Part(
                table,
                f"changed.code = ANY(record.{codes})",
                "SELECT jsonb_agg(jsonb_build_array("
                + ", ".join(f"part.{name}" for name in NAMES)
                + f") ORDER BY part.code) FROM {table} AS part "
                f"WHERE part.code = ANY(record.{codes})",
            )
            for table, codes in (
                ("reference_actionline", "action_line_codes"),
                ("reference_sdg", "sdg_codes"),
            )
        ),
    ),
    moments=f"SELECT record.session_id::text, {OVER} FROM forum_releasedsession AS record "
    "JOIN forum_edition AS edition ON edition.id = record.edition_id "
    "WHERE record.marks <> '{}'",
)
