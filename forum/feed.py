"""The Forum in the log of changes: what the API shows of each kind of record."""

from common.records.feed import NAMES, InFeed, Part, related, rows

EDITIONS = InFeed(
    name="feed_edition",
    key="slug",
    columns=(
        "slug",
        "kind",
        "title",
        "theme",
        "first_year",
        "last_year",
        "start_date",
        "end_date",
        "time_zone",
        "venue",
        "host",
        "co_organizers",
        "chair",
        "participants",
        "countries",
        "sessions_held",
        "ministers",
        "source",
        "notes",
    ),
)

TODAY = "(now() AT TIME ZONE 'Europe/Zurich')::date"
HANDED_IN = "part.status NOT IN ('draft', 'returned')"
KIND_COLUMNS = (
    *NAMES,
    *(name.replace("name", "description") for name in NAMES),
    "opens_at",
    "closes_at",
    "is_official",
)
CONSULTATIONS = InFeed(
    name="feed_consultation",
    kind="forum.consultation",
    key="slug",
    columns=("slug",),
    parts=(
        Part(
            "forum_phase",
            "changed.edition_id = record.id",
            "SELECT jsonb_agg(jsonb_build_array(part.number, part.name, part.opens_on, "
            "part.closes_on, part.takes_submissions, part.source, "
            f"coalesce(part.opens_on, part.closes_on) <= {TODAY} AND part.closes_on >= {TODAY}) "
            "ORDER BY part.number, part.id) FROM forum_phase AS part "
            "WHERE part.edition_id = record.id",
        ),
        *(
            Part(
                "forum_submission",
                "changed.edition_id = record.id",
                "SELECT jsonb_object_agg(counted.code, counted.n) FROM ("
                f"SELECT coalesce({column}, '') AS code, count(*) AS n "
                "FROM forum_submission AS part "
                "JOIN forum_inputkind AS kind ON kind.id = part.kind_id "
                f"WHERE part.edition_id = record.id AND {HANDED_IN} GROUP BY 1) AS counted",
            )
            for column in (
                "kind.code",
                "part.stakeholder_type_id",
                "part.country_id",
            )
        ),
        rows("forum_inputkind", "edition_id", "code", "order", *KIND_COLUMNS),
    ),
    moments="SELECT edition.slug, moment::timestamp AT TIME ZONE 'Europe/Zurich' "
    "FROM forum_phase AS phase "
    "JOIN forum_edition AS edition ON edition.id = phase.edition_id, "
    "LATERAL (VALUES (phase.opens_on), (phase.closes_on + 1)) AS days (moment) "
    "WHERE moment IS NOT NULL",
)
RELEASES = InFeed(
    name="feed_releases",
    kind="forum.releases",
    key="slug",
    columns=("slug",),
    public="EXISTS (SELECT FROM forum_agendarelease WHERE edition_id = record.id)",
    parts=(
        rows(
            "forum_agendarelease",
            "edition_id",
            "number",
            "name",
            "note",
            "at",
            "unanswered",
            "early_reason",
        ),
    ),
)

PEOPLE = InFeed(
    name="feed_person",
    public="record.is_public AND record.merged_into_id IS NULL",
    leads_to="record.merged_into_id",
    columns=(
        "id",
        "name",
        "organization",
        "position",
        "country_id",
        "bio",
        "bio_language",
        "source",
    ),
)

DOCUMENTS = InFeed(
    name="feed_forum_document",
    public="record.is_public",
    columns=(
        "id",
        "edition_id",
        "session_id",
        "kind",
        "title",
        "language",
        "version",
        "link",
        "file",
        "size",
        "source",
        "source_note",
    ),
    parts=(related("forum_edition", "edition_id", "slug"),),
)
