"""Texts of a project in languages other than the one it was written in.

The original is the project itself. A text that people wrote is public once the secretariat has
approved it; a machine translation is imported and marked as such wherever it is shown.
"""

from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.mail import outbox
from common.moves.actors import AnyUser
from common.moves.models import Moved, StatusChange
from common.moves.workflow import MoveRefused, status_check
from common.records.models import Change
from stocktaking.base.workflow import Status
from stocktaking.former_owner.models import OwnersOwn, readable_by
from stocktaking.project.content import texts_hash
from stocktaking.project.description import Texts
from stocktaking.project.fields import TEXT_FIELDS
from stocktaking.project.models import Project
from stocktaking.text.workflow import (
    OPEN_TEXTS,
    PUBLIC_TEXTS,
    TEXT_WORKFLOW,
    TextStatus,
)

MACHINE = (TextStatus.DRAFT, TextStatus.SHOWN, TextStatus.WITHDRAWN)
NOT_PUBLIC = _("Only a published project can have texts in other languages.")


class ProjectTextQuerySet(models.QuerySet["ProjectText"]):
    def public(self) -> Self:
        """Approved texts and machine translations: at most one of each per language."""
        return self.filter(status__in=PUBLIC_TEXTS)

    def open(self) -> Self:
        """Being written or reviewed: at most one per project and language."""
        return self.filter(kind="human", status__in=OPEN_TEXTS)

    def queue(self) -> Self:
        """Texts that wait for the secretariat, oldest first."""
        waiting = self.filter(status=TextStatus.SUBMITTED).select_related("project")
        return waiting.order_by("submitted_at", "pk")

    def visible_to(self, user: AnyUser) -> Self:
        """Texts for the people of the project and the secretariat; drafts for the former only."""
        if not user.is_authenticated:
            return self.none()
        own = Q(project__in=Project.objects.written_by(user))
        own &= readable_by(user) | Q(status__in=PUBLIC_TEXTS)
        if user.is_secretariat:
            return self.filter(own | ~Q(status=TextStatus.DRAFT))
        return self.filter(own)

    def refuse_misplaced(self, project: Project, language: str) -> None:
        """Raises MoveRefused for a project that is not public or was written in this language."""
        if project.status != Status.PUBLISHED:
            raise MoveRefused(NOT_PUBLIC)
        if language == project.language:
            raise MoveRefused(_("The project itself is written in this language."))

    @transaction.atomic
    def keep_machine(
        self,
        project: Project,
        language: str,
        texts: dict[str, str],
        engine: str,
        by: Any = None,
    ) -> bool:
        """Store a machine translation in place of the earlier one; returns whether anything
        changed. Raises ValidationError, and MoveRefused when the project is not public or was
        written in this language."""
        locked = Project.objects.select_for_update().get(pk=project.pk)
        self.refuse_misplaced(locked, language)
        published = self.filter(
            project=locked, language=language, status=TextStatus.SHOWN
        ).first()
        kept = published or ProjectText(
            project=locked,
            language=language,
            kind=ProjectText.Kind.MACHINE,
            status=TextStatus.SHOWN,
        )
        values = {name: texts.get(name, "") for name in TEXT_FIELDS}
        values |= {"engine": engine, "original": texts_hash(locked)}
        if all(getattr(kept, name) == value for name, value in values.items()):
            return False
        for name, value in (values | {"by": by, "based_on": locked.version}).items():
            setattr(kept, name, value)
        kept.full_clean()
        kept.save()
        StatusChange.objects.create(
            record_kind="stocktaking.projecttext",
            record_id=kept.pk,
            move="show",
            source=TextStatus.SHOWN if published else TextStatus.DRAFT,
            target=TextStatus.SHOWN,
            by=by,
            note=engine,
        )
        kept.tell_readers(by)
        return True


class ProjectText(Moved, OwnersOwn, Texts):
    """The text of a project in another language."""

    class Kind(models.TextChoices):
        HUMAN = "human", _("translation by people")
        MACHINE = "machine", _("machine translation")

    project = models.ForeignKey(
        "stocktaking.Project",
        models.PROTECT,
        related_name="texts",
        verbose_name=_("project"),
    )
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    kind = models.CharField(
        _("kind"), max_length=8, choices=Kind.choices, default=Kind.HUMAN
    )
    title = models.CharField(_("title"), max_length=250, blank=True)
    based_on = models.PositiveIntegerField(_("version of the original"))
    original = models.CharField(_("SHA-256 of the original's texts"), max_length=64)
    engine = models.CharField(
        _("machine"),
        max_length=100,
        blank=True,
        help_text=_("The software that made a machine translation."),
    )
    WORKFLOW = TEXT_WORKFLOW
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=TextStatus.choices,
        default=TextStatus.DRAFT,
        editable=False,
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
    submitted_at = models.DateTimeField(
        _("submitted at"), null=True, blank=True, editable=False
    )
    approved_at = models.DateTimeField(
        _("approved at"), null=True, blank=True, editable=False
    )
    refused_at = models.DateTimeField(
        _("rejected at"), null=True, blank=True, editable=False
    )
    withdrawn_at = models.DateTimeField(
        _("withdrawn at"), null=True, blank=True, editable=False
    )

    objects = ProjectTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text in another language")
        verbose_name_plural = _("texts in other languages")
        ordering = ["-updated_at", "-pk"]
        constraints = [
            status_check(TextStatus.values, "project_text_status"),
            # a machine's text is never approved as if people had written it, and the reverse
            models.CheckConstraint(
                condition=Q(kind="human") & ~Q(status=TextStatus.SHOWN)
                | Q(kind="machine", status__in=MACHINE),
                name="project_text_kind",
            ),
            models.UniqueConstraint(
                fields=["project", "language"],
                condition=Q(kind="human", status__in=OPEN_TEXTS),
                name="project_text_one_open",
            ),
            models.UniqueConstraint(
                fields=["project", "language"],
                condition=Q(status=TextStatus.APPROVED),
                name="project_text_one_approved",
            ),
            models.UniqueConstraint(
                fields=["project", "language"],
                condition=Q(status=TextStatus.SHOWN),
                name="project_text_one_shown",
            ),
        ]
        indexes = [
            models.Index(
                fields=["status", "submitted_at", "id"], name="project_text_queue"
            ),
            models.Index(fields=["-updated_at", "-id"], name="project_text_order"),
        ]

    @property
    def is_public(self) -> bool:
        return self.status in PUBLIC_TEXTS

    def __str__(self) -> str:
        return self.title or str(self.get_language_display())

    def get_absolute_url(self) -> str:
        return reverse("stocktaking:text", args=[self.pk])

    @property
    def is_older(self) -> bool:
        """Whether the original has changed since this text was made."""
        return self.original != texts_hash(self.project)

    @property
    def is_machine(self) -> bool:
        return self.kind == self.Kind.MACHINE

    def keep(self, user: User) -> "ProjectText":
        """Store what somebody has written beside the present original; a new one is theirs.
        Raises MoveRefused when the project is not public or was written in this language."""
        locked = Project.objects.select_for_update().get(pk=self.project_id)
        ProjectText.objects.refuse_misplaced(locked, self.language)
        self.by = self.by or user
        self.based_on, self.original = locked.version, texts_hash(locked)
        self.save()
        return self

    def roles_of(self, user: AnyUser) -> set[str]:
        return self.project.roles_of(user)

    def move(self, name: str, user: AnyUser, note: str = "") -> Self:
        """Make one move of the table; an approval replaces the text before it. Raises
        MoveRefused."""
        with transaction.atomic():
            Project.objects.select_for_update().get(pk=self.project_id)
            if name == "approve":
                others = ProjectText.objects.filter(
                    project=self.project_id, language=self.language
                )
                for standing in others.filter(status=TextStatus.APPROVED).exclude(
                    pk=self.pk
                ):
                    Moved.move(standing, "replace", user)
            return super().move(name, user, note)

    def require_ready(self) -> None:
        """Raises MoveRefused unless the project is public and title and description are there."""
        ProjectText.objects.refuse_misplaced(self.project, self.language)
        if self.is_machine:
            raise MoveRefused(
                _(
                    "This text is a machine translation: it is marked as such and cannot be "
                    "approved."
                )
            )
        if not self.title or (self.project.summary and not self.summary):
            raise MoveRefused(_("Enter the title and the short description first."))

    def require_machine(self) -> None:
        """Raises MoveRefused for a text that people wrote: it is approved, not shown as a
        machine's."""
        if not self.is_machine:
            raise MoveRefused(
                _(
                    "This text was written by people: the secretariat approves it instead."
                )
            )

    def now_public(self, change: StatusChange) -> None:
        """Publish the text: the project's next version, and its row in the log."""
        self.tell_readers(change.by)
        self.tell_writer(change)

    def tell_writer(self, change: StatusChange) -> None:
        owner = self.project.owner
        if owner and owner != change.by:
            context = {"text": self, "project": self.project, "change": change}
            outbox.send(f"stocktaking/text_{change.target}", owner, context)

    def tell_readers(self, by: User | None) -> None:
        """Write the project's next version and its row in the change log; inside the
        transaction."""
        project = Project.objects.select_for_update().get(pk=self.project_id)
        if project.status == Status.PUBLISHED:
            project.record_change(Change.Kind.UPDATE, by=by)
