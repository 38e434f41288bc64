"""The released agenda: what the public reads, and each release as it was."""

import hashlib
import json
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
from forum.models.edition import Edition
from forum.models.session import Facts, Session, TimeRange
from forum.querysets import AgendaReleaseQuerySet, ReleasedSessionQuerySet
from forum.workflow import SessionStatus

PLAIN = (
    "number", "title", "language", "description", "type_id", "track_id", "mode", "room_id",
    "day", "precision", "start", "end", "interpretation", "has_captions", "link", "recording",
    "source", "source_note", "status", "action_line_codes", "sdg_codes", "organiser_names",
)  # fmt: skip


class ReleasedSession(Facts):
    """A session as the last release showed it; the desk goes on planning in `Session`.

    `sequence` rises with each change that was released: calendars take it over (RFC 5545).
    """

    session = models.OneToOneField(
        Session, models.PROTECT, related_name="released", primary_key=True,
        verbose_name=_("session"),
    )  # fmt: skip
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
            GinIndex(fields=["people"], name="released_people", opclasses=["jsonb_path_ops"]),
        ]
        constraints = [
            # Rows change one by one within a release: the promise holds when it is committed.
            ExclusionConstraint(
                name="released_room_once_at_a_time",
                expressions=[
                    ("room", RangeOperators.EQUAL),
                    (TimeRange("start", "end", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=models.Q(
                    status=SessionStatus.RELEASED, start__isnull=False, end__isnull=False,
                    room__isnull=False,
                ),
                deferrable=Deferrable.DEFERRED,
            ),
        ]  # fmt: skip

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
        self.status, self.reason = SessionStatus.CANCELLED, change.note
        self.sequence += 1
        self.content_hash, self.changed_at = content_hash(self.public_content()), timezone.now()
        self.save()
        self.log_change(Change.Kind.UPDATE)
        row = {"id": self.pk, "title": self.title, "fields": []}
        changes = {SessionStatus.CANCELLED.value: [row]}
        return freeze_agenda(self.edition, change.by, "", change.note, changes)

    def log_change(self, kind: str) -> None:
        """A line in the log of public changes, for harvesters."""
        Change.objects.create(
            kind=kind, record_kind="forum.session", record_id=str(self.pk),
            version=self.sequence + 1, content_hash=self.content_hash,
        )  # fmt: skip


def public_content(session: Session | ReleasedSession) -> dict[str, Any]:
    """What everybody may read of a session, as plain values: frozen, hashed, compared."""
    content = {name: getattr(session, name) for name in PLAIN}
    for name in ("day", "start", "end"):
        content[name] = content[name].isoformat() if content[name] else None
    content["interpretation"] = list(content["interpretation"])
    return content | {"people": session.parts()}


def content_hash(content: dict[str, Any]) -> str:
    """SHA-256 of the content as JSON with sorted keys and no spaces."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class ReleaseChange(models.TextChoices):
    """What a release does to a session, in the order in which a reader is told."""

    ADDED = "added", _("New in the agenda")
    CHANGED = "changed", pgettext_lazy("session", "Changed")
    MOVED = "moved", _("Moved, new time to follow")
    CANCELLED = "cancelled", pgettext_lazy("session", "Cancelled")


class AgendaRelease(models.Model):
    """One released version of an edition's agenda, never changed afterwards.

    `content` is a list of sessions by id; `changes` lists ids by kind: added, changed (with the
    names of the fields), moved, cancelled.
    """

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="releases", verbose_name=_("edition")
    )
    number = models.PositiveIntegerField(_("number"))
    name = models.CharField(
        _("name"), max_length=150, blank=True,
        help_text=_("Empty where a cancellation made the release."),
    )  # fmt: skip
    note = models.TextField(_("public note"), blank=True, max_length=2000)
    at = models.DateTimeField(_("released at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("released by"),
    )  # fmt: skip
    content = models.JSONField(_("content"))
    changes = models.JSONField(_("changes"))
    told_at = models.DateTimeField(_("readers told at"), null=True, blank=True, editable=False)

    objects = AgendaReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release of the agenda")
        verbose_name_plural = _("releases of the agenda")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["-at", "-id"], name="release_order")]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="release_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name or self._about()}"

    def get_absolute_url(self) -> str:
        return reverse("forum:release", args=[self.edition.slug, self.number])

    def _about(self) -> str:
        titles = [row["title"] for row in self.changes.get(ReleaseChange.CANCELLED, [])]
        return gettext("Cancelled: %(sessions)s") % {"sessions": ", ".join(titles)}

    def changed(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """Name of each kind of change that occurred, and its sessions: id, title, fields."""
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
