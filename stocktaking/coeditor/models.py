"""Co-editors: people whom the owner of a project lets edit it; only the owner submits."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.mail.addresses import AddressField
from common.mail.links import digest, new_token
from stocktaking.project.models import Project

INVITATION_LASTS = datetime.timedelta(days=14)
AT_MOST = 10  # co-editors of one project


class CoEditorQuerySet(models.QuerySet["CoEditor"]):
    def standing(self) -> Self:
        return self.filter(revoked_at=None)

    def invite(
        self, project: Project, email: str, by: User | None
    ) -> tuple["CoEditor", str]:
        """A new invitation and its token, which is only in the mail; replaces an older one to
        the same address."""
        self.filter(project=project, email=email, user=None).delete()
        token = new_token()
        made = self.create(
            project=project,
            email=email,
            token=digest(token),
            by=by,
            expires_at=timezone.now() + INVITATION_LASTS,
        )
        return made, token

    def waiting_with(self, token: str) -> Self:
        """The invitation with this token, unless it is used or expired."""
        return self.standing().filter(
            token=digest(token), user=None, expires_at__gt=timezone.now()
        )

    def waiting_for(self, user: User) -> Self:
        """Open invitations to this person's address."""
        rows = self.standing().filter(user=None, expires_at__gt=timezone.now())
        return rows.filter(email=user.email)

    @transaction.atomic
    def accept(self, token: str, user: User) -> "CoEditor | None":
        """Accept an invitation, once; the person with the link counts as the invited one."""
        invitation = self.waiting_with(token).select_for_update(of=("self",)).first()
        if invitation is None or invitation.project.owner_id == user.pk:
            return None
        coeditor = (
            self.standing().filter(project=invitation.project_id, user=user).first()
        )
        if coeditor:
            invitation.delete()
            return coeditor
        invitation.user, invitation.accepted_at = user, timezone.now()
        invitation.save(update_fields=["user", "accepted_at"])
        return invitation


class CoEditor(models.Model):
    """An invitation by e-mail and, once accepted, a person who may edit the project."""

    project = models.ForeignKey(
        "stocktaking.Project",
        models.CASCADE,
        related_name="coeditors",
        verbose_name=_("project"),
    )
    email = AddressField(_("invited address"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="coedited",
        verbose_name=_("person"),
    )
    token = models.CharField(
        _("SHA-256 of the token"), max_length=64, unique=True, editable=False
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("invited by"),
    )
    created_at = models.DateTimeField(_("invited at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("the invitation ends at"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = CoEditorQuerySet.as_manager()

    class Meta:
        verbose_name = _("co-editor")
        verbose_name_plural = _("co-editors")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user"],
                condition=Q(revoked_at=None),
                name="coeditor_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user or self.email)

    def rival_at(self, project: Project) -> "CoEditor | None":
        """The same person as co-editor of another record, for a merge."""
        if self.user_id is None or self.revoked_at:
            return None
        return (
            CoEditor.objects.standing()
            .filter(project=project, user=self.user_id)
            .first()
        )

    def outranks(self, other: "CoEditor") -> bool:
        return False

    @property
    def has_ended(self) -> bool:
        return self.user_id is None and self.expires_at <= timezone.now()

    def revoke(self) -> None:
        self.revoked_at = timezone.now()
        self.save(update_fields=["revoked_at"])
