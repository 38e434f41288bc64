"""Code lists in the log of changes: each list as a whole is one record, as the API shows it."""

from typing import Any

from common.records.feed import NAMES, InFeed


def code_list(kind: str, *columns: str, parts: Any = ()) -> InFeed:
    """The declaration of the list that the API calls `kind`."""
    return InFeed(
        name=f"feed_codelist_{kind}",
        whole=kind,
        columns=("code", "order", *NAMES, *columns),
        parts=parts,
    )
