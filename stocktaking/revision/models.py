"""Revisions: new versions of published projects, written by the owner, public once staff approve
them."""

from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.mail import outbox
from common.mail.models import OutgoingMail
from common.moves.actors import AnyUser
from common.moves.models import Moved, StatusChange
from common.moves.workflow import MoveRefused, status_check
from common.records.models import Change, RecordVersion
from stocktaking.base.workflow import MAIL_WAITS, WAITING, Status, require_just_decided
from stocktaking.former_owner.models import OwnersOwn, readable_by
from stocktaking.project.content import overlay, project_content, write
from stocktaking.project.fields import OF_ORGANIZATION
from stocktaking.project.models import Project
from stocktaking.revision.differences import Difference, differences
from stocktaking.revision.workflow import (
    OPEN_REVISIONS,
    REVISION_WORKFLOW,
    WAITING_REVISIONS,
    RevisionStatus,
)
from stocktaking.upkeep.models import Upkeep


class RevisionQuerySet(models.QuerySet["Revision"]):
    def open(self) -> Self:
        """Neither approved nor withdrawn: at most one per project."""
        return self.filter(status__in=OPEN_REVISIONS)

    def written_by(self, user: AnyUser) -> Self:
        """Revisions that this person may edit, whatever their status; others get 404."""
        return self.filter(
            readable_by(user), project__in=Project.objects.written_by(user)
        )

    def visible_to(self, user: AnyUser) -> Self:
        """Revisions for the owner of the project and the secretariat; drafts for the owner only."""
        if not user.is_authenticated:
            return self.none()
        own = Q(project__in=Project.objects.written_by(user)) & readable_by(user)
        if user.is_secretariat:
            return self.filter(own | ~Q(status=RevisionStatus.DRAFT))
        return self.filter(own)

    def at_desk(self) -> Self:
        """Revisions that wait for a decision; projects that wait themselves come first."""
        return self.filter(status__in=WAITING_REVISIONS)

    @transaction.atomic
    def begin(self, project: Project, user: AnyUser) -> "Revision":
        """The open revision of a published project, or a new one with the project's content."""
        locked = Project.objects.select_for_update().get(pk=project.pk)
        if locked.status != Status.PUBLISHED:
            raise MoveRefused(_("Only a published project can have new versions."))
        revision = self.filter(project=locked).open().first()
        if revision:
            return revision
        content = project_content(locked)
        return self.create(
            project=locked,
            base_version=locked.version,
            base=content,
            content={**content},
            by=user,
        )


class Revision(Moved, OwnersOwn):
    """The next version of a published project. The public one stays until this one is approved.

    `content` is the present content of the form and `base` that at its beginning: approval changes
    only the fields between them that differ, so that a correction which staff make in the meantime
    is not lost.
    """

    project = models.ForeignKey(
        "stocktaking.Project",
        models.PROTECT,
        related_name="revisions",
        verbose_name=_("project"),
    )
    base_version = models.PositiveIntegerField(_("version it was begun from"))
    base = models.JSONField(_("content it was begun from"))
    content = models.JSONField(_("content"))
    replaced = models.JSONField(
        _("what the approval replaced"), default=dict, blank=True
    )
    WORKFLOW = REVISION_WORKFLOW
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=RevisionStatus.choices,
        default=RevisionStatus.DRAFT,
        editable=False,
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("begun by"),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    submitted_at = models.DateTimeField(
        _("submitted at"), null=True, blank=True, editable=False
    )
    approved_at = models.DateTimeField(
        _("approved at"), null=True, blank=True, editable=False
    )
    returned_at = models.DateTimeField(
        _("returned at"), null=True, blank=True, editable=False
    )
    withdrawn_at = models.DateTimeField(
        _("withdrawn at"), null=True, blank=True, editable=False
    )

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("new version of a project")
        verbose_name_plural = _("new versions of projects")
        ordering = ["-updated_at", "-pk"]
        constraints = [
            status_check(RevisionStatus.values, "revision_status"),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(status__in=OPEN_REVISIONS),
                name="revision_one_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["status", "submitted_at", "id"], name="revision_queue"
            ),
            models.Index(fields=["-updated_at", "-id"], name="revision_order"),
        ]

    def __str__(self) -> str:
        return str(self.content.get("title") or self.project)

    def get_absolute_url(self) -> str:
        return reverse("stocktaking:revision", args=[self.pk])

    def roles_of(self, user: AnyUser) -> set[str]:
        return self.project.roles_of(user)

    def draft(self) -> Project:
        """The project as the form shows it, in memory only; `keep` stores the result."""
        return overlay(Project.objects.for_page().get(pk=self.project_id), self.content)

    def proposed(self) -> Project:
        """The project as it would read once approved: in memory only."""
        return overlay(
            Project.objects.for_page().get(pk=self.project_id), self.changes()
        )

    def keep(self, draft: Project) -> None:
        """Store what the form has made of `draft`."""
        image: Any = draft.image
        if image and not image._committed:
            image.save(str(image.name), image.file, save=False)
        self.content = project_content(draft)
        self.save(update_fields=["content", "updated_at"])

    def changes(self) -> dict[str, Any]:
        """Fields that the writer has changed → their new values."""
        changed = differences(self.base, self.content)
        return {row.field: self.content[row.field] for row in changed}

    def differences(self) -> list[Difference]:
        """What approval would change in the public project, or did change."""
        if self.status not in OPEN_REVISIONS:
            return differences(self.base, self.content)
        now = project_content(self.project)
        return differences(now, now | self.changes())

    def overtaken(self) -> list[Difference]:
        """Fields that the writer and, since then, somebody else changed differently."""
        now, changes = project_content(self.project), self.changes()
        return [
            row
            for row in differences(self.base, now)
            if row.field in changes
            and differences({row.field: row.new}, {row.field: changes[row.field]})
        ]

    def require_ready(self) -> None:
        """Raises MoveRefused when nothing is changed or the project is not public any more, and
        ValidationError with a sentence per field that is missing or invalid."""
        if self.project.status != Status.PUBLISHED:
            raise MoveRefused(_("The project itself is no longer public."))
        if not self.changes():
            raise MoveRefused(_("Nothing has been changed yet."))
        self.proposed().require_complete()

    def replace_public(self, change: StatusChange) -> None:
        """Make the proposed content public, as the project's next version."""
        self.apply(change.by)
        self.tell_owner(change)

    def bring_back(self, change: StatusChange) -> None:
        """Withdraw the mail about the decision and restore the public content before it."""
        OutgoingMail.objects.withdraw(self.move_before(change))
        if change.source == RevisionStatus.APPROVED:
            self.take_out(change.by)

    def tell_owner(self, change: StatusChange) -> None:
        owner = self.project.owner
        if owner and owner != change.by:
            wait = MAIL_WAITS if change.source == RevisionStatus.SUBMITTED else None
            context = {"revision": self, "project": self.project, "change": change}
            template = f"stocktaking/revision_{change.target}"
            outbox.send(template, owner, context, cause=change, wait=wait)

    def apply(self, by: User | None) -> None:
        """Write the changes into the project, as its next version; call inside the transaction."""
        project = Project.objects.select_for_update().get(pk=self.project_id)
        if project.status != Status.PUBLISHED:
            raise MoveRefused(_("The project itself is no longer public."))
        changes, now = self.changes(), project_content(project)
        self.replaced = {name: now[name] for name in changes}
        self.save(update_fields=["replaced"])
        version = self._write(project, changes, by)
        if version is None:  # only what the public does not read, such as the contact
            Upkeep.objects.confirm(project, project.owner)

    def require_undoable(self) -> None:
        """Raises MoveRefused once the time for undo is over, or somebody has begun another
        version or changed the same field."""
        require_just_decided(self)
        project = Project.objects.get(pk=self.project_id)
        if Revision.objects.filter(project=project).open().exclude(pk=self.pk).exists():
            raise MoveRefused(_("Another new version has been started since."))
        now = project_content(project)
        written = {name: now[name] for name in self.replaced}
        approved = {name: self.content[name] for name in self.replaced}
        if differences(approved, written):
            raise MoveRefused(_("The project was changed again in the meantime."))

    def take_out(self, by: User | None) -> None:
        """Restore the content that approval had replaced, as another version."""
        if self.replaced:
            project = Project.objects.select_for_update().get(pk=self.project_id)
            self._write(project, self.replaced, by)
            self.replaced = {}
            self.save(update_fields=["replaced"])

    @staticmethod
    def _write(
        project: Project, content: dict[str, Any], by: User | None
    ) -> RecordVersion | None:
        write(project, content)
        if content.keys() & OF_ORGANIZATION:
            project.link_organization()
        return project.record_change(Change.Kind.UPDATE, by=by)


def subject_of(project: Project) -> Project | Revision:
    """What the desk decides about: the project itself, or its waiting new version."""
    if project.status in WAITING:
        return project
    return Revision.objects.at_desk().filter(project=project).first() or project


def proposed_by(subject: Project | Revision) -> Project:
    """The project as it would be public once approved; of a new version in memory only."""
    return subject.proposed() if isinstance(subject, Revision) else subject
