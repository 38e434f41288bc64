"""What a reader may ask a table of: what stands in its rows and columns, and which records."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.builders.added import NOT_STATED
from reports.builders.figures import Table, table_named
from reports.builders.series import builder_of
from reports.output.models import Snapshot
from reports.output.querysets import KEYS

MOST_COLUMNS = 60


def axes_of(snapshot: Snapshot) -> dict[str, Table]:
    """The tables of the report by which its projects can be counted, in the report's order; none
    in a series that is not about projects."""
    facets = builder_of(snapshot.publication).FACETS
    counted = [table["name"] for table in snapshot.figures["tables"] if table["rows"]]
    return {
        name: table_named(snapshot.figures, name)
        for name in counted
        if name in facets and name in KEYS
    }


class TableForm(forms.Form):
    """Rows, columns, and one value of each axis to narrow the records; all in the words of the
    version, so that an address means the same for good."""

    rows = forms.ChoiceField(label=_("Rows"))
    columns = forms.ChoiceField(label=_("Columns"), required=False)

    def __init__(self, data: Any, snapshot: Snapshot) -> None:
        super().__init__(data)
        self.axes = axes_of(snapshot)
        labels = snapshot.texts["labels"]
        named = [(axis, labels[axis]) for axis in self.axes]
        narrow = [
            (axis, label)
            for axis, label in named
            if len(self.axes[axis]["rows"]) <= MOST_COLUMNS
        ]
        self._choose("rows", named)
        self._choose("columns", [("", _("None")), *narrow])
        for axis, label in named:
            values = [
                (row["code"] or NOT_STATED, row["label"])
                for row in self.axes[axis]["rows"]
            ]
            self.fields[axis] = forms.ChoiceField(label=label, required=False)
            self._choose(axis, [("", _("All")), *values])

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, str]:
        """Axis → code, of those that narrow the records."""
        values = self.cleaned_data
        return {axis: values[axis] for axis in self.axes if values[axis]}

    def word_of(self, axis: str, code: str) -> str:
        """What the version calls this code of an axis."""
        wanted = "" if code == NOT_STATED else code
        rows = self.axes[axis]["rows"]
        return str(next(row["label"] for row in rows if row["code"] == wanted))

    @property
    def narrows(self) -> bool:
        return self.is_valid() and bool(self.chosen)

    @property
    def query(self) -> dict[str, str]:
        """The parameters of the address that means this table, in one order."""
        values = self.cleaned_data
        return {name: values[name] for name in self.fields if values[name]}

    @property
    def narrowing(self) -> list[forms.BoundField]:
        return [self[axis] for axis in self.axes]
