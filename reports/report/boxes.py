"""Which projects a block of boxes shows: by hand, or by rule so that no value is left out."""

from collections.abc import Iterator
from itertools import islice, zip_longest
from typing import Any

from reports.builders.projects import Content

FIELDS = {
    "country": "country_code",
    "main_action_line": "main_action_line",
    "stakeholder_type": "stakeholder_type_code",
}


def chosen(entries: list[Content], settings: dict[str, Any]) -> list[Content]:
    if numbers := settings.get("numbers"):
        by_number = {entry["number"]: entry for entry in entries}
        named = (number.strip() for number in numbers.split(","))
        return [by_number[number] for number in named if number in by_number]
    if line := settings.get("line"):
        entries = [entry for entry in entries if is_of_line(entry, line)]
    in_turn = balanced(entries, FIELDS[settings["by"]])
    return list(islice(in_turn, settings["count"]))


def is_of_line(entry: Content, line: str) -> bool:
    """Whether it is the main line of the project; C7 is all its parts."""
    return line in (entry["main_action_line"], entry["main_action_line"].split("-")[0])


def balanced(entries: list[Content], field: str) -> Iterator[Content]:
    """One project of each value in turn, the newest first; only those with a description."""
    groups: dict[str, list[Content]] = {}
    newest = sorted(entries, key=lambda entry: (-entry["year"], entry["pk"]))
    for entry in newest:
        if entry["summary"] and entry[field]:
            groups.setdefault(entry[field], []).append(entry)
    for turn in zip_longest(*(groups[value] for value in sorted(groups))):
        yield from (entry for entry in turn if entry is not None)
