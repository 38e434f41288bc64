"""Registrations as a sheet, and counted, for the desk."""

from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db import models
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.dates.zones import in_words
from forum.base.sheets import AT_ONCE, download
from forum.registration.models import Attendance, Registration
from forum.registration.workflow import RegistrationStatus


def _moment(row: Any) -> str:
    return in_words(row.created_at, row.edition.zone)


# heading → the cell of a registration
COLUMNS: dict[Any, Any] = {
    gettext_lazy("edition"): lambda row: row.edition.slug,
    gettext_lazy("confirmation code"): lambda row: row.code,
    gettext_lazy("name on the badge"): lambda row: row.name,
    gettext_lazy("e-mail address"): lambda row: (
        row.user.email if row.user else row.email
    ),
    gettext_lazy("status"): lambda row: row.get_status_display(),
    gettext_lazy("attendance"): lambda row: row.get_attendance_display(),
    gettext_lazy("organization"): lambda row: row.organization_name,
    gettext_lazy("stakeholder type"): lambda row: str(row.stakeholder_type or ""),
    gettext_lazy("country"): lambda row: str(row.country or ""),
    gettext_lazy("what you need to take part"): lambda row: row.needs,
    gettext_lazy("tags"): lambda row: row.tag_names or "",
    gettext_lazy("delegation"): lambda row: str(row.delegation or ""),
    gettext_lazy("registered by"): lambda row: row.registrar or "",
    gettext_lazy("created at"): _moment,
}


def sheet(rows: models.QuerySet[Registration], file_format: str) -> HttpResponseBase:
    """The rows as a download: `csv` or `xlsx`; 404 for anything else. Their tags and people are
    read with them."""
    tags = StringAgg("tags__name", "; ", distinct=True, order_by="tags__name")
    names = Registration.objects.filter(pk=models.OuterRef("pk")).order_by()
    read = rows.select_related(
        "edition", "user", "country", "stakeholder_type", "delegation"
    )
    read = read.annotate(
        tag_names=models.Subquery(names.annotate(tag_names=tags).values("tag_names"))
    )
    found = read.iterator(AT_ONCE)
    return download("registrations", COLUMNS, found, _("Registrations"), file_format)


def counts_of(rows: models.QuerySet[Registration]) -> dict[str, Any]:
    """How many of these rows there are: `heads` names the ways of taking part, `lines` holds for
    each status its name, the count of each way, and their sum."""
    counted = rows.order_by().values_list("status", "attendance")
    counts = {
        (status, attendance): number
        for status, attendance, number in counted.annotate(
            number=models.Count("pk", distinct=True)
        )
    }
    lines = []
    for status, label in RegistrationStatus.choices:
        numbers = [counts.get((status, way), 0) for way in Attendance.values]
        lines.append((label, numbers, sum(numbers)))
    return {"heads": Attendance.labels, "lines": lines}
