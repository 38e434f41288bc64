"""The released agenda, its releases, and what a person keeps of it."""

import datetime
import secrets
from functools import reduce
from operator import or_
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Deferrable, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import MD5, Cast, Coalesce, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.moves.actors import AnyUser
from common.moves.models import StatusChange
from common.moves.workflow import NOTE_MAX_LENGTH
from common.records.hashing import content_hash
from common.records.models import Change
from forum.agenda.comparison import change_row, marks_after
from forum.agenda.words import AllWords
from forum.edition.models import Edition
from forum.session.description import Description, TimeRange
from forum.session.feed import SESSIONS
from forum.session.fields import LONG_FIELDS, RELEASED_COLUMNS, SEARCHED
from forum.session.models import Session
from forum.session.querysets import AgendaQuerySet
from forum.session.workflow import SessionStatus


def of_people(key: str) -> Func:
    """All values of one key of the people of a released session, as a text."""
    path = Cast(Value(f"$[*].{key}"), models.TextField())
    values = Func(
        "people",
        Func(path, template="%(expressions)s::jsonpath"),
        function="jsonb_path_query_array",
        output_field=models.JSONField(),
    )
    return Cast(values, models.TextField())


class ReleasedSessionQuerySet(AgendaQuerySet):
    names = {
        "person": of_people("name"),
        "of_person": of_people("organization"),
        "organizer": Cast("organizer_names", models.TextField()),
    }

    def visible_to(self, user: AnyUser) -> Self:
        return self

    def of_action_line(self, *codes: str) -> Self:
        return self.filter(action_line_codes__overlap=list(codes))

    def of_sdg(self, *codes: str) -> Self:
        return self.filter(sdg_codes__overlap=list(codes))

    def of_person(self, *ids: int) -> Self:
        """Sessions in which one of these records has a part."""
        parts = [Q(people__contains=[{"person": pk}]) for pk in ids]
        return self.filter(reduce(or_, parts))

    def for_agenda(self) -> Self:
        return self.select_related("edition").defer("words", *LONG_FIELDS)

    def for_programme(self) -> Self:
        """Lines of an agenda of one edition, with only the columns that they show."""
        return self.prefetch_related("edition").defer("words", "people", *LONG_FIELDS)

    def mark(self) -> str:
        """A short text of what stands in these rows, as released: what is made of them is kept
        under it, and made anew after a release or a cancellation."""
        row = Concat(
            Cast("pk", models.TextField()),
            Value("."),
            Cast("sequence", models.TextField()),
            Value("."),
            "content_hash",
            Cast("changed_at", models.TextField()),
            output_field=models.TextField(),
        )
        joined = StringAgg(row, Value(" "), order_by="pk")
        digest: str | None = self.order_by().aggregate(mark=MD5(joined))["mark"]
        return digest or ""

    def of_calendar(self, user: AnyUser) -> Self:
        """The sessions of a person's calendar: starred ones, and those they take part in."""
        own = Q(session__stars__user=user) | Q(
            session__participations__person__user=user
        )
        ids = self.filter(own | Q(session__owner=user)).values("pk")
        return self.filter(pk__in=ids)

    def with_stars(self, user: AnyUser) -> Self:
        """`star`: whether this person will attend the session or is interested in it; else ""."""
        none = Value("")
        if not user.is_authenticated:
            return self.annotate(star=none)
        stars = Star.objects.filter(session_id=OuterRef("session_id"), user=user)
        return self.annotate(star=Coalesce(Subquery(stars.values("level")), none))

    def attended_during(self, session: "ReleasedSession", user: AnyUser) -> Self:
        """Other sessions at the same time that this person will attend or takes part in."""
        if not (session.start and session.end):
            return self.none()
        return (
            self.of_calendar(user)
            .with_stars(user)
            .filter(
                status=SessionStatus.RELEASED,
                start__lt=session.end,
                end__gt=session.start,
            )
            .exclude(pk=session.pk)
            .exclude(star=Star.Level.INTERESTED)
            .order_by("start", "pk")
        )


class AgendaReleaseQuerySet(models.QuerySet["AgendaRelease"]):
    def newest_first(self) -> Self:
        return self.select_related("edition").order_by("-at", "-pk")

    def untold(self) -> Self:
        """Releases about which nobody has been written to yet, oldest first."""
        return self.filter(told_at=None).order_by("at", "pk")


class ReleasedSession(Description):
    """A session as last released; the desk goes on planning in `Session`.

    `sequence` rises with each released change: calendars use it (RFC 5545).
    """

    session = models.OneToOneField(
        Session,
        models.PROTECT,
        related_name="released",
        primary_key=True,
        verbose_name=_("session"),
    )
    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="programme", verbose_name=_("edition")
    )
    status = models.CharField(_("status"), max_length=20, choices=SessionStatus.choices)
    reason = models.TextField(
        _("why it is cancelled or moved"), blank=True, max_length=NOTE_MAX_LENGTH
    )
    action_line_codes = ArrayField(
        models.CharField(max_length=12), default=list, verbose_name=_("action lines")
    )
    sdg_codes = ArrayField(
        models.CharField(max_length=12),
        default=list,
        verbose_name=_("Sustainable Development Goals"),
    )
    organizer_names = ArrayField(
        models.CharField(max_length=250), default=list, verbose_name=_("organizers")
    )
    people = models.JSONField(_("people"), default=list)
    room_name = models.CharField(_("room"), max_length=100, blank=True)
    building = models.CharField(_("building"), max_length=150, blank=True)
    type_names = models.JSONField(_("type"), default=dict, blank=True)
    track_names = models.JSONField(_("track"), default=dict, blank=True)
    titles = models.JSONField(_("titles in other languages"), default=dict, blank=True)
    texts = models.JSONField(_("texts in other languages"), default=dict, blank=True)
    marks = models.JSONField(_("marked as changed"), default=dict, blank=True)
    sequence = models.PositiveIntegerField(_("sequence"), default=0)
    content_hash = models.CharField(_("SHA-256 of the content"), max_length=64)
    changed_at = models.DateTimeField(_("changed at"))
    words = models.GeneratedField(
        expression=AllWords(*SEARCHED),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ReleasedSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("released session")
        verbose_name_plural = _("released sessions")
        ordering = ["edition", "day", "start", "pk"]
        indexes = [
            models.Index(fields=["edition", "day", "start"], name="released_order"),
            GinIndex(fields=["words"], name="released_words"),
            GinIndex(fields=["action_line_codes"], name="released_action_lines"),
            GinIndex(fields=["sdg_codes"], name="released_sdgs"),
            GinIndex(
                fields=["people"], name="released_people", opclasses=["jsonb_path_ops"]
            ),
        ]
        constraints = [
            SESSIONS,
            # Rows change one by one within a release, so the constraint is checked at the commit.
            ExclusionConstraint(
                name="released_room_once_at_a_time",
                expressions=[
                    ("room", RangeOperators.EQUAL),
                    (
                        TimeRange("start", "end", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=models.Q(
                    status=SessionStatus.RELEASED,
                    start__isnull=False,
                    end__isnull=False,
                    room__isnull=False,
                ),
                deferrable=Deferrable.DEFERRED,
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("forum:session", args=[self.pk])

    def parts(self) -> list[dict[str, Any]]:
        return list(self.people)

    def public_content(self) -> dict[str, Any]:
        """What a release stores of the session, in the form of JSON."""
        return public_content(self)

    def cancel(self, change: StatusChange) -> "AgendaRelease":
        """Announce at once, in a release of its own, that the session is cancelled, and why.

        All other changes of the desk wait for the next release.
        """
        # The planned session has been moved; the public row is rebuilt from it.
        values = {
            field.attname: getattr(self, field.attname) for field in public_columns()
        }
        row = ReleasedSession(
            **values | {"status": change.target, "reason": change.note}
        )
        before, after = self.public_content(), row.public_content()
        row.sequence += 1
        row.content_hash = content_hash(after)
        row.changed_at = timezone.now()
        row.marks = marks_after(self.marks, before, after)
        row.save(force_update=True)
        row.log_change(Change.Kind.UPDATE)
        changes = {ReleaseChange.CANCELLED.value: [change_row(self.pk, before, after)]}
        return freeze_agenda(self.edition, change.by, "", change.note, changes)

    def log_change(self, kind: str) -> None:
        """A row in the log of public changes, for harvesters."""
        self.change_line(kind).save()

    def change_line(self, kind: str) -> Change:
        return Change(
            kind=kind,
            record_kind="forum.session",
            record_id=str(self.pk),
            version=self.sequence + 1,
            content_hash=self.content_hash,
        )

    @property
    def is_marked(self) -> bool:
        """Whether readers are shown what changed; not for a session that is over."""
        if not self.marks:
            return False
        last = self.end or self.start
        if last:
            return last > timezone.now()
        return bool(self.day and self.day >= self.edition.local_day(timezone.now()))


def public_columns() -> list[models.Field]:
    """The columns of the public row that are written; the search words are generated."""
    return [
        field for field in ReleasedSession._meta.concrete_fields if not field.generated
    ]


def public_content(session: Session | ReleasedSession) -> dict[str, Any]:
    """The public content of a session as plain values, to be stored, hashed and compared."""
    return {
        name: value.isoformat() if isinstance(value, datetime.date) else value
        for name, value in released_values(session).items()
    }


def released_values(session: Session | ReleasedSession) -> dict[str, Any]:
    """What a release shows of a session, by the columns of the public row."""
    columns = {name: getattr(session, name) for name in RELEASED_COLUMNS}
    return columns | {"people": session.parts()}


class ReleaseChange(models.TextChoices):
    """Kinds of change that a release makes to a session, in the order in which they are
    reported."""

    ADDED = "added", _("New in the agenda")
    RESTORED = "restored", _("Held after all")
    PLACED_AGAIN = "placed_again", _("New time fixed")
    CHANGED = "changed", pgettext_lazy("session", "Changed")
    MOVED = "moved", _("Postponed, new time to follow")
    CANCELLED = "cancelled", pgettext_lazy("session", "Cancelled")


EARLY_REASON = 2000  # characters


class AgendaRelease(models.Model):
    """One released version of an edition's agenda, never changed afterwards.

    `told` counts the people of its sessions who got a mail, and names by id those who could not.
    `content` is a list of sessions by id; `changes` lists rows by kind
    (`ReleaseChange`): the id and title of a session, which `fields` are new, and their `old` and
    `new` values.
    """

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="releases", verbose_name=_("edition")
    )
    number = models.PositiveIntegerField(_("number"))
    name = models.CharField(
        _("name"),
        max_length=150,
        blank=True,
        help_text=_("Empty if a cancellation caused the release."),
    )
    note = models.TextField(_("public note"), blank=True, max_length=2000)
    unanswered = models.PositiveIntegerField(
        _("official inputs without an answer"), default=0
    )
    early_reason = models.TextField(
        _("why it was released before they were answered"),
        blank=True,
        max_length=EARLY_REASON,
    )
    at = models.DateTimeField(_("released at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("released by"),
    )
    content = models.JSONField(_("content"))
    changes = models.JSONField(_("changes"))
    told_at = models.DateTimeField(
        _("readers told at"), null=True, blank=True, editable=False
    )
    told = models.JSONField(_("who was told"), default=dict, blank=True, editable=False)

    objects = AgendaReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release of the agenda")
        verbose_name_plural = _("releases of the agenda")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["-at", "-id"], name="release_order")]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "number"], name="release_number_once"
            ),
            models.CheckConstraint(
                condition=Q(unanswered=0) | ~Q(early_reason=""),
                name="release_early_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name or self._about()}"

    def get_absolute_url(self) -> str:
        return reverse("forum:release", args=[self.edition.slug, self.number])

    def _about(self) -> str:
        titles = [row["title"] for row in self.changes.get(ReleaseChange.CANCELLED, [])]
        return gettext("Cancelled: %(sessions)s") % {"sessions": ", ".join(titles)}

    def changed(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """The name of each kind of change that occurred, with the rows of its sessions."""
        return [
            (str(kind.label), self.changes[kind])
            for kind in ReleaseChange
            if self.changes.get(kind)
        ]


def freeze_agenda(
    edition: Edition, by: User | None, name: str, note: str, changes: dict[str, Any]
) -> AgendaRelease:
    """Store the public programme as the next release of the edition, whose lock is held. Raises
    ValidationError for a name or note that is too long."""
    last = AgendaRelease.objects.filter(edition=edition).order_by("-number").first()
    programme = ReleasedSession.objects.of_edition(edition).in_order()
    release = AgendaRelease(
        edition=edition,
        number=last.number + 1 if last else 1,
        name=name,
        note=note,
        by=by if getattr(by, "pk", None) else None,
        content=[{"id": row.pk} | row.public_content() for row in programme],
        changes={kind.value: [] for kind in ReleaseChange} | changes,
    )
    release.full_clean(exclude=["content", "changes"])
    release.save()
    return release


TOKEN_BYTES = 24


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


class Star(models.Model):
    class Level(models.TextChoices):
        ATTEND = "attend", _("Will attend")
        INTERESTED = "interested", _("Interested")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="forum_stars",
        verbose_name=_("account"),
    )
    session = models.ForeignKey(
        Session, models.CASCADE, related_name="stars", verbose_name=_("session")
    )
    level = models.CharField(
        _("how sure"), max_length=10, choices=Level.choices, default=Level.ATTEND
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("star")
        verbose_name_plural = _("stars")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "session"], name="star_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} ★ {self.session_id}"


class CalendarKey(models.Model):
    """The secret part of the address at which a calendar program reads one's own agenda."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="forum_calendar",
        verbose_name=_("account"),
    )
    token = models.CharField(_("token"), max_length=64, unique=True, default=new_token)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return str(self.user)

    def get_absolute_url(self) -> str:
        return reverse("forum:my-calendar", args=[self.token])
