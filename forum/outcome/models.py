"""Documents of an edition, and outcome reports of sessions."""

import hashlib
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import is_own
from accounts.user.models import User
from common.moves.actors import AnyUser
from common.moves.models import StatusChange
from common.moves.workflow import CONCERNED, NotYourMove
from common.text.words import WordLimit
from forum.edition.models import Edition
from forum.feed import DOCUMENTS
from forum.session.models import Session


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Published documents; for the secretariat also unpublished ones."""
        if getattr(user, "is_secretariat", False):
            return self
        return self.filter(is_public=True)

    def for_list(self) -> Self:
        return self.select_related("edition", "session").order_by(
            "-edition__last_year", "kind", "title", "pk"
        )


class OutcomeReportQuerySet(models.QuerySet["OutcomeReport"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Published reports; one's own; all for the secretariat."""
        if getattr(user, "is_secretariat", False):
            return self
        public = Q(published_at__isnull=False)
        if not user.is_authenticated:
            return self.filter(public)
        sessions = Session.objects
        own = sessions.filter(sessions.all().organized_by(user))
        return self.filter(public | Q(session__in=own))

    def published(self) -> Self:
        return self.filter(published_at__isnull=False)


OUTCOME_WORDS = 800


def file_path(document: "Document", filename: str) -> str:
    """A name of our own; the uploader's file name is never used on disk."""
    digest = hashlib.sha256(
        f"{filename}:{timezone.now().isoformat()}".encode()
    ).hexdigest()
    return f"forum/{digest[:2]}/{digest[2:24]}.{filename.rpartition('.')[2]}"


class Document(models.Model):
    class Kind(models.TextChoices):
        OUTCOME = "outcome", _("Outcome document")
        SUMMARY = "summary", _("Chair’s summary")
        AGENDA = "agenda", _("Agenda and brochure")
        STATEMENTS = "statements", _("Policy statements")
        MATRIX = "matrix", _("WSIS–SDG matrix of the sessions")
        FACILITATORS = (
            "facilitators",
            _("Summaries of the High-Level Track Facilitators"),
        )
        PRESENTATION = "presentation", _("Presentation")
        OTHER = "other", _("Other document")

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="documents", verbose_name=_("edition")
    )
    session = models.ForeignKey(
        Session,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("session"),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=300)
    language = models.CharField(
        _("language"), max_length=8, choices=settings.LANGUAGES, default="en"
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    link = models.URLField(_("address"), max_length=500, blank=True)
    file = models.FileField(_("file"), upload_to=file_path, blank=True)
    size = models.PositiveIntegerField(_("size in bytes"), default=0, editable=False)
    is_public = models.BooleanField(_("public"), default=True)
    source = models.TextField(_("source"), blank=True, max_length=2000)
    source_note = models.TextField(
        _("what is inferred or unconfirmed"), blank=True, max_length=2000
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-edition__last_year", "kind", "title", "pk"]
        constraints = [
            DOCUMENTS,
            models.UniqueConstraint(
                fields=["edition", "kind", "title", "language", "version"],
                name="document_version_once",
                violation_error_message=_(
                    "This version is already listed: increase the number."
                ),
            ),
            models.CheckConstraint(
                condition=~models.Q(link="", file=""),
                name="document_leads_somewhere",
                violation_error_message=_(
                    "Enter the address of the document or upload a file."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Our own address of the file, else the external one."""
        return reverse("forum:document", args=[self.pk]) if self.file else self.link

    def clean(self) -> None:
        if (
            self.session
            and self.edition_id
            and self.session.edition_id != self.edition_id
        ):
            raise ValidationError(
                {"session": _("This session belongs to another edition.")}
            )


class OutcomeReport(models.Model):
    """The organizers' report on their session; outcome documents are compiled from these."""

    session = models.OneToOneField(
        Session, models.PROTECT, related_name="outcome", verbose_name=_("session")
    )
    language = models.CharField(
        _("language of the text"),
        max_length=8,
        choices=settings.LANGUAGES,
        default="en",
    )
    summary = models.TextField(
        _("key points of the discussion"),
        max_length=12000,
        validators=[WordLimit(OUTCOME_WORDS)],
    )
    outcomes = models.TextField(
        _("outcomes and commitments"),
        blank=True,
        max_length=12000,
        validators=[WordLimit(OUTCOME_WORDS)],
    )
    outlook = models.TextField(
        _("vision for the action lines and the way ahead"),
        blank=True,
        max_length=12000,
        validators=[WordLimit(OUTCOME_WORDS)],
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("written by"),
    )
    source = models.TextField(_("source"), blank=True, max_length=2000)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    objects = OutcomeReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome report")
        verbose_name_plural = _("outcome reports")
        ordering = ["-updated_at", "-pk"]
        indexes = [models.Index(fields=["-updated_at", "-id"], name="outcome_order")]

    def __str__(self) -> str:
        return str(self.session)

    def get_absolute_url(self) -> str:
        return reverse("forum:outcome", args=[self.session_id])

    def publish(self, by: User | None) -> None:
        """Publish the report, once; the log says who did it. Raises MoveRefused for organizers
        of the session."""
        if self.published_at:
            return
        if is_own(self.session, by):
            raise NotYourMove(CONCERNED)
        self.published_at = timezone.now()
        self.save(update_fields=["published_at"])
        StatusChange.objects.create(
            record_kind="forum.outcomereport",
            record_id=self.pk,
            move="publish",
            source="draft",
            target="published",
            by=by,
        )
