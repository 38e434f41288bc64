"""The phases of the open consultation before an edition, and the kinds of input that it takes.

Each edition has kinds of its own, so that one can be added, closed earlier, or opened to invited
people only.
"""

import datetime
from collections.abc import Iterable
from itertools import pairwise
from typing import Any, NamedTuple, Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import translation
from django.utils.crypto import get_random_string
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from common.forms.together import Misplaced
from common.forms.values import refuse_unreadable
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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A phase that takes submissions needs kinds of input: the usual ones, at first."""
        super().save(*args, **kwargs)
        if self.takes_submissions:
            InputKind.objects.add_usual(self.edition)

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


class Usual(NamedTuple):
    """A kind of input with which every new consultation begins."""

    code: str
    name: Any
    proposes_session: bool = False
    names_people: bool = False
    is_official: bool = True


USUAL = (
    Usual("theme", _("Thematic aspects")),
    Usual("format", _("Innovations of the format")),
    Usual("workshop", _("Workshop request"), proposes_session=True),
    Usual("partnership", _("Partnership")),
    Usual("exhibition", _("Exhibition space")),
    Usual("nomination", _("Nomination of a facilitator or speaker"), names_people=True),
    Usual("comment", _("General comment"), is_official=False),
)


class InputKindQuerySet(models.QuerySet["InputKind"]):
    def with_state(self) -> Self:
        """`is_open`: within its own window, else while a phase takes submissions."""
        calling = Phase.objects.taking_submissions().filter(edition=OuterRef("edition"))
        own = Q(opens_at__lte=Now(), closes_at__gt=Now())
        return self.annotate(
            is_open=models.ExpressionWrapper(
                own | (Q(opens_at=None) & Q(Exists(calling))), models.BooleanField()
            )
        )

    def open_now(self) -> Self:
        return self.with_state().filter(is_open=True)

    def offered(self, codes: Iterable[str] = (), also: int | None = None) -> Self:
        """Open to everyone, or by an access code that the person has entered; and the kind that
        an input has already."""
        free = Q(access_code="") | Q(access_code__in=list(codes))
        return self.with_state().filter((Q(is_open=True) & free) | Q(pk=also))

    def with_code(self, code: str) -> Self:
        """Those that an access code opens; none for an empty one."""
        return self.open_now().exclude(access_code="").filter(access_code=code)

    def add_usual(self, edition: Edition) -> None:
        """The usual kinds, if the edition has none; their names in all languages."""
        if not self.filter(edition=edition).exists():
            InputKind.objects.bulk_create(
                InputKind(
                    edition=edition,
                    order=place,
                    code=usual.code,
                    proposes_session=usual.proposes_session,
                    names_people=usual.names_people,
                    is_official=usual.is_official,
                    **in_all_languages("name", usual.name),
                )
                for place, usual in enumerate(USUAL, start=1)
            )


def in_all_languages(field: str, text: Any) -> dict[str, str]:
    """Columns of a translated field, filled from the catalogues."""
    values = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            values[f"{field}_{code.replace('-', '_')}"] = str(text)
    return values


MIN_CODE, MAX_CODE = 6, 40  # characters of an access code


CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without those that look alike
CODE_LENGTH = 8


def new_access_code() -> str:
    """A code that can be read out on the telephone, such as K7PX4MQB."""
    return get_random_string(CODE_LENGTH, CODE_LETTERS)


class InputKind(models.Model):  # type: ignore[django-manager-missing]  # modeltranslation wraps it
    """A kind of input: what it is for, when it is taken, and what becomes of it."""

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="input_kinds", verbose_name=_("edition")
    )
    code = models.SlugField(
        _("code"),
        max_length=20,
        help_text=_("Part of the address, such as workshop. It does not change."),
    )
    name = models.CharField(_("name"), max_length=100)
    description = models.TextField(_("description"), blank=True, max_length=1000)
    opens_at = models.DateTimeField(
        _("opens at"),
        null=True,
        blank=True,
        help_text=_("Leave both times empty to follow the phases of the consultation."),
    )
    closes_at = models.DateTimeField(_("closes at"), null=True, blank=True)
    access_code = models.CharField(
        _("access code"),
        max_length=MAX_CODE,
        blank=True,
        validators=[MinLengthValidator(MIN_CODE), refuse_unreadable],
        help_text=_("Only people who enter it can send an input of this kind."),
    )
    is_official = models.BooleanField(
        _("official"),
        default=True,
        help_text=_("Official inputs are answered before the agenda is released."),
    )
    proposes_session = models.BooleanField(
        _("proposes a session"),
        default=False,
        help_text=_("The type of session is required; a session can be made of it."),
    )
    names_people = models.BooleanField(
        _("names people"),
        default=False,
        help_text=_("Speakers or nominees are required."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = InputKindQuerySet.as_manager()  # type: ignore[django-manager-missing]  # modeltranslation wraps it

    class Meta:
        verbose_name = _("kind of input")
        verbose_name_plural = _("kinds of input")
        ordering = ["edition", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "code"],
                name="input_kind_once",
                violation_error_message=_(
                    "This edition has a kind of input with this code already."
                ),
            ),
            models.CheckConstraint(
                condition=Q(opens_at=None, closes_at=None)
                | Q(
                    opens_at__isnull=False,
                    closes_at__isnull=False,
                    closes_at__gt=models.F("opens_at"),
                ),
                name="input_kind_window",
                violation_error_message=_(
                    "Enter both times, the closing after the opening, or neither."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name
