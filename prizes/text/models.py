"""Title and short description of an entry in languages other than the one it was written in.

The original is the entry itself, and it is what competes. What was approved stands beside it where
the entry can be read; a machine translation is marked as such wherever it is shown.
"""

from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.moves.actors import AnyUser
from common.moves.models import Moved, StatusChange
from common.moves.workflow import MoveRefused, status_check
from common.records.hashing import content_hash
from prizes.entry.models import DESCRIPTION_LENGTH, IN_HAND, Entry
from prizes.entry.workflow import WRITERS
from prizes.text.workflow import ENTRY_TRANSLATION_WORKFLOW, TextStatus


class EntryTranslationQuerySet(models.QuerySet["EntryTranslation"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Texts of entries that this person writes or, as staff, may read."""
        if not user.is_authenticated:
            return self.none()
        entries = Entry.objects.all()
        if user.is_secretariat:
            return self.filter(
                entry__in=entries.visible_to(user).order_by().values("pk")
            )
        return self.filter(entry__in=entries.written_by(user).order_by().values("pk"))

    def queue(self) -> Self:
        """Texts of unsealed entries that wait for the secretariat, oldest first."""
        unsealed = Entry.objects.unsealed().exclude(status="draft").order_by()
        waiting = self.filter(status=TextStatus.SUBMITTED)
        return waiting.filter(entry__in=unsealed.values("pk")).order_by(
            "updated_at", "pk"
        )


class EntryTranslation(Moved):
    """A text as it is typed. `approved` is what readers get, `{"title", "description", "kind",
    "engine"}`; it stays while a newer text waits."""

    class Kind(models.TextChoices):
        HUMAN = "human", _("translation by people")
        MACHINE = "machine", _("machine translation")

    entry = models.ForeignKey(
        Entry, models.CASCADE, related_name="other_texts", verbose_name=_("entry")
    )
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    kind = models.CharField(
        _("kind"), max_length=8, choices=Kind.choices, default=Kind.HUMAN
    )
    engine = models.CharField(
        _("machine"),
        max_length=100,
        blank=True,
        help_text=_("The software that made a machine translation."),
    )
    title = models.CharField(_("title"), max_length=250, blank=True)
    description = models.TextField(
        _("short description"),
        blank=True,
        max_length=DESCRIPTION_LENGTH,
        help_text=_("Translate what the original says."),
    )
    WORKFLOW = ENTRY_TRANSLATION_WORKFLOW
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=TextStatus.choices,
        default=TextStatus.DRAFT,
        editable=False,
    )
    approved = models.JSONField(
        _("approved text"), default=dict, blank=True, editable=False
    )
    original = models.CharField(
        _("SHA-256 of the original’s texts"), max_length=64, blank=True, editable=False
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("written by"),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = EntryTranslationQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of an entry in another language")
        verbose_name_plural = _("texts of entries in other languages")
        ordering = ["-updated_at", "-pk"]
        constraints = [
            status_check(TextStatus.values, "entry_translation_status"),
            models.UniqueConstraint(
                fields=["entry", "language"], name="entry_translation_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="machine") | Q(engine=""),
                name="entry_translation_engine_of_a_machine",
                violation_error_message=_(
                    "Name the machine only of a machine translation."
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["status", "updated_at", "id"], name="entry_translation_queue"
            ),
            models.Index(fields=["-updated_at", "-id"], name="entry_translation_order"),
        ]

    def __str__(self) -> str:
        return self.title or str(self.get_language_display())

    def get_absolute_url(self) -> str:
        return reverse(
            "prizes:entry-text",
            args=[self.entry.contest.slug, self.entry_id, self.language],
        )

    def clean(self) -> None:
        if self.language == self.entry.language:
            raise ValidationError(_("The entry itself is written in this language."))

    def roles_of(self, user: AnyUser) -> set[str]:
        """Its writers have theirs as long as the entry can be edited."""
        roles = self.entry.roles_of(user)
        return roles if in_hand(self.entry) else roles - WRITERS

    @property
    def is_older(self) -> bool:
        """Whether the original has changed since this text was approved."""
        return bool(self.original) and self.original != original_hash(self.entry)

    def require_complete(self) -> None:
        """Raises MoveRefused unless what the original says is there."""
        if self.language == self.entry.language:
            raise MoveRefused(_("The entry itself is written in this language."))
        if not self.title or (self.entry.description and not self.description):
            raise MoveRefused(_("Enter the title and the short description first."))

    def keep_approved(self, change: StatusChange) -> None:
        """What readers get from now on."""
        self._approve(
            {
                "title": self.title,
                "description": self.description,
                "kind": self.kind,
                "engine": self.engine,
            }
        )

    def drop_approved(self, change: StatusChange) -> None:
        self._approve({})

    def _approve(self, approved: dict[str, Any]) -> None:
        self.approved = approved
        self.original = original_hash(self.entry) if approved else ""
        self.save(update_fields=["approved", "original", "updated_at"])


def in_hand(entry: Entry) -> bool:
    """Whether its writers can edit the entry now."""
    if entry.status not in IN_HAND:
        return False
    try:
        entry.require_open()
    except MoveRefused:
        return False
    return True


def original_hash(entry: Entry) -> str:
    return content_hash({"title": entry.title, "description": entry.description})
