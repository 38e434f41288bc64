"""Editions of the archive in the log of changes: what the API shows of each."""

from common.records.feed import InFeed

ARCHIVED_EDITIONS = InFeed(
    name="feed_archivededition",
    columns=(
        "id",
        "series",
        "title",
        "year",
        "number",
        "region_id",
        "publisher",
        "isbn",
        "doi",
        "link",
        "note",
        "source",
        "source_note",
    ),
)
