"""Classes of personal data, and what happens to a field at an erasure."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

ALL = "*"  # every field of a vocabulary or of frozen public data; only where no person is meant


CLASSES = ("public", "members", "personal", "secret")


class Erase(StrEnum):
    KEEP = "keep"  # nothing in it names the person, or the law holds it
    BLANK = (
        "blank"  # the row stays, its members', personal and secret fields are emptied
    )
    DELETE = "delete"


@dataclass(frozen=True)
class Record:
    """The classes of one model.

    `person` names the look-ups from a row to its people, "" where there are none; `drop` selects
    rows that are deleted although the others stay, unless something else needs them; `forget` names
    what is emptied besides the members', personal and secret fields.
    """

    public: str = ""
    members: str = ""
    personal: str = ""
    secret: str = ""
    person: str = ""
    erase: Erase = Erase.KEEP
    drop: dict[str, Any] = field(default_factory=dict)
    forget: str = ""

    def names(self, *classes: str) -> list[str]:
        return [
            name for one in classes or CLASSES for name in getattr(self, one).split()
        ]
