"""The text of a record in another language: title and description, beside the original."""

from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.moves.models import Moved, StatusChange
from common.moves.workflow import MoveRefused, status_check
from common.records.hashing import content_hash
from common.translation.workflow import TextStatus


class TranslationQuerySet(models.QuerySet[Any]):
    def queue(self) -> Self:
        """Texts that wait for the secretariat, oldest first."""
        return self.filter(status=TextStatus.SUBMITTED).order_by("updated_at", "pk")


class Translation(Moved):
    """A text as it is typed. `approved` is what readers get, `{"title", "description", "kind",
    "engine"}`; it stays while a newer text waits.

    A kind adds the record that it translates, `title` and `description` as long as those of the
    record, and once for each record and language.
    """

    class Kind(models.TextChoices):
        HUMAN = "human", _("translation by people")
        MACHINE = "machine", _("machine translation")

    ORIGINAL: Any  # “The session itself is written in this language.”
    INCOMPLETE: Any  # “Enter the title and the description first.”

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

    title: Any
    description: Any

    class Meta:
        abstract = True
        ordering = ["-updated_at", "-pk"]
        constraints = [
            status_check(TextStatus.values, "%(class)s_status"),
            models.CheckConstraint(
                condition=Q(kind="machine") | Q(engine=""),
                name="%(class)s_engine_of_a_machine",
                violation_error_message=_(
                    "Name the machine only of a machine translation."
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "updated_at", "id"], name="%(class)s_queue"),
            models.Index(fields=["-updated_at", "-id"], name="%(class)s_order"),
        ]

    def __str__(self) -> str:
        return self.title or str(self.get_language_display())

    @property
    def translated(self) -> Any:
        """The record itself, with `language`, `title` and `description`."""
        raise NotImplementedError

    def clean(self) -> None:
        if self.language == self.translated.language:
            raise ValidationError(self.ORIGINAL)

    @property
    def is_older(self) -> bool:
        """Whether the original has changed since this text was approved."""
        return bool(self.original) and self.original != original_hash(self.translated)

    def require_complete(self) -> None:
        """Raises MoveRefused unless what the original says is there."""
        if self.language == self.translated.language:
            raise MoveRefused(self.ORIGINAL)
        if not self.title or (self.translated.description and not self.description):
            raise MoveRefused(self.INCOMPLETE)

    def steps(self) -> list[tuple[StatusChange, Any, Any]]:
        """What became of it, the newest first: each change with both statuses in words."""
        labels = dict(TextStatus.choices)
        changes = self.history() if self.pk else []
        return [
            (one, labels.get(one.source), labels.get(one.target)) for one in changes
        ]

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
        self.original = original_hash(self.translated) if approved else ""
        self.save(update_fields=["approved", "original", "updated_at"])


def original_hash(record: Any) -> str:
    """SHA-256 of what is translated of a record."""
    return content_hash({"title": record.title, "description": record.description})
