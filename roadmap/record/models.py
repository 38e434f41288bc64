"""What every public record of the roadmap shares: a source and dates."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from common.dates import partial
from common.records.models import PublicRecord
from roadmap.record import dates

HINT = _("Enter a date as precise as the source: 2025, 2025-07 or 2025-07-11.")


def sort_date(name: str) -> models.GeneratedField:
    """The column by which records with a partial date are sorted (dates.sort_key)."""
    return models.GeneratedField(
        expression=models.Case(
            models.When(**{name: ""}, then=models.Value("")),
            default=Concat(models.F(name), models.Value(dates.AFTER_ALL)),
        ),
        output_field=models.CharField(
            max_length=partial.MAX_LENGTH + 1, db_collation="C"
        ),
        db_persist=True,
    )


class Dated(models.Model):
    """`start` and `end` are the written dates; two date columns follow from them, for queries."""

    start = partial.WrittenDateField(
        _("start"),
        max_length=partial.MAX_LENGTH,
        validators=[dates.validate],
        help_text=HINT,
    )
    end = partial.WrittenDateField(
        _("end"),
        max_length=partial.MAX_LENGTH,
        blank=True,
        validators=[dates.validate],
        help_text=_("Leave empty if it is the same as the start."),
    )
    starts_on = models.DateField(_("first possible day"), editable=False)
    ends_on = models.DateField(_("last possible day"), editable=False)
    sort_date = sort_date("start")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="%(class)s_ends_after_start",
                violation_error_message=_("The end is before the start."),
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_days()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        try:
            self.set_days()
        except ValidationError:  # the field says it
            return
        if self.ends_on < self.starts_on:
            raise ValidationError({"end": _("The end is before the start.")})

    def set_days(self) -> None:
        """Compute the days that the written dates mean. Raises ValidationError for an invalid
        date."""
        self.starts_on = dates.parse(self.start).first
        self.ends_on = dates.parse(self.end or self.start).last

    @property
    def when(self) -> str:
        """The period in words of the page's language."""
        return dates.span(self.start, self.end)

    @property
    def is_exact(self) -> bool:
        return dates.parse(self.start).precision == partial.Precision.DAY


CODE = RegexValidator(
    r"\A[A-Z0-9][A-Z0-9-]*\Z", _("Use capital letters, digits and hyphens.")
)


class SourcedRecord(PublicRecord):
    """A public record with the source of what it says."""

    source = models.TextField(
        _("source"),
        max_length=2000,
        help_text=_("The source; “unconfirmed” if there is none."),
    )

    class Meta:
        abstract = True
