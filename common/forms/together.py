"""Rows that are edited in one form and validated against one another, as they will be after
saving."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms
from django.forms import ModelForm
from django.forms.models import BaseInlineFormSet


class Misplaced(NamedTuple):
    """An error between two records, shown beside a field of one of them."""

    records: tuple[Any, Any]
    fields: tuple[str, str]
    sentence: Any


class RowForm(forms.ModelForm):
    """A row whose neighbours are in the same form: the form set validates it, not its `clean`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.is_judged_with_others = True


class TogetherFormSet(BaseInlineFormSet):
    """`judge` returns the errors between the rows."""

    def judge(self, records: list[Any]) -> Iterable[Misplaced]:
        raise NotImplementedError

    def clean(self) -> None:
        super().clean()
        if any(form.errors for form in self.forms):
            return
        rows = {id(form.instance): form for form in self.forms if self._is_kept(form)}
        for wrong in self.judge([form.instance for form in rows.values()]):
            for record, field in reversed(
                list(zip(wrong.records, wrong.fields, strict=True))
            ):
                form = rows[id(record)]
                if field in form.fields and not form.fields[field].disabled:
                    form.add_error(field, wrong.sentence)
                    break

    def _is_kept(self, form: ModelForm) -> bool:
        """Whether the row will exist: neither an empty line nor one that is deleted."""
        if self.can_delete and form.cleaned_data.get("DELETE"):
            return False
        return bool(form.instance.pk) or form.has_changed()
