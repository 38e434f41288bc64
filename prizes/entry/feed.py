"""Public entries and results in the log of changes: what the API shows of each."""

from common.records.feed import InFeed, Part, owned, related, term
from prizes.entry.fields import SAID

BEGUN = """EXISTS (SELECT FROM prizes_phase AS phase WHERE phase.contest_id = record.contest_id
    AND phase.kind = 'voting' AND phase.opens_at <= now())"""
PUBLIC = f"""(record.source <> '' OR
    (record.status IN ('nominated', 'champion', 'winner') AND {BEGUN}))"""
# Amendments that everybody may read, as AmendmentQuerySet.public() says it.
AMENDED = """FROM prizes_amendment AS amendment
    JOIN prizes_contest AS amended ON amended.id = record.contest_id
    WHERE amendment.entry_id = record.id AND amendment.confirmed_at IS NOT NULL
    AND (amendment.kind = 'disqualified' OR record.source <> ''
        OR amendment.kind = 'champion' AND amended.champions_at <= now()
        OR amendment.kind IN ('winner', 'recognition') AND amended.winners_at <= now())"""
STANDING = f"""(SELECT amendment.kind {AMENDED} AND amendment.kind <> 'recognition'
    ORDER BY amendment.confirmed_at DESC, amendment.id DESC LIMIT 1)"""
# What everybody may know of a public entry, as EntryQuerySet.with_outcome() says it.
OUTCOME = f"""CASE WHEN {STANDING} IS NOT NULL THEN {STANDING}
    WHEN record.source <> '' THEN record.status
    WHEN record.status IN ('winner') AND contest.winners_at <= now() THEN 'winner'
    WHEN record.status IN ('champion', 'winner') AND contest.champions_at <= now() THEN 'champion'
    ELSE 'nominated' END"""
AWARDED = f"""{PUBLIC} AND EXISTS (SELECT FROM prizes_contest AS contest
    WHERE contest.id = record.contest_id
    AND ({OUTCOME} IN ('champion', 'winner') OR EXISTS (SELECT {AMENDED})))"""

SHOWN = ("id", *(field.attname for field in SAID), "project_id")
WITH_ENTRIES = (
    Part(
        "prizes_contest",
        "changed.id = record.contest_id",
        f"SELECT jsonb_build_array(contest.slug, {OUTCOME}) FROM prizes_contest AS contest "
        "WHERE contest.id = record.contest_id",
    ),
    Part(
        "prizes_amendment",
        "changed.entry_id = record.id",
        "SELECT jsonb_agg(jsonb_build_array(amendment.kind, amendment.confirmed_at, "
        f"amendment.note) ORDER BY amendment.confirmed_at, amendment.id) {AMENDED}",
    ),
    Part(  # whether voting has begun decides what is public
        "prizes_phase",
        "changed.contest_id = record.contest_id AND changed.kind = 'voting'",
        "SELECT NULL::jsonb",
    ),
    owned(
        "prizes_entrytranslation",
        "entry_id",
        "SELECT jsonb_agg(jsonb_build_array(part.language, part.approved) ORDER BY part.language)"
        " FROM prizes_entrytranslation AS part"
        " WHERE part.entry_id = record.id AND part.approved <> '{}'::jsonb",
    ),
    related("prizes_category", "category_id", "action_line_id"),
    Part(
        "reference_actionline",
        "record.category_id IN "
        "(SELECT id FROM prizes_category WHERE action_line_id = changed.code)",
        "SELECT jsonb_build_array(line.name_en, line.name_ar, line.name_es, line.name_fr, "
        "line.name_ru, line.name_zh_hans) FROM reference_actionline AS line "
        "JOIN prizes_category AS category ON category.action_line_id = line.code "
        "WHERE category.id = record.category_id",
    ),
    term("reference_country", "country_id"),
    term("reference_stakeholdertype", "stakeholder_type_id"),
)

# What time alone makes public is logged by `announce`, which writes each entry within a minute.
ENTRIES = InFeed(name="feed_entry", columns=SHOWN, public=PUBLIC, parts=WITH_ENTRIES)
RESULTS = InFeed(
    name="feed_result",
    kind="prizes.result",
    columns=SHOWN,
    public=AWARDED,
    parts=(
        *WITH_ENTRIES,
        Part(
            "prizes_result",
            "changed.entry_id = record.id",
            "SELECT jsonb_agg(jsonb_build_array(part.votes, part.rank)) FROM prizes_result AS part "
            "JOIN prizes_contest AS contest ON contest.id = record.contest_id "
            "WHERE part.entry_id = record.id AND contest.champions_at <= now()",
        ),
    ),
)
