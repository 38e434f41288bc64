"""Contests in the log of changes: what the API shows of each. Entries: entry/feed.py."""

from common.records.feed import InFeed, Part, related_through, rows

CONTESTS = InFeed(
    name="feed_contest",
    key="slug",
    columns=(
        "slug",
        "year",
        "title",
        "is_demonstration",
        "time_zone",
        "words_min",
        "words_max",
        "one_per_organization",
        "nominee_cap",
        "votes_per_category",
        "all_categories_required",
        "own_organization_barred",
        "champions_per_category",
        "unconfirmed_rules",
        "champions_at",
        "winners_at",
        "rules_note",
        "source",
        "source_note",
    ),
    parts=(
        rows(
            "prizes_phase",
            "contest_id",
            "kind",
            "number",
            "opens_at",
            "closes_at",
            "hour_known",
            "note",
            "source",
        ),
        Part(
            "prizes_extension",
            "record.id IN (SELECT contest_id FROM prizes_phase WHERE id = changed.phase_id)",
            "SELECT jsonb_agg(jsonb_build_array(phase.kind, part.old_end, part.new_end, "
            "part.reason, part.at, part.source) ORDER BY part.id) FROM prizes_extension AS part "
            "JOIN prizes_phase AS phase ON phase.id = part.phase_id "
            "WHERE phase.contest_id = record.id",
        ),
        rows("prizes_category", "contest_id", "action_line_id", "number"),
        related_through(
            "prizes_category",
            "contest_id",
            "action_line_id",
            "reference_actionline",
            "name_en",
            "name_ar",
            "name_es",
            "name_fr",
            "name_ru",
            "name_zh_hans",
            key="code",
        ),
        rows(
            "prizes_figure",
            "contest_id",
            "kind",
            "by",
            "code",
            "value",
            "note",
            "source",
            "source_date",
            "unconfirmed",
        ),
    ),
)
