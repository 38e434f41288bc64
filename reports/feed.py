"""Published reports in the log of changes: what the API shows of each."""

from common.records.feed import InFeed, related, rows

PUBLICATIONS = InFeed(
    name="feed_publication",
    public="record.published_version IS NOT NULL",
    columns=(
        "id",
        "series",
        "region_id",
        "contest_id",
        "as_of",
        "title",
        "language",
        "from_year",
        "to_year",
        "query",
        "published_version",
        "published_at",
        "isbn",
        "doi",
    ),
    parts=(
        related("prizes_contest", "contest_id", "slug"),
        related("forum_edition", "edition_id", "slug"),
        rows(
            "reports_artefact",
            "publication_id",
            "format",
            "file",
            "size",
            "sha256",
            only="part.version = record.published_version",
        ),
    ),
)
