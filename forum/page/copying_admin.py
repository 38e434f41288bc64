"""Copying an edition in the admin: choose, see what will be made, make it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.dates.zones import in_words
from common.records import copying
from forum.edition.models import LAST_YEAR, SUMMIT_YEAR, Edition
from forum.outcome.calls import ReportCall
from forum.page.copying import PARTS, Copy
from forum.review.models import Reviewer


class CopyForm(copying.CopyForm):
    PARTS = PARTS

    start_date = forms.DateField(
        label=gettext_lazy("First day"),
        widget=AdminDateWidget,
        help_text=gettext_lazy("All days that are copied are shifted with it."),
    )

    class Meta:
        model = Edition
        fields = ("slug", "title", "start_date")

    def clean_start_date(self) -> Any:
        day = self.cleaned_data["start_date"]
        if not SUMMIT_YEAR <= day.year < LAST_YEAR:
            raise ValidationError(
                _("Enter a day from %(first)d to %(last)d.")
                % {"first": SUMMIT_YEAR, "last": LAST_YEAR - 1}
            )
        return day

    def clean_parts(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["parts"]
        without = self.with_days(chosen) if not self.source.start_date else []
        if without:
            raise ValidationError(
                _(
                    "The first day of “%(edition)s” is not known: do not choose “%(part)s”."
                )
                % {"edition": self.source, "part": without[0].label}
            )
        return chosen

    def copy(self) -> Copy:
        data = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return Copy(self.source, data, self.cleaned_data["parts"])


def initial(source: Edition) -> dict[str, Any]:
    """The next year for the last one, in the short name and the title."""
    year, after = str(source.last_year), str(source.last_year + 1)
    return {
        "slug": source.slug.replace(year, after),
        "title": source.title.replace(year, after),
    }


def page(desk: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    source = get_object_or_404(Edition, pk=pk)
    form = CopyForm(source, request.POST or None, initial=initial(source))
    template, title = "admin/forum/edition/copy.html", _("Copy this edition")
    return copying.copy_page(desk, request, form, template, _name, title=title)


def _name(row: Any) -> str:
    """A row of the copy; a phase with its new days."""
    if isinstance(row, ReportCall):
        return in_words(row.due_at, row.edition.zone)
    if isinstance(row, Reviewer) and row.track:
        return f"{row}: {row.track}"
    closes = getattr(row, "closes_on", None)
    if not closes:
        return str(row)
    days = [date_format(day) for day in (row.opens_on, closes) if day]
    return f"{row}: {'–'.join(days)}"
