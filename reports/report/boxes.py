"""Which projects a block of boxes shows: by hand, or by rule so that no value is left out."""

from collections.abc import Iterable, Iterator
from itertools import islice, zip_longest
from typing import Any

from reports.asking.models import BoxQuestion, BoxState
from reports.builders.projects import Content

FIELDS = {
    "country": "country_code",
    "main_action_line": "main_action_line",
    "stakeholder_type": "stakeholder_type_code",
}


def numbers_of(settings: dict[str, Any]) -> list[str]:
    """The projects that were chosen by hand, or fixed when their owners were asked."""
    typed = str(settings.get("numbers", "")).split(",")
    return [number.strip() for number in typed if number.strip()]


def answered(entries: list[Content], questions: Iterable[BoxQuestion]) -> list[Content]:
    """The boxes as their owners want them, each with `box`, how it came to its text. What an owner
    refused is left out; of a project whose owner was silent nothing is told but what it is."""
    by_project = {question.project_id: question for question in questions}
    return [
        as_answered(entry, question) if question else entry | {"box": ""}
        for entry in entries
        if (question := by_project.get(entry["pk"])) is None
        or question.state != BoxState.REFUSED
    ]


def as_answered(entry: Content, question: BoxQuestion) -> Content:
    state = question.state
    summary = {
        BoxState.CONFIRMED: question.text,
        BoxState.AMENDED: question.text,
        BoxState.SILENT: "",
    }.get(state, entry["summary"])
    return entry | {"summary": summary, "box": state.value}


def chosen(entries: list[Content], settings: dict[str, Any]) -> list[Content]:
    if numbers := numbers_of(settings):
        by_number = {entry["number"]: entry for entry in entries}
        return [by_number[number] for number in numbers if number in by_number]
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
