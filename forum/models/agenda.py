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
from django.utils.translation import gettext_lazy as _

from common.search import Words
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
    CHANGED = "changed", _("Changed")
    MOVED = "moved", _("Moved, new time to follow")
    CANCELLED = "cancelled", _("Cancelled")


class AgendaRelease(models.Model):
    """One released version of an edition's agenda, never changed afterwards.

    `content` is a list of sessions by id; `changes` lists ids by kind: added, changed (with the
    names of the fields), moved, cancelled.
    """

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="releases", verbose_name=_("edition")
    )
    number = models.PositiveIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=150)
    note = models.TextField(_("public note"), blank=True, max_length=2000)
    at = models.DateTimeField(_("released at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("released by"),
    )  # fmt: skip
    content = models.JSONField(_("content"))
    changes = models.JSONField(_("changes"))

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
        return f"{self.number}. {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("forum:release", args=[self.edition.slug, self.number])

    def changed(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """Name of each kind of change that occurred, and its sessions: id, title, fields."""
        return [
            (str(kind.label), self.changes[kind])
            for kind in ReleaseChange
            if self.changes.get(kind)
        ]
