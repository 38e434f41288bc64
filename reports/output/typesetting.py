"""The Typst files of reports, and what they make of the data of a report."""

from pathlib import Path
from typing import Any

from common.typesetting import documents

TYPST = Path(__file__).parent / "typst"


def typeset(
    names: tuple[str, ...],
    data: dict[str, Any],
    folders: tuple[str, ...],
    pictures: dict[str, bytes],
    **options: Any,
) -> bytes:
    """The document that these files of reports, one after the other, make of the data."""
    sources = [documents.WRITING, *(TYPST / name for name in names)]
    return documents.typeset(sources, data, folders, pictures, **options)
