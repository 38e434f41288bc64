"""The questions about the frozen records of a version."""

from collections.abc import Mapping
from typing import Any, Self

from django.db import models
from django.db.models import Count
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from reports.builders.added import NOT_STATED

KEYS = {  # table of the report → where a frozen project holds its code
    "action_line": "main_action_line",
    "sdg": "sdgs",
    "region": "region_code",
    "country": "country_code",
    "stakeholder_type": "stakeholder_type_code",
    "year": "year",
}
SEVERAL = frozenset({"sdg"})  # a project may have many of these


def code_of(axis: str) -> KeyTransform:
    """The code of a record as text; the whole list where it may have several."""
    transform = KeyTransform if axis in SEVERAL else KeyTextTransform
    return transform(KEYS[axis], "content")


class SnapshotRecordQuerySet(models.QuerySet[Any]):
    def with_codes(self, chosen: Mapping[str, str]) -> Self:
        """The records with these codes; `chosen` is axis → code or `NOT_STATED`."""
        records = self
        for axis, code in chosen.items():
            wanted = "" if code == NOT_STATED else code
            named = f"of_{axis}"
            condition: dict[str, Any] = {named: wanted}
            if axis in SEVERAL:
                condition = {f"{named}__contains": [wanted]} if wanted else {named: []}
            records = records.alias(**{named: code_of(axis)}).filter(**condition)
        return records

    def counted_by(
        self, rows: str, columns: str
    ) -> list[tuple[list[str], list[str], int]]:
        """(codes in the rows, codes in the columns, number of records); without columns `[""]`.
        One query, which the database answers from the codes alone."""
        asked = self.order_by().annotate(in_rows=code_of(rows))
        fields = ["in_rows"]
        if columns:
            asked = asked.annotate(in_columns=code_of(columns))
            fields.append("in_columns")
        numbers = []
        for in_rows, *rest, number in asked.values_list(*fields).annotate(
            n=Count("pk")
        ):
            numbers.append((several(in_rows), several(*rest), number))
        return numbers


def several(code: Any = "") -> list[str]:
    """One code or a list of them as a list; `[""]` where a record states none."""
    if isinstance(code, list):
        return code or [""]
    return [code or ""]
