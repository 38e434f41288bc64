"""What is said once of a field of a public record, for all that is done with it.

An app keeps a table of these beside its model. Form, API, files, search and so on go through the
table and name no field that needs no special care.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the type of a lazy string, which only the stubs know
    from django.utils.functional import _StrPromise


class Kind(StrEnum):
    """What a field holds, as far as its treatment differs."""

    TEXT = "text"  # words, a name, an address
    CHOICE = "choice"  # one of the choices of the model
    CHOICES = "choices"  # several of them
    FLAG = "flag"  # yes or no
    DATE = "date"
    CODE = "code"  # of a vocabulary
    CODES = "codes"  # several of one vocabulary
    LINK = "link"  # to another record
    LINKS = "links"  # to several, with forms of their own
    FILE = "file"
    FILES = "files"  # several, with a form of their own
    FACT = "fact"  # about the record: set by the portal or by staff


@dataclass(frozen=True)
class Field:
    """One field, beside what its model says of it: type, name for readers, limits.

    name: that of the field of the model.
    step: of the form, where people fill it in.
    hint: what stands under its label there.
    is_required: a record without it cannot be submitted.
    is_private: personal data; only who writes in the record and the secretariat see it.
    is_long: read with one record, not with a list of them.
    is_translated: a text in another language says it too.
    vocabulary: the one whose codes it holds.
    weight: of its words in the search, from A (title) to D.
    heading: what stands above it on the page of the record.
    is_exported: it is in the files of a search.
    in_report: the lists of the reports show it as it stands.
    column: its column in a file that is imported.
    column_names: what people call this column, in six languages; case, accents and signs aside.
    """

    name: str
    kind: Kind = Kind.TEXT
    step: str = ""
    hint: "_StrPromise | None" = None
    is_required: bool = False
    is_private: bool = False
    is_long: bool = False
    is_translated: bool = False
    vocabulary: str = ""
    weight: str = ""
    heading: "_StrPromise | None" = None
    is_exported: bool = True
    in_report: bool = False
    column: str = ""
    column_names: str = ""

    @property
    def attname(self) -> str:
        """Where its plain value is: codes and links are kept as keys."""
        is_key = self.kind in (Kind.CODE, Kind.LINK)
        return f"{self.name}_id" if is_key else self.name


def searched(fields: Iterable[Field]) -> tuple[str, ...]:
    """The names of those with words for the search, the weightiest first."""
    weighty = sorted(fields, key=lambda field: field.weight)
    return tuple(field.name for field in weighty if field.weight)
