"""Two tabs, or two people, with the same form: nobody's text is overwritten unseen.

A form carries a fingerprint of each field's value at the time it was opened. When it is sent, a
field that only somebody else changed keeps their value. A field that both changed is a conflict:
nothing is saved, the page shows both texts, and the next save decides.
"""

import hashlib
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext

MARKS = "opened_with"
PAIRS_READ = 400  # marks of one form that are read back; no form has so many fields


class Conflict(NamedTuple):
    """A field that two people, or two windows of one person, wrote differently."""

    field: forms.BoundField
    stored: str
    posted: str


def fingerprint(bound: forms.BoundField, value: object) -> str:
    """A 12-digit fingerprint of a text, whatever its line ends."""
    prepared = bound.field.prepare_value(value)
    parts = sorted(map(str, prepared)) if isinstance(prepared, list) else [prepared]
    texts = [
        "" if part is None else str(part).replace("\r\n", "\n").strip()
        for part in parts
    ]
    return hashlib.sha256("\0".join(texts).encode("utf-8", "replace")).hexdigest()[:12]


def readable(bound: forms.BoundField, value: object) -> str:
    """A field's value as a reader sees it: names of choices, text of rich values."""
    field = bound.field
    prepared = field.prepare_value(value)
    if not hasattr(field, "choices"):
        return "" if prepared is None else str(prepared)
    chosen = {
        str(code) for code in (prepared if isinstance(prepared, list) else [prepared])
    }
    if isinstance(field, forms.ModelChoiceField):
        # The table behind a choice may be large: only the chosen rows are read.
        key = field.to_field_name or "pk"
        try:
            choices: Any = field.queryset
            rows = list(choices.filter(**{f"{key}__in": chosen - {"", "None"}}))
        except (ValueError, ValidationError):
            return ", ".join(sorted(chosen))
        return ", ".join(str(field.label_from_instance(row)) for row in rows)
    return ", ".join(
        str(label) for code, label in field.choices if code and str(code) in chosen
    )


def read_marks(text: str) -> dict[str, str]:
    """Field → fingerprint, as `write_marks` wrote them; invalid parts are left out."""
    pairs = text.split(",")[:PAIRS_READ]
    return dict(pair.split(":", 1) for pair in pairs if ":" in pair)


def write_marks(marks: dict[str, str]) -> str:
    return ",".join(f"{name}:{mark}" for name, mark in marks.items())


class TwoTabsMixin(forms.Form):
    """For a ModelForm (listed before it in the bases) that more than one person edits.

    The view locks the instance before it makes the form, and answers 409 when the form has
    `conflicts`; `_two_tabs.html` shows them. A page that does not print all fields has to print
    `opened_with`. A new record counts too: its fields were empty when it was opened.
    """

    opened_with = forms.CharField(widget=forms.HiddenInput, required=False)

    instance: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflicts: list[Conflict] = []
        self.kept_of_others: list[forms.BoundField] = []
        marks = {bound.name: self._stored_mark(bound) for bound in self._guarded()}
        self.fields[MARKS].initial = write_marks(marks)
        # They hold label and hint of this moment, which the form may still change.
        bound: Any = self
        bound._bound_fields_cache.clear()

    def _guarded(self) -> list[forms.BoundField]:
        """The fields with a text or choice of their own; a file is always chosen again."""
        return [
            self[name]
            for name, field in self.fields.items()
            if name != MARKS
            and not isinstance(field, forms.FileField)
            and not field.disabled
        ]

    @staticmethod
    def _split(bound: forms.BoundField, value: object) -> Any:
        """The stored value as its inputs hold it: date and time may be two of them."""
        field = bound.field
        if isinstance(field, forms.MultiValueField) and not isinstance(
            value, (list, tuple)
        ):
            return field.widget.decompress(value)  # type: ignore[attr-defined]  # a MultiWidget
        return value

    def _stored_mark(self, bound: forms.BoundField) -> str:
        return fingerprint(
            bound, self._cleaned(bound, self._split(bound, bound.initial))
        )

    @staticmethod
    def _cleaned(bound: forms.BoundField, value: object) -> Any:
        """The value as the field reads it, so that “09:00” and “09:00:00” are the same."""
        field = bound.field
        if hasattr(field, "choices"):
            return value
        try:
            return field.clean(field.prepare_value(value))
        except ValidationError:
            return value

    def clean(self) -> dict[str, Any]:
        """Compare what was typed, what is stored, and what the form was opened with."""
        data = super().clean() or self.cleaned_data
        if MARKS not in self.data and self.add_prefix(MARKS) not in self.data:
            return data  # sent by a program that never opened the form
        if MARKS not in self.fields:
            return data  # a new row below a record: nobody else has it
        begun = read_marks(self.cleaned_data.get(MARKS, ""))
        marks = dict(begun)
        for bound in self._guarded():
            stored = self._stored_mark(bound)
            typed = fingerprint(bound, self._cleaned(bound, bound.data))
            before = begun.get(bound.name)
            if stored in (typed, before):
                marks[bound.name] = stored
            elif typed == before:
                self._keep_of_others(bound, data)
            else:
                marks[bound.name] = stored
                texts = self._text(bound, bound.initial), self._text(bound, bound.data)
                self.conflicts.append(Conflict(bound, *texts))
        if self.conflicts:
            self.add_error(
                None, ValidationError(self._what_happened(), code="conflict")
            )
            for conflict in self.conflicts:
                self.add_error(
                    conflict.field.name,
                    gettext("Compare your text with the saved one, then save again."),
                )
        posted: Any = self.data
        posted = posted.copy()  # what a browser sent cannot be changed
        posted[self.add_prefix(MARKS)] = write_marks(marks)
        self.data = posted
        return data

    def marks_after(self, stored: "TwoTabsMixin") -> str:
        """Marks for a page that stays open after its form has saved itself: those of what is
        stored, except for fields whose text on that page is older."""
        mine = read_marks(
            self.cleaned_data.get(MARKS, "")
        )  # of the fields on that page
        now = read_marks(stored.fields[MARKS].initial)
        if not mine:
            return write_marks(now)
        older = {one.name for one in self.kept_of_others}
        return write_marks(
            {
                name: mark if name in older else now.get(name, mark)
                for name, mark in mine.items()
            }
        )

    def _text(self, bound: forms.BoundField, value: object) -> str:
        parts = self._split(bound, value)
        if isinstance(bound.field, forms.MultiValueField):
            return " ".join(str(part) for part in parts or [] if part)
        return readable(bound, value)

    def _keep_of_others(self, bound: forms.BoundField, data: dict[str, Any]) -> None:
        """Only somebody else changed this field: keep their value."""
        value = self._split(bound, bound.initial)
        self.errors.pop(bound.name, None)
        data[bound.name] = bound.field.clean(bound.field.prepare_value(value))
        self.kept_of_others.append(bound)

    def _what_happened(self) -> str:
        """Who saved when, as far as the record knows."""
        who = getattr(self.instance, "updated_by", None)
        when = getattr(self.instance, "updated_at", None)
        names = {
            "who": who,
            "time": f"{timezone.localtime(when):%H:%M %Z}" if when else "",
        }
        if who and when:
            text = gettext(
                "%(who)s saved this at %(time)s, after you had opened the form."
            )
        elif when:
            text = gettext(
                "This was saved elsewhere at %(time)s, after you had opened the form."
            )
        else:
            text = gettext("This was saved elsewhere after you had opened the form.")
        nothing_lost = gettext(
            "Nothing was overwritten, and your text is still in the form."
        )
        return f"{text % names} {nothing_lost}"
