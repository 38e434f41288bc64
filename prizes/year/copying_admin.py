"""Copying a contest in the admin: choose, see what will be made, make it."""

import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.dates.zones import in_words
from common.records import copying
from prizes.contest.models import Contest, Phase
from prizes.panel.models import Panel, PanelMember
from prizes.year.copying import PARTS, Copy, first_day

WEEK = datetime.timedelta(weeks=1)
DAYS_OF_A_YEAR = 365.2425
LAST_YEAR = 2100  # of Contest.year


class CopyForm(copying.CopyForm):
    PARTS = PARTS

    start_date = forms.DateField(
        label=gettext_lazy("First day of the first phase"),
        widget=AdminDateWidget,
        help_text=gettext_lazy(
            "All phases are shifted with it; their hours stay. The day offered is whole weeks "
            "after the earlier one, so that weekdays stay too."
        ),
    )

    class Meta:
        model = Contest
        fields = ("year", "slug", "title")

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        same = Contest.objects.filter(
            year=year, is_demonstration=self.source.is_demonstration
        )
        if same.exists():
            raise ValidationError(_("There is a contest of this year."))
        return year

    def clean_start_date(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["start_date"]
        today = timezone.localdate(timezone=self.source.zone)
        if day <= today:
            raise ValidationError(_("Enter a day after today."))
        if day.year >= LAST_YEAR:
            raise ValidationError(
                _("Enter a day before %(year)d.") % {"year": LAST_YEAR}
            )
        return day

    def clean_parts(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["parts"]
        without = self.with_days(chosen) if first_day(self.source) is None else []
        if without:
            raise ValidationError(
                _("No day of “%(contest)s” is known: do not choose “%(part)s”.")
                % {"contest": self.source, "part": without[0].label}
            )
        if "experts" in chosen and "panels" not in chosen:
            raise ValidationError(_("Experts can be copied only with their panels."))
        return chosen

    def copy(self) -> Copy:
        names = (*self.Meta.fields, "start_date")
        data = {name: self.cleaned_data[name] for name in names}
        return Copy(self.source, data, self.cleaned_data["parts"])


def initial(source: Contest) -> dict[str, Any]:
    """The next year without a contest, and the first day whole weeks later, near the same date."""
    latest = Contest.objects.real().order_by("-year").values_list("year", flat=True)
    year = max(latest.first() or source.year, source.year) + 1
    today = timezone.localdate(timezone=source.zone)
    first = first_day(source)
    start = None
    if first:
        weeks = round((year - source.year) * DAYS_OF_A_YEAR / WEEK.days)
        start = first + weeks * WEEK
        if start <= today:
            start += ((today - start) // WEEK + 1) * WEEK
    return {
        "year": year,
        "slug": str(year),
        "title": source.title.replace(str(source.year), str(year)),
        "start_date": start,
    }


def page(desk: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    source: Contest = get_object_or_404(
        Contest.objects.prefetch_related("phases"), pk=pk
    )
    form = CopyForm(source, request.POST or None, initial=initial(source))
    return copying.copy_page(
        desk,
        request,
        form,
        "admin/prizes/contest/copy.html",
        name_of,
        title=_("Copy this contest"),
        shifted=_shifted(form),
    )


def _shifted(form: CopyForm) -> str:
    """How far the phases are shifted, in words."""
    first = first_day(form.source)
    if not form.is_valid() or not first:
        return ""
    distance: datetime.timedelta = form.cleaned_data["start_date"] - first
    if distance % WEEK:
        return ngettext(
            "Shifted by %(count)d day: the weekdays change.",
            "Shifted by %(count)d days: the weekdays change.",
            distance.days,
        ) % {"count": distance.days}
    weeks = distance // WEEK
    return ngettext(
        "Shifted by %(count)d week: the weekdays stay.",
        "Shifted by %(count)d weeks: the weekdays stay.",
        weeks,
    ) % {"count": weeks}


def name_of(row: Any) -> str:
    """A row of the copy: a phase with its new hours, a panel by its category."""
    if isinstance(row, Phase):
        ends = (row.opens_at, row.closes_at)
        zone = row.contest.zone
        return (
            f"{row}: {' – '.join(in_words(end, zone) if end else '?' for end in ends)}"
        )
    if isinstance(row, PanelMember):
        return f"{row.panel.category.action_line_id}: {row.expert}"
    if isinstance(row, Panel):
        return str(row.category.action_line_id)
    return str(row)
