"""Publications: the reports themselves."""

import datetime
from functools import partial
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from common.mail import outbox
from common.moves.actors import AnyUser
from common.moves.models import StatusChange
from common.moves.workflow import (
    CONCERNED,
    Move,
    MoveRefused,
    NotYourMove,
    status_check,
)
from common.records.models import Change
from reports.build.models import Build
from reports.builders.registered import Summit20
from reports.builders.series import builder_of
from reports.citation.models import Cited
from reports.citation.text import citation
from reports.early.models import under_review_by
from reports.feed import PUBLICATIONS
from reports.output.models import remove_strays
from reports.publication.clearance import Cleared, ClearedQuerySet
from reports.publication.scope import FIRST_DAY, OF_SCOPE, STOCKTAKING, WRITTEN
from reports.publication.workflow import PUBLICATION_WORKFLOW, Status
from reports.report.kinds import MAX_QUERY
from reports.report.models import FIRST_YEAR, LAST_YEAR, SCOPE
from reports.report.skeletons import report_of

ONLINE = Q(published_version__isnull=False)
QUERY_HELP = _(
    "For a report on a search only: the address of the list of projects, or what follows the "
    "question mark in it."
)


class PublicationQuerySet(ClearedQuerySet):
    def online(self) -> Self:
        """Publications with a published version."""
        return self.filter(ONLINE)

    def visible_to(self, user: AnyUser) -> Self:
        """Publications that this person may read: published ones and those that they are asked
        to review, or all for the secretariat."""
        if getattr(user, "is_secretariat", False):
            return self
        return self.filter(ONLINE | Q(under_review_by(user, "pk")))

    def about_year(self, year: int) -> Self:
        """Publications whose period contains the year, or about the prizes or a day of that
        year."""
        begun = Q(from_year=None) | Q(from_year__lte=year)
        going_on = Q(to_year=None) | Q(to_year__gte=year)
        stocktaking = Q(series__in=STOCKTAKING)
        return self.filter(
            (stocktaking & begun & going_on)
            | Q(contest__year=year)
            | Q(as_of__year=year)
            | Q(edition__first_year__lte=year, edition__last_year__gte=year)
        )

    def newest(self) -> Self:
        return self.order_by("-created_at", "-pk")

    def for_list(self) -> Self:
        return self.select_related("region", "contest", "edition").prefetch_related(
            "artefacts"
        )


def today() -> datetime.date:
    return timezone.now().date()


def validate_day(day: datetime.date) -> None:
    """Roadmaps are known from the Summit on, and not in the future."""
    if day < FIRST_DAY:
        raise ValidationError(
            _("Choose a day from 1 January 2003 on."), code="too_early"
        )
    if day > today():
        raise ValidationError(_("This day is in the future."), code="too_late")


class Publication(Cited, Cleared):
    """One report of a series in one language; built again as new versions.

    The fields that its series needs (reports/builders) define its scope; all others are empty.
    """

    class Series(models.TextChoices):
        GLOBAL = "global", _("Global stocktaking report")
        REGIONAL = "regional", _("Regional stocktaking report")
        WSIS20 = "wsis20", _("WSIS+20 stocktaking report")
        CUSTOM = "custom", _("Stocktaking report on a search")
        SUCCESS_STORIES = "success_stories", _("WSIS Prizes: success stories")
        ROADMAP_STATE = "roadmap_state", _("State of the WSIS+20 roadmap")
        FORUM_OUTCOME = "forum_outcome", _("Outcome document of the WSIS Forum")

    series = models.CharField(
        _("series"), max_length=20, choices=Series.choices, default=Series.GLOBAL
    )
    region = models.ForeignKey(
        "reference.Region",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="publications",
        verbose_name=_("region"),
        help_text=_("For a regional report only."),
    )
    contest = models.ForeignKey(
        "prizes.Contest",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="publications",
        verbose_name=_("prizes of the year"),
        limit_choices_to={"is_demonstration": False},
        help_text=_("For success stories only: an edition with published winners."),
    )
    as_of = models.DateField(
        _("state at the end of"),
        null=True,
        blank=True,
        validators=[validate_day],
        help_text=_("For the state of the roadmap only: a day from 2003 to today."),
    )
    edition = models.ForeignKey(
        "forum.Edition",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="outcome_documents",
        verbose_name=_("edition of the Forum"),
        help_text=_(
            "For the outcome document only: an edition with a released agenda."
        ),
    )
    from_year = models.PositiveSmallIntegerField(
        _("first year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)],
        help_text=_(
            "For stocktaking reports only. Leave empty to include projects of all years. "
            "WSIS+20 reports are about 2004 to 2025 unless you enter other years."
        ),
    )
    to_year = models.PositiveSmallIntegerField(
        _("last year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)],
        help_text=_("For stocktaking reports only."),
    )
    query = models.CharField(
        _("search"),
        max_length=MAX_QUERY,
        blank=True,
        help_text=QUERY_HELP,
    )
    report = models.ForeignKey(
        "reports.Report",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="publications",
        verbose_name=_("edition of a report"),
        help_text=_(
            "The text that editors write for the publications of all languages."
        ),
    )
    language = models.CharField(
        _("language of the report"),
        max_length=8,
        choices=settings.LANGUAGES,
        default="en",
    )
    title = models.CharField(_("title"), max_length=200, blank=True)
    WORKFLOW = PUBLICATION_WORKFLOW
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status.choices,
        default=Status.DRAFT,
        editable=False,
    )
    version = models.PositiveIntegerField(
        _("latest version"), default=0, editable=False
    )
    published_version = models.PositiveIntegerField(
        _("published version"), null=True, blank=True, editable=False
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="publications",
        verbose_name=_("requested by"),
    )
    schedule = models.ForeignKey(
        "reports.Schedule",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="publications",
        verbose_name=_("schedule"),
        help_text=_("The schedule that created this draft."),
    )
    due_on = models.DateField(_("drafted for"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    published_at = models.DateTimeField(
        _("published at"), null=True, blank=True, editable=False
    )

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-created_at", "-pk"]
        constraints = [
            PUBLICATIONS,
            status_check(Status.values, "publication_status"),
            models.CheckConstraint(
                condition=~models.Q(status="scheduled")
                | models.Q(publish_at__isnull=False),
                name="publication_scheduled_for_a_time",
            ),
            *OF_SCOPE,
            models.CheckConstraint(
                condition=models.Q(schedule=None, due_on=None)
                | models.Q(schedule__isnull=False, due_on__isnull=False),
                name="publication_drafted_for_a_day",
            ),
            models.UniqueConstraint(
                fields=[
                    "series",
                    "region",
                    "contest",
                    "edition",
                    "from_year",
                    "to_year",
                    "query",
                    "language",
                    "due_on",
                ],
                condition=models.Q(due_on__isnull=False),
                nulls_distinct=False,
                name="publication_drafted_once",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="publication_newest"),
            models.Index(
                fields=["-created_at", "-id"],
                name="publication_online",
                condition=models.Q(published_version__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_usual_years()
        if not self.title:
            self.title = self.default_title()
        if self.report is None and self.series in WRITTEN:
            scope = {name: getattr(self, name) for name in SCOPE}
            self.report = report_of(self.series, self.language, **scope)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("reports:publication", kwargs={"pk": self.pk})

    def citation_of(self, snapshot: Any) -> str:
        """How this version is cited; its address stays when a later one replaces it."""
        labels = snapshot.texts["labels"]
        with translation.override(self.language):
            path = reverse("reports:version", args=[self.pk, snapshot.version])
        return citation(
            labels["portal"],
            (snapshot.published_at or snapshot.taken_at).year,
            f"{self.title}, {labels['version']} {snapshot.version}",
            isbn=self.isbn,
            doi=self.doi,
            address=settings.SITE_URL + path,
        )

    def default_title(self) -> str:
        """“Global stocktaking report 2026”, in the language of the report."""
        with translation.override(self.language):
            return builder_of(self).title(self)

    def set_usual_years(self) -> None:
        """A report on twenty years is about those, unless somebody entered others."""
        if self.series == self.Series.WSIS20:
            first, last = Summit20.YEARS
            self.from_year, self.to_year = self.from_year or first, self.to_year or last

    def clean(self) -> None:
        """Refuse a scope without content, and a report that is being built already."""
        if self.series not in self.Series.values:
            return  # the field says so
        self.set_usual_years()
        if refusals := builder_of(self).refusals(self):
            raise ValidationError(refusals)
        same = Publication.objects.filter(
            series=self.series,
            region=self.region,
            contest=self.contest,
            as_of=self.as_of,
            edition=self.edition,
            language=self.language,
            from_year=self.from_year,
            to_year=self.to_year,
            query=self.query,
            status=Status.BUILDING,
        )
        if same.exclude(pk=self.pk).exists():
            raise ValidationError(
                _("The same report is being built now; wait until it is ready.")
            )

    def open_moves(self, user: AnyUser) -> list[Move]:
        """The moves this person may make: withdrawing only when something is public, approving
        only for a second person."""
        closed = set()
        if self.published_version is None:
            closed.add("withdraw")
        if self.is_author(user):
            closed.add("approve")
        return [move for move in super().open_moves(user) if move.name not in closed]

    @transaction.atomic
    def move(self, name: str, user: AnyUser, note: str = "") -> Self:
        """Make one move of the table. Raises common.moves.workflow.MoveRefused."""
        if name == "approve" and self.is_author(user):
            raise NotYourMove(CONCERNED)
        return super().move(name, user, note)

    def is_author(self, user: AnyUser) -> bool:
        """Whether this person requested the waiting version: somebody else approves it."""
        build = self.build()
        return (
            build is not None
            and build.asked_by_id is not None
            and build.asked_by_id == user.pk
        )

    def build(self) -> "Build | None":
        """The latest build, with its progress."""
        return self.builds.order_by("-version").first()

    def open_build(self, change: StatusChange, note: str = "") -> "Build":
        """Begin a new version: its job row waits for a worker. `note` is the reason of an
        amendment.

        Whoever builds a draft that nobody requested is notified at its end, as if they had.
        """
        self.version += 1
        self.requested_by = self.requested_by or change.by
        self.save(update_fields=["version", "requested_by"])
        build = Build.objects.create(
            publication=self, version=self.version, asked_by=change.by, note=note
        )
        build.open_steps()
        return build

    def reopen_build(self, _change: StatusChange) -> None:
        """Have the steps that failed done again, with the snapshot and the files that are there."""
        if build := self.build():
            build.reopen()

    def open_amendment(self, change: StatusChange) -> None:
        """The reason of an amendment is shown beside its version to every reader."""
        self.open_build(change, note=change.note)

    def tell_requester(self, change: StatusChange) -> None:
        """Write to the requester when the build has ended, with a link to the result."""
        if self.requested_by:
            outbox.send(
                f"reports/{change.target}",
                self.requested_by,
                {"publication": self, "change": change},
            )

    def stop_build(self, _change: StatusChange) -> None:
        """Cancel the build: its workers lose their leases, can write nothing more, and leave
        nothing behind."""
        for build in self.builds.live():
            build.cancel()
        self.snapshots.filter(version=self.version).delete()
        self.artefacts.filter(version=self.version).delete()
        transaction.on_commit(partial(remove_strays, self.pk, self.version))

    def require_online(self) -> None:
        if self.published_version is None:
            raise MoveRefused(_("No version of this report is public."))

    def put_online(self, _change: StatusChange) -> None:
        """Publish the latest version; earlier ones stay public."""
        first = self.published_version is None
        self.published_version, self.publish_at = self.version, None
        self.save(update_fields=["published_version", "publish_at"])
        self.snapshots.filter(version=self.version).update(published_at=timezone.now())
        self.record_change(Change.Kind.PUBLISH if first else Change.Kind.UPDATE)

    def take_offline(self, _change: StatusChange) -> None:
        self.record_change(Change.Kind.DELETE)
        self.published_version = self.publish_at = None
        self.save(update_fields=["published_version", "publish_at"])

    def record_change(self, kind: str) -> None:
        snapshot = self.snapshots.get(version=self.published_version or 0)
        Change.objects.create(
            kind=kind,
            record_kind="reports.publication",
            record_id=str(self.pk),
            version=snapshot.version,
            content_hash=snapshot.content_hash,
        )

    def published_files(self) -> list[Any]:
        """Files of the public version, of rows from for_list()."""
        return [a for a in self.artefacts.all() if a.version == self.published_version]

    def readable_version(self, user: AnyUser) -> int | None:
        """The version for this person: the latest built one for the secretariat and for its
        reviewers, the public one for others."""
        if not (
            getattr(user, "is_secretariat", False)
            or (user.is_authenticated and self.is_reviewed_by(user))
        ):
            return self.published_version
        done = self.builds.filter(state=Build.State.DONE).order_by("-version").first()
        return done.version if done else None
