"""The phases of the open consultation before an edition."""

import datetime
from collections.abc import Iterable
from itertools import pairwise
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from common.forms.together import Misplaced
from forum.edition.models import Edition, today


class PhaseQuerySet(models.QuerySet["Phase"]):
    def with_state(self) -> Self:
        """`is_current`: today is in the phase; `is_over`: it has ended."""
        ended = Q(closes_on__lt=today())
        begun = Q(opens_on__lte=today()) | Q(opens_on=None, closes_on__gte=today())
        return self.annotate(
            is_over=models.ExpressionWrapper(ended, models.BooleanField()),
            is_current=models.ExpressionWrapper(begun & ~ended, models.BooleanField()),
        )

    def taking_submissions(self) -> Self:
        return self.with_state().filter(is_current=True, takes_submissions=True)


MOST_PHASES = 12


class DayRange(models.Func):
    """Includes both days; an unknown first day counts as the last."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Phase(models.Model):
    """A phase of the consultation: whole days in Geneva, in the order of their numbers."""

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="phases", verbose_name=_("edition")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=150)
    description = models.TextField(_("description"), blank=True, max_length=2000)
    opens_on = models.DateField(
        _("first day"),
        null=True,
        blank=True,
        help_text=_("In Geneva time; leave empty if unknown."),
    )
    closes_on = models.DateField(_("last day"))
    takes_submissions = models.BooleanField(_("takes submissions"), default=False)
    source = models.TextField(_("source"), blank=True, max_length=2000)
    notes = models.TextField(_("notes"), blank=True, max_length=2000)

    is_judged_with_others = (
        False  # by the form that holds all phases (common.forms.together)
    )

    objects = PhaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("phase of the consultation")
        verbose_name_plural = _("phases of the consultation")
        ordering = ["edition", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "number"],
                name="phase_number_once",
                deferrable=models.Deferrable.IMMEDIATE,
            ),
            models.CheckConstraint(
                condition=models.Q(opens_on=None)
                | models.Q(closes_on__gte=models.F("opens_on")),
                name="phase_days_in_order",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=models.Q(number__range=(1, MOST_PHASES)),
                name="phase_number_range",
            ),
            ExclusionConstraint(
                name="phase_one_at_a_time",
                expressions=[
                    ("edition", RangeOperators.EQUAL),
                    (
                        DayRange(
                            "opens_on", "closes_on", RangeBoundary(inclusive_upper=True)
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=models.Q(opens_on__isnull=False),
                deferrable=models.Deferrable.IMMEDIATE,
                violation_error_message=_("Another phase overlaps with these days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"

    def clean(self) -> None:
        """Raises ValidationError when the phase is not between its neighbours."""
        if self.is_judged_with_others or not (
            self.edition_id and self.closes_on and self.number
        ):
            return
        others = Phase.objects.filter(edition=self.edition_id).exclude(pk=self.pk)
        for wrong in misplaced([*others, self]):
            if self in wrong.records:
                field = wrong.fields[wrong.records.index(self)]
                raise ValidationError({field: wrong.sentence})

    @property
    def first_day(self) -> datetime.date:
        """The first day; the last one when the first is unknown."""
        return self.opens_on or self.closes_on


def misplaced(phases: Iterable[Phase]) -> list[Misplaced]:
    """Phases that begin before the previous one has ended, in the order of numbers."""
    sentence = _(
        "“%(after)s” begins on %(first)s, but “%(before)s” ends only on %(last)s."
    )
    return [
        Misplaced(
            (before, after),
            ("closes_on", "opens_on" if after.opens_on else "closes_on"),
            sentence
            % {
                "after": after,
                "first": date_format(after.first_day),
                "before": before,
                "last": date_format(before.closes_on),
            },
        )
        for before, after in pairwise(sorted(phases, key=lambda phase: phase.number))
        if after.first_day <= before.closes_on
    ]
