"""Differences between two states of a released session, as plain values."""

from collections.abc import Iterable
from typing import Any

from common.records.fields import Kind
from forum.session.fields import RELEASED

# These are reported first, and marked in the agenda until the session is over.
MARKED = ("status", "time", "room", "title", "people", "mode")
# The parts of a session as readers know them, with their fields.
FIELDS_OF = {
    part: [field for field in RELEASED if field.told_as == part]
    for part in dict.fromkeys([*MARKED, *(field.told_as for field in RELEASED)])
}
PARTS = {
    part: [column for field in fields for column in field.released_columns]
    for part, fields in FIELDS_OF.items()
}
# These are shown with their old and new value; the others only as changed.
WITH_VALUES = frozenset(
    part
    for part, fields in FIELDS_OF.items()
    if not any(field.is_long or field.kind == Kind.CODES for field in fields)
)


def changed_parts(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Names of the parts that differ, in the order in which they are reported."""
    return [
        part
        for part, columns in PARTS.items()
        if any(before[column] != after[column] for column in columns)
    ]


def values_of(content: dict[str, Any], parts: Iterable[str]) -> dict[str, Any]:
    """The columns of some parts, as a release keeps them."""
    return {column: content[column] for part in parts for column in PARTS[part]}


def change_row(
    pk: int, before: dict[str, Any] | None, after: dict[str, Any]
) -> dict[str, Any]:
    """What a release stores of one session that it changed: what changed, from what, to what.

    Of a new session it stores when and where it takes place.
    """
    row = {"id": pk, "title": after["title"]}
    if before is None:
        return row | {
            "fields": [],
            "old": {},
            "new": values_of(after, ("time", "room")),
        }
    parts = changed_parts(before, after)
    told = [part for part in parts if part in WITH_VALUES]
    return row | {
        "fields": [
            part for part in parts if part != "status"
        ],  # the kind of change says it
        "old": values_of(before, told),
        "new": values_of(after, told),
    }


def marks_after(
    marks: dict[str, Any], before: dict[str, Any], after: dict[str, Any]
) -> dict[str, Any]:
    """Part → the value it had before its last released change; parts that changed back are left
    out."""
    parts = [part for part in changed_parts(before, after) if part in MARKED]
    kept = marks | {part: values_of(before, [part]) for part in parts}
    return {part: old for part, old in kept.items() if old != values_of(after, [part])}
