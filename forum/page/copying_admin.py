"""Copying an edition in the admin: choose, see what will be made, make it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.records.hashing import content_hash
from forum.edition.models import LAST_YEAR, SUMMIT_YEAR, Edition
from forum.page.copying import Copy, Part

TITLE = gettext_lazy("Copy this edition")


class CopyForm(forms.ModelForm):
    start_date = forms.DateField(
        label=gettext_lazy("First day"),
        widget=AdminDateWidget,
        help_text=gettext_lazy("All days that are copied are shifted with it."),
    )
    parts = forms.MultipleChoiceField(
        label=gettext_lazy("What is copied"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Edition
        fields = ("slug", "title", "start_date")

    def __init__(self, source: Edition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = source
        parts: Any = self.fields["parts"]
        parts.choices = Part.choices()
        parts.initial = [name for name, _label in Part.choices()]

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
        without = Part.with_days(chosen) if not self.source.start_date else []
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

    def fingerprint(self) -> str:
        """Of what was chosen, so that nothing else is made than what was shown."""
        return content_hash(
            {name: str(value) for name, value in self.cleaned_data.items()}
        )


def initial(source: Edition) -> dict[str, Any]:
    """The next year for the last one, in the short name and the title."""
    year, after = str(source.last_year), str(source.last_year + 1)
    return {
        "slug": source.slug.replace(year, after),
        "title": source.title.replace(year, after),
    }


def page(desk: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    if not desk.has_add_permission(request):
        raise PermissionDenied
    source = get_object_or_404(Edition, pk=pk)
    form = CopyForm(source, request.POST or None, initial=initial(source))
    context: dict[str, Any] = desk.admin_site.each_context(request) | {
        "title": TITLE,
        "opts": desk.opts,
        "source": source,
        "form": form,
        "media": desk.media + form.media,
    }
    if form.is_valid():
        copy, seen = form.copy(), form.fingerprint()
        if request.POST.get("seen") == seen:
            made = copy.save()
            messages.success(
                request, _("“%(edition)s” is made.") % {"edition": made.title}
            )
            return redirect("admin:forum_edition_change", made.pk)
        context |= {"copy": copy, "seen": seen, "parts": _in_words(copy)}
    status = 400 if form.errors else 200
    return render(request, "admin/forum/edition/copy.html", context, status=status)


def _in_words(copy: Copy) -> list[tuple[Any, list[str]]]:
    return [
        (label, [_name(row) for row in rows]) for label, rows in copy.parts() if rows
    ]


def _name(row: Any) -> str:
    """A row of the copy; a phase with its new days."""
    closes = getattr(row, "closes_on", None)
    if not closes:
        return str(row)
    days = [date_format(day) for day in (row.opens_on, closes) if day]
    return f"{row}: {'–'.join(days)}"
