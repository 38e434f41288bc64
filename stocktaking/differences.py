"""What changed between two states of an entry, field by field and word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from stocktaking.models import Project

TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
WORDS_COMPARED = 3000  # above it a field is shown whole, before and after
NOT_SHOWN = frozenset({"status", "organisation_id", "year"})


@dataclass(frozen=True)
class Difference:
    """A field with pieces of text: kind is "same", "gone" or "new"."""

    label: str
    pieces: list[tuple[str, str]]


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    """Fields in which two contents (`Project.public_content`) differ, in the order of the model."""
    return [
        Difference(label_of(name), pieces(text(before.get(name)), text(after[name])))
        for name in after
        if name not in NOT_SHOWN and text(before.get(name)) != text(after[name])
    ]


def text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def label_of(name: str) -> str:
    return str(Project._meta.get_field(name.removesuffix("_id")).verbose_name)  # type: ignore[union-attr]  # a plain field


def pieces(before: str, after: str) -> list[tuple[str, str]]:
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    if len(old) + len(new) > WORDS_COMPARED:
        return [("gone", before), ("new", after)]
    return [piece for piece in _compared(old, new) if piece[1]]


def _compared(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "same", "".join(old[i:j])
        else:
            yield "gone", "".join(old[i:j])
            yield "new", "".join(new[k:m])
