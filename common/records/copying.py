"""A record made from an earlier one in the admin, with its parts: choose, see what will be made,
make it. All days are shifted by the distance between the two first days."""

import datetime
from collections.abc import Callable, Iterable
from typing import Any, ClassVar, NamedTuple, TypeVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.records.hashing import content_hash

Row = TypeVar("Row", bound=models.Model)


def copied(row: Row, **changes: Any) -> Row:
    """A new, unsaved row with the values of another."""
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    names = {row._meta.get_field(name).attname for name in changes}  # type: ignore[union-attr]  # columns
    kept = {name: value for name, value in values.items() if name not in names}
    return type(row)(**kept, **changes)


class Part(NamedTuple):
    """Something that can be copied: `rows` gives the new rows of a copy, not saved yet.

    `has_days`: it needs the first day of the earlier record.
    """

    name: str
    label: Any
    rows: Callable[[Any], list[Any]]
    has_days: bool = False


class Copy:
    """What will be made of `source`. Nothing is written before `save`."""

    PARTS: ClassVar[tuple[Part, ...]] = ()

    def __init__(
        self, source: Any, chosen: Iterable[str], shift: datetime.timedelta | None
    ) -> None:
        self.source = source
        self.chosen = set(chosen)
        self.shift = shift

    def day(self, day: datetime.date | None) -> datetime.date | None:
        return day + self.shift if day and self.shift is not None else None

    def moment(self, moment: datetime.datetime | None) -> datetime.datetime | None:
        """The same hour of the shifted day by the clock of the record's place."""
        if moment is None or self.shift is None:
            return None
        return moment.astimezone(self.source.zone) + self.shift

    def parts(self) -> list[tuple[Any, list[Any]]]:
        """The name of each chosen part, and its rows."""
        return [
            (part.label, part.rows(self))
            for part in self.PARTS
            if part.name in self.chosen
        ]

    def save(self) -> Any:
        """Write it all in one transaction; returns the new record."""
        raise NotImplementedError


def save_rows(rows: list[Any]) -> None:
    """Store new rows of one model."""
    if rows:
        type(rows[0])._default_manager.bulk_create(rows)


class CopyForm(forms.ModelForm):
    """Values of the new record, and what is copied. `PARTS` are those of the copy."""

    PARTS: ClassVar[tuple[Part, ...]] = ()

    parts = forms.MultipleChoiceField(
        label=gettext_lazy("What is copied"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, source: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = source
        parts: Any = self.fields["parts"]
        parts.choices = [(part.name, part.label) for part in self.PARTS]
        parts.initial = [part.name for part in self.PARTS]

    def with_days(self, chosen: Iterable[str]) -> list[Part]:
        names = set(chosen)
        return [part for part in self.PARTS if part.has_days and part.name in names]

    def copy(self) -> Copy:
        raise NotImplementedError

    def fingerprint(self) -> str:
        """Of what was chosen, so that nothing else is made than what was shown."""
        return content_hash(
            {name: str(value) for name, value in self.cleaned_data.items()}
        )


def copy_page(
    desk: admin.ModelAdmin,
    request: HttpRequest,
    form: CopyForm,
    template: str,
    name_of: Callable[[Any], str],
    **more: Any,
) -> HttpResponse:
    """Shows the form, then what will be made, then makes it and opens it.

    `name_of` says a row of the copy in words. `more`: the title of the page, and what else its
    template shows.
    """
    if not desk.has_add_permission(request):
        raise PermissionDenied
    context: dict[str, Any] = desk.admin_site.each_context(request) | {
        "opts": desk.opts,
        "changelist": f"admin:{desk.opts.app_label}_{desk.opts.model_name}_changelist",
        "change": f"admin:{desk.opts.app_label}_{desk.opts.model_name}_change",
        "source": form.source,
        "form": form,
        "media": desk.media + form.media,
        **more,
    }
    if form.is_valid():
        copy, seen = form.copy(), form.fingerprint()
        if request.POST.get("seen") == seen:
            made = copy.save()
            desk.log_addition(
                request, made, f"{form.source._meta.label}: {form.source}"
            )
            messages.success(request, _("“%(record)s” is made.") % {"record": made})
            return redirect(context["change"], made.pk)
        rows = [(label, [name_of(row) for row in rows]) for label, rows in copy.parts()]
        shown = [(label, names) for label, names in rows if names]
        context |= {"copy": copy, "seen": seen, "parts": shown}
    status = 400 if form.errors else 200
    return render(request, template, context, status=status)
