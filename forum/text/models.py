"""Title and description of a session in languages other than the one it was written in.

The original is the session itself. What was approved is public with the next release, like every
other change of the desk; a machine translation is marked as such wherever it is shown.
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
from forum.session.models import Session
from forum.text.workflow import SESSION_TRANSLATION_WORKFLOW, TextStatus


class SessionTranslationQuerySet(models.QuerySet["SessionTranslation"]):
    def visible_to(self, user: AnyUser) -> Self:
        """For the organizers of the session; all for the secretariat."""
        if not user.is_authenticated:
            return self.none()
        if user.is_secretariat:
            return self
        sessions = Session.objects.all()
        organized = sessions.filter(sessions.organized_by(user))
        return self.filter(session__in=organized.values("pk"))

    def queue(self) -> Self:
        """Texts that wait for the secretariat, oldest first."""
        return self.filter(status=TextStatus.SUBMITTED).order_by("updated_at", "pk")


class SessionTranslation(Moved):
    """A text as it is typed. `approved` is what the next release shows, `{"title", "description",
    "kind", "engine"}`; it stays while a newer text waits."""

    class Kind(models.TextChoices):
        HUMAN = "human", _("translation by people")
        MACHINE = "machine", _("machine translation")

    session = models.ForeignKey(
        Session,
        models.CASCADE,
        related_name="other_texts",
        verbose_name=_("session"),
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
    title = models.CharField(_("title"), max_length=300, blank=True)
    description = models.TextField(
        _("description"),
        blank=True,
        max_length=10000,
        help_text=_(
            "Translate what the original says. Fields left empty are shown in the original "
            "language."
        ),
    )
    WORKFLOW = SESSION_TRANSLATION_WORKFLOW
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

    objects = SessionTranslationQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of a session in another language")
        verbose_name_plural = _("texts of sessions in other languages")
        ordering = ["-updated_at", "-pk"]
        constraints = [
            status_check(TextStatus.values, "session_translation_status"),
            models.UniqueConstraint(
                fields=["session", "language"], name="session_translation_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="machine") | Q(engine=""),
                name="session_translation_engine_of_a_machine",
                violation_error_message=_(
                    "Name the machine only of a machine translation."
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["status", "updated_at", "id"], name="session_translation_queue"
            ),
            models.Index(
                fields=["-updated_at", "-id"], name="session_translation_order"
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.get_language_display())

    def get_absolute_url(self) -> str:
        return reverse("forum:session-text", args=[self.session_id, self.language])

    def clean(self) -> None:
        if self.language == self.session.language:
            raise ValidationError(_("The session itself is written in this language."))

    def roles_of(self, user: AnyUser) -> set[str]:
        return self.session.roles_of(user)

    @property
    def is_older(self) -> bool:
        """Whether the original has changed since this text was approved."""
        return bool(self.original) and self.original != original_hash(self.session)

    def require_complete(self) -> None:
        """Raises MoveRefused unless what the original says is there."""
        if self.language == self.session.language:
            raise MoveRefused(_("The session itself is written in this language."))
        if not self.title or (self.session.description and not self.description):
            raise MoveRefused(_("Enter the title and the description first."))

    def keep_approved(self, change: StatusChange) -> None:
        """What the next release shows."""
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
        self.original = original_hash(self.session) if approved else ""
        self.save(update_fields=["approved", "original", "updated_at"])


def original_hash(session: Session) -> str:
    return content_hash({"title": session.title, "description": session.description})
