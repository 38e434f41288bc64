"""The released agenda: what the public reads, and each release as it was."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Deferrable
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from common.models import Change, StatusChange
from common.search import Words
from common.workflow import NOTE_MAX_LENGTH
from forum.feed import SESSIONS
from forum.models.edition import Edition
from forum.models.session import Facts, Session, TimeRange
from forum.querysets import AgendaReleaseQuerySet, ReleasedSessionQuerySet
from forum.workflow import SessionStatus

PLAIN = (
    "number",
    "title",
    "language",
    "description",
    "type_id",
    "track_id",
    "mode",
    "room_id",
    "day",
    "precision",
    "start",
    "end",
    "interpretation",
    "has_captions",
    "link",
    "recording",
    "source",
    "source_note",
    "status",
    "action_line_codes",
    "sdg_codes",
    "organiser_names",
    "room_name",
    "building",
    "type_names",
    "track_names",
)
# What a reader is told of as one thing, and the columns it is made of.
PARTS = {
    "status": ("status",),
    "time": ("day", "precision", "start", "end"),
    "room": ("room_id", "room_name", "building"),
    "title": ("title",),
    "people": ("people",),
    "organizers": ("organiser_names",),
    "type": ("type_id", "type_names"),
    "track": ("track_id", "track_names"),
    "mode": ("mode",),
    "interpretation": ("interpretation",),
    "captions": ("has_captions",),
    "number": ("number",),
    "description": ("description", "language"),
    "action_lines": ("action_line_codes",),
    "sdgs": ("sdg_codes",),
    "links": ("link", "recording"),
    "source": ("source", "source_note"),
}
# These are told with their old and new value; of the others it is said that they are new.
WITH_VALUES = frozenset(PARTS) - {
    "description",
    "action_lines",
    "sdgs",
    "links",
    "source",
}
# These are marked in the agenda until the session is over.
MARKED = ("status", "time", "room", "title", "people", "mode")


class ReleasedSession(Facts):
    """A session as the last release showed it; the desk goes on planning in `Session`.

    `sequence` rises with each change that was released: calendars take it over (RFC 5545).
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
    action_line_codes = ArrayField(models.CharField(max_length=12), default=list)
    sdg_codes = ArrayField(models.CharField(max_length=12), default=list)
    organiser_names = ArrayField(models.CharField(max_length=250), default=list)
    people = models.JSONField(_("people"), default=list)
    room_name = models.CharField(_("room"), max_length=100, blank=True)
    building = models.CharField(_("building"), max_length=150, blank=True)
    type_names = models.JSONField(_("type"), default=dict, blank=True)
    track_names = models.JSONField(_("track"), default=dict, blank=True)
    marks = models.JSONField(_("marked as changed"), default=dict, blank=True)
    sequence = models.PositiveIntegerField(_("sequence"), default=0)
    content_hash = models.CharField(_("SHA-256 of the content"), max_length=64)
    changed_at = models.DateTimeField(_("changed at"))
    words = models.GeneratedField(
        expression=Words("title", "description"),
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
            # Rows change one by one within a release: the promise holds when it is committed.
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
        """What a release keeps of the session, as JSON has it."""
        return public_content(self)

    def cancel(self, change: StatusChange) -> "AgendaRelease":
        """Say at once, in a release of its own, that the session does not take place, and why.

        Whatever else the desk has changed waits for the next release.
        """
        # The move table has moved the planned session; the public row is made anew from it.
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
        """A line in the log of public changes, for harvesters."""
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
        """Whether readers are told what changed; of a session that is over nobody need know."""
        if not self.marks:
            return False
        last = self.end or self.start
        if last:
            return last > timezone.now()
        return bool(self.day and self.day >= self.edition.local_day(timezone.now()))


def public_columns() -> list[models.Field]:
    """The columns of the public row that are written; the words of search are the database's."""
    return [
        field for field in ReleasedSession._meta.concrete_fields if not field.generated
    ]


def public_content(session: Session | ReleasedSession) -> dict[str, Any]:
    """What everybody may read of a session, as plain values: frozen, hashed, compared."""
    content = {name: getattr(session, name) for name in PLAIN}
    for name in ("day", "start", "end"):
        content[name] = content[name].isoformat() if content[name] else None
    content["interpretation"] = list(content["interpretation"])
    return content | {"people": session.parts()}


def content_hash(content: dict[str, Any]) -> str:
    """SHA-256 of the content as JSON with sorted keys and no spaces."""
    text = json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(text.encode()).hexdigest()


def changed_parts(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Names of the parts that differ, in the order in which a reader is told."""
    return [
        part
        for part, columns in PARTS.items()
        if any(before[column] != after[column] for column in columns)
    ]


def values_of(content: dict[str, Any], parts: Iterable[str]) -> dict[str, Any]:
    """The columns of some parts, as a release keeps them."""
    return {column: content[column] for part in parts for column in PARTS[part]}


def change_row(
    pk: int, before: dict[str, Any] | None, after: dict[str, Any]
) -> dict[str, Any]:
    """What a release keeps of one session that it changed: what changed, from what, to what.

    Of a new session it keeps when and where it takes place.
    """
    row = {"id": pk, "title": after["title"]}
    if before is None:
        return row | {
            "fields": [],
            "old": {},
            "new": values_of(after, ("time", "room")),
        }
    parts = changed_parts(before, after)
    told = [part for part in parts if part in WITH_VALUES]
    return row | {
        "fields": [
            part for part in parts if part != "status"
        ],  # the kind of change says it
        "old": values_of(before, told),
        "new": values_of(after, told),
    }


def marks_after(
    marks: dict[str, Any], before: dict[str, Any], after: dict[str, Any]
) -> dict[str, Any]:
    """Part → the value it had before its last released change; none for what is back again."""
    parts = [part for part in changed_parts(before, after) if part in MARKED]
    kept = marks | {part: values_of(before, [part]) for part in parts}
    return {part: old for part, old in kept.items() if old != values_of(after, [part])}


class ReleaseChange(models.TextChoices):
    """What a release does to a session, in the order in which a reader is told."""

    ADDED = "added", _("New in the agenda")
    RESTORED = "restored", _("Held after all")
    PLACED_AGAIN = "placed_again", _("New time fixed")
    CHANGED = "changed", pgettext_lazy("session", "Changed")
    MOVED = "moved", _("Postponed, new time to follow")
    CANCELLED = "cancelled", pgettext_lazy("session", "Cancelled")


class AgendaRelease(models.Model):
    """One released version of an edition's agenda, never changed afterwards.

    `content` is a list of sessions by id; `changes` lists rows by kind (`ReleaseChange`): the id
    and title of a session, which `fields` are new, and their `old` and `new` values.
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
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name or self._about()}"

    def get_absolute_url(self) -> str:
        return reverse("forum:release", args=[self.edition.slug, self.number])

    def _about(self) -> str:
        titles = [row["title"] for row in self.changes.get(ReleaseChange.CANCELLED, [])]
        return gettext("Cancelled: %(sessions)s") % {"sessions": ", ".join(titles)}

    def changed(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """Name of each kind of change that occurred, and the rows of its sessions."""
        return [
            (str(kind.label), self.changes[kind])
            for kind in ReleaseChange
            if self.changes.get(kind)
        ]


def freeze_agenda(
    edition: Edition, by: Any, name: str, note: str, changes: dict[str, Any]
) -> AgendaRelease:
    """Keep the programme as the public reads it now as the next release of the edition, whose
    lock is held. Raises ValidationError for a name or note that is too long."""
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
