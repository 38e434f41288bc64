"""Schedules of reports: rows that the secretariat edits, followed by a task once an hour."""

import calendar
import datetime
from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import Role
from common.mail import outbox
from reference.country.models import Region
from reports.builders.registered import Summit20
from reports.builders.series import builder_of
from reports.builders.success_stories import newest_contest
from reports.publication.models import QUERY_HELP, Publication
from reports.publication.scope import FIRST_DAY, parameters_of
from reports.report.kinds import MAX_QUERY
from reports.report.models import LAST_YEAR

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from typing import Any


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    def due(self, on: date) -> Self:
        """Active rows whose date has come, oldest first."""
        return self.filter(is_active=True, next_on__lte=on).order_by("next_on", "pk")

    def to_come(self) -> Self:
        """Active rows for the public, the nearest date first."""
        return (
            self.filter(is_active=True)
            .select_related("region")
            .order_by("next_on", "pk")
        )


YEAR = 12  # months


MAX_MONTHS, MAX_YEARS = 120, 50


LAST_DAY_OF_ALL_MONTHS = 28


LAST_DAY = datetime.date(LAST_YEAR, 12, LAST_DAY_OF_ALL_MONTHS)


FORUM_OUTCOME = Publication.Series.FORUM_OUTCOME  # compiled by hand, after an edition
REGIONAL, WSIS20, CUSTOM, SUCCESS_STORIES, ROADMAP_STATE = (
    Publication.Series.REGIONAL,
    Publication.Series.WSIS20,
    Publication.Series.CUSTOM,
    Publication.Series.SUCCESS_STORIES,
    Publication.Series.ROADMAP_STATE,
)
WITHOUT_YEARS = (CUSTOM, SUCCESS_STORIES, ROADMAP_STATE)  # their scope says them


def validate_due_day(day: datetime.date) -> None:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError(_("Choose a day from 2003 to 2100."))
    if day.day > LAST_DAY_OF_ALL_MONTHS:
        raise ValidationError(_("Choose a day from 1 to 28, which every month has."))


def months_later(day: datetime.date, months: int) -> datetime.date:
    """The same day some months later; in a shorter month its last day."""
    year, month = divmod(day.year * YEAR + day.month - 1 + months, YEAR)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))


class Schedule(models.Model):
    """A series is drafted on `next_on`, then every so many months, for one region or for each."""

    series = models.CharField(
        _("series"),
        max_length=20,
        choices=[one for one in Publication.Series.choices if one[0] != FORUM_OUTCOME],
        help_text=_(
            "Success stories are about the newest prizes with published winners that have none "
            "in this language; the draft waits until there are such prizes."
        ),
    )
    region = models.ForeignKey(
        "reference.Region",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("region"),
        help_text=_("For regional reports, unless there is one for each region."),
    )
    every_region = models.BooleanField(
        _("a report for each region"),
        default=False,
        help_text=_("The six ITU regions, and one for international projects."),
    )
    title = models.CharField(
        _("title"),
        max_length=200,
        blank=True,
        help_text=_("For a report on a search only."),
    )
    query = models.CharField(
        _("search"), max_length=MAX_QUERY, blank=True, help_text=QUERY_HELP
    )
    language = models.CharField(
        _("language of the report"),
        max_length=8,
        choices=settings.LANGUAGES,
        default="en",
    )
    every_months = models.PositiveSmallIntegerField(
        _("interval in months"),
        default=YEAR,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_MONTHS)],
        help_text=_("Enter 12 for yearly, 24 for every two years."),
    )
    next_on = models.DateField(
        _("next draft on"),
        validators=[validate_due_day],
        help_text=_(
            "The draft is created within an hour of the start of this day (UTC)."
        ),
    )
    years_covered = models.PositiveSmallIntegerField(
        _("years covered"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_YEARS)],
        help_text=_(
            "Up to the year of the draft. Leave empty for all years. For global, regional "
            "and WSIS+20 reports only."
        ),
    )
    is_active = models.BooleanField(_("active"), default=True)
    source = models.TextField(_("source of the interval"), max_length=2000, blank=True)
    source_note = models.TextField(
        _("inferred or unconfirmed"), max_length=2000, blank=True
    )

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        ordering = ["next_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "region", "every_region", "query", "language"],
                nulls_distinct=False,
                name="schedule_once",
                violation_error_message=_(
                    "There is already a schedule for these reports."
                ),
            ),
            models.CheckConstraint(
                condition=(models.Q(series=REGIONAL, region=None, every_region=True))
                | models.Q(series=REGIONAL, region__isnull=False, every_region=False)
                | (
                    ~models.Q(series=REGIONAL)
                    & models.Q(region=None, every_region=False)
                ),
                name="schedule_region_of_regional",
                violation_error_message=_(
                    "Regional reports need one region or “each region”; others must have none."
                ),
            ),
            models.CheckConstraint(
                condition=~models.Q(series__in=WITHOUT_YEARS)
                | models.Q(years_covered=None),
                name="schedule_years_of_stocktaking",
                violation_error_message=_(
                    "Only global, regional and WSIS+20 reports have years."
                ),
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(series=CUSTOM) & ~models.Q(query="") & ~models.Q(title="")
                )
                | (~models.Q(series=CUSTOM) & models.Q(query="", title="")),
                name="schedule_query_of_custom",
                violation_error_message=_(
                    "A report on a search needs a title and the search; other reports must "
                    "have none."
                ),
            ),
        ]
        indexes = [models.Index(fields=["next_on", "id"], name="schedule_due")]

    def __str__(self) -> str:
        where = _("each region") if self.every_region else self.region
        return " · ".join(
            str(part) for part in (self.get_series_display(), where, self.title) if part
        )

    def clean_fields(self, exclude: "Collection[str] | None" = None) -> None:
        """A search is measured as it is stored: in its address, a letter takes up to nine signs."""
        self.query = parameters_of(self.query)
        super().clean_fields(exclude)

    def clean(self) -> None:
        """A search is one that the page of projects understands."""
        if self.series == CUSTOM:
            draft = Publication(series=self.series, title=self.title, query=self.query)
            if refusals := builder_of(draft).refusals(draft):
                raise ValidationError(refusals)

    def latest_due(self, on: datetime.date) -> datetime.date:
        """The last date of the schedule up to this day: earlier dates are not made up for."""
        due = self.next_on
        while (following := months_later(due, self.every_months)) <= on:
            due = following
        return due

    def scopes(self, due: datetime.date) -> "Iterable[dict[str, Any]]":
        """The scopes of the drafts, as fields of a publication."""
        if self.series == ROADMAP_STATE:
            return [{"as_of": due}]
        if self.series == CUSTOM:
            return [{"query": self.query}]
        if self.series == SUCCESS_STORIES:
            return self.scopes_of_stories()
        first = due.year - self.years_covered + 1 if self.years_covered else None
        if self.series == WSIS20 and first is None:
            first = Summit20.YEARS[0]
        years = {"from_year": first and max(first, FIRST_DAY.year), "to_year": due.year}
        regions = Region.objects.all() if self.every_region else [self.region]
        return [{"region": region, **years} for region in regions]

    def scopes_of_stories(self) -> "list[dict[str, Any]]":
        """The newest prizes with public winners, unless they have their stories."""
        contest = newest_contest()
        told = Publication.objects.filter(contest=contest, language=self.language)
        return [] if contest is None or told.exists() else [{"contest": contest}]

    @classmethod
    @transaction.atomic
    def follow(cls, pk: int, on: datetime.date) -> list[Publication]:
        """Draft what this row has due, move it to its next date, and notify the secretariat.

        All in one transaction under the row's lock, so a second run finds nothing due. A constraint
        of publications ensures that a draft for a day is made once, whatever a person changes
        meanwhile.
        """
        row = cls.objects.due(on).select_for_update(of=("self",), skip_locked=True)
        schedule = row.filter(pk=pk).first()
        if schedule is None:
            return []
        due = schedule.latest_due(on)
        publications = [
            Publication.objects.get_or_create(
                series=schedule.series,
                language=schedule.language,
                due_on=due,
                **scope,
                defaults={"schedule": schedule, "title": schedule.title},
            )
            for scope in schedule.scopes(due)
        ]
        if not publications:
            return []  # what it is about does not exist yet: the date stays
        schedule.next_on = months_later(due, schedule.every_months)
        schedule.save(update_fields=["next_on"])
        drafts = [publication for publication, new in publications if new]
        for draft in drafts:
            if draft.report:
                draft.report.name_editors()
                draft.report.announce(schedule.next_on, due)
        if drafts:
            tell_secretariat(drafts)
        return drafts


def tell_secretariat(drafts: list[Publication]) -> None:
    """One mail to each member of the secretariat with a link to every draft."""
    people = get_user_model().objects.filter(
        is_active=True, groups__name=Role.SECRETARIAT.value
    )
    for person in people.order_by("pk"):
        outbox.send("reports/drafted", person, {"drafts": drafts})
