"""Ownership requests: a member asks to become the owner of a project; the secretariat decides."""

from typing import Any, Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.db import models, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import OWNER, STAFF_ROLES
from accounts.user.models import User
from common.mail import outbox
from common.moves.actors import AnyUser
from common.moves.models import Moved, StatusChange
from common.moves.workflow import MoveRefused, status_check
from stocktaking.base.workflow import Status
from stocktaking.former_owner.models import pass_on
from stocktaking.ownership.workflow import (
    OWNERSHIP_WORKFLOW,
    OwnershipStatus,
)
from stocktaking.project.models import Project

SALT = "stocktaking.ownership"


class OwnershipRequestQuerySet(models.QuerySet["OwnershipRequest"]):
    def visible_to(self, user: AnyUser) -> Self:
        """One's own requests; all of them for the secretariat."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_secretariat else self.filter(by=user)

    def queue(self) -> Self:
        """Requests that wait for the secretariat, oldest first."""
        waiting = self.filter(status=OwnershipStatus.OPEN, by__is_active=True)
        return waiting.select_related("project", "by").order_by("created_at", "pk")

    def for_owner(self, owner: User | None) -> Self:
        """Open requests for this person's projects, oldest first."""
        return self.queue().filter(project__owner=owner)

    @transaction.atomic
    def ask(self, project: Project, by: User | None, reason: str) -> "OwnershipRequest":
        """Create a request and notify the owner and the secretariat. Raises IntegrityError when
        this person has an open one."""
        ownership_request = self.create(project=project, by=by, reason=reason)
        ownership_request.tell_owner()
        ownership_request.tell_staff()
        return ownership_request

    def signed(self, token: str) -> "tuple[OwnershipRequest, Any] | None":
        """The open request that a link in a mail stands for, with the owner to whom it was sent;
        None for a forged link, after the decision, and when the project has another owner."""
        try:
            pk, owner = signing.loads(token, salt=SALT)
        except (signing.BadSignature, TypeError, ValueError):
            return None
        ownership_request = self.queue().filter(pk=pk, project__owner=owner).first()
        return (
            (ownership_request, ownership_request.project.owner)
            if ownership_request
            else None
        )


class Answer(models.TextChoices):
    AGREED = "agreed", _("The owner agrees")
    OBJECTED = "objected", _("The owner objects")


class OwnershipRequest(Moved):
    """A member asks to become the owner of a published project; granting it makes them the
    owner."""

    project = models.ForeignKey(
        "stocktaking.Project",
        models.PROTECT,
        related_name="ownership_requests",
        verbose_name=_("project"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="ownership_requests",
        verbose_name=_("by"),
    )
    reason = models.TextField(_("reason"), max_length=2000)
    WORKFLOW = OWNERSHIP_WORKFLOW
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=OwnershipStatus.choices,
        default=OwnershipStatus.OPEN,
        editable=False,
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    # the owner's answer, by the link in the mail
    answer = models.CharField(
        _("answer of the owner"),
        max_length=8,
        choices=Answer.choices,
        blank=True,
        default="",
        editable=False,
    )
    answer_text = models.TextField(
        _("in the owner's words"),
        max_length=2000,
        blank=True,
        default="",
        editable=False,
    )
    answered_at = models.DateTimeField(
        _("answered at"), null=True, blank=True, editable=False
    )
    # after a grant: what an undo needs
    former_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("owner before"),
    )
    former = models.JSONField(
        _("contact and co-editors before"), default=dict, blank=True, editable=False
    )
    granted_at = models.DateTimeField(
        _("granted at"), null=True, blank=True, editable=False
    )
    refused_at = models.DateTimeField(
        _("rejected at"), null=True, blank=True, editable=False
    )

    objects = OwnershipRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("ownership request")
        verbose_name_plural = _("ownership requests")
        ordering = ["-created_at", "-pk"]
        constraints = [
            status_check(OwnershipStatus.values, "ownership_status"),
            models.UniqueConstraint(
                fields=["project", "by"],
                condition=Q(status=OwnershipStatus.OPEN),
                name="ownership_once",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "created_at", "id"], name="ownership_queue"),
            models.Index(fields=["-created_at", "-id"], name="ownership_order"),
        ]

    def __str__(self) -> str:
        return f"{self.project}: {self.by}"

    def get_absolute_url(self) -> str:
        return reverse("stocktaking:ownership-request", args=[self.pk])

    def rival_at(self, project: Project) -> "OwnershipRequest | None":
        """The open request of the same person for another record, for a merge."""
        if self.status != OwnershipStatus.OPEN:
            return None
        return OwnershipRequest.objects.filter(
            project=project, by=self.by_id, status=OwnershipStatus.OPEN
        ).first()

    def outranks(self, other: "OwnershipRequest") -> bool:
        return False

    def roles_of(self, user: AnyUser) -> set[str]:
        """The person who asks is the owner of the request. Nobody decides on their own request,
        nor on one for their own project."""
        if not user.is_authenticated:
            return super().roles_of(user)
        if user.pk == self.by_id:
            return {OWNER}
        return self.project.roles_of(user) - {OWNER}

    # --- the owner's answer ---

    def answer_url(self) -> str:
        """The page where the present owner answers, signed in or not."""
        token = signing.dumps([self.pk, self.project.owner_id], salt=SALT)
        return reverse("stocktaking:ownership-answer", args=[token])

    def tell_owner(self) -> None:
        owner = self.project.owner
        if owner and owner.is_active:
            context = {"ownership_request": self, "project": self.project}
            outbox.send("stocktaking/ownership_requested", owner, context)

    def tell_staff(self) -> None:
        """Write to the address of the secretariat or, where none is set, to each of its members."""
        context = {"ownership_request": self, "project": self.project}
        template = "stocktaking/ownership_waits"
        if settings.CONTACT_EMAIL:
            more = {"to": gettext("secretariat"), "site": settings.SITE_URL}
            text: str = render_to_string(f"mail/{template}.txt", {**context, **more})
            subject, _newline, body = text.strip().partition("\n")
            outbox.queue(settings.CONTACT_EMAIL, subject, body)
            return
        staff = get_user_model()._default_manager.filter(
            groups__name__in=STAFF_ROLES, is_active=True
        )
        for user in staff.distinct().order_by("pk"):
            outbox.send(template, user, context)

    def keep_answer(self, answer: str, text: str) -> None:
        self.answer, self.answer_text, self.answered_at = answer, text, timezone.now()
        self.save(update_fields=["answer", "answer_text", "answered_at"])
        self.tell_staff()

    # --- the decision ---

    def require_grantable(self) -> None:
        """Raises MoveRefused when the person has left or the project is not public."""
        if not self.by.is_active:
            raise MoveRefused(_("The account of this person is closed."))
        if self.project.status != Status.PUBLISHED:
            raise MoveRefused(_("The project is not public any more."))

    def require_undoable(self) -> None:
        """Raises MoveRefused once the project has got another owner."""
        if not self.by.is_active:
            raise MoveRefused(_("The account of this person is closed."))
        if (
            self.status == OwnershipStatus.GRANTED
            and self.project.owner_id != self.by_id
        ):
            raise MoveRefused(_("The project has another owner by now."))
        again = OwnershipRequest.objects.filter(project=self.project_id, by=self.by_id)
        if again.filter(status=OwnershipStatus.OPEN).exists():
            raise MoveRefused(_("This person has asked again in the meantime."))

    def hand_over(self, change: StatusChange) -> None:
        """Make the person the owner, and notify both."""
        self._hand_over(change.by)
        self.tell_requester(change)
        self.tell_former_owner("stocktaking/ownership_passed", change)

    def take_back(self, change: StatusChange) -> None:
        """Reopen the request; a granted project goes back to its former owner."""
        if change.source == OwnershipStatus.GRANTED:
            self._give_back(change.by)
            self.tell_former_owner("stocktaking/ownership_returned", change)
        self.tell_requester(change)

    def tell_former_owner(self, template: str, change: StatusChange) -> None:
        owner = self.former_owner
        if owner and owner.is_active and owner != change.by:
            context = {
                "ownership_request": self,
                "project": self.project,
                "change": change,
            }
            outbox.send(template, owner, context)

    def tell_requester(self, change: StatusChange) -> None:
        if self.by.is_active:
            context = {
                "ownership_request": self,
                "project": self.project,
                "change": change,
            }
            outbox.send(f"stocktaking/ownership_{change.target}", self.by, context)

    def _hand_over(self, by: User | None) -> None:
        """Change the owner of the project; call inside the transaction.

        Drafts, messages and files that were never public stay with the former owner. The new owner
        becomes the contact person, and co-editors lose their access.
        """
        project = Project.objects.select_for_update().get(pk=self.project_id)
        closed = self._close_open(project, by)
        standing = project.coeditors.filter(revoked_at=None)
        self.former_owner = project.owner
        self.former = {
            "contact_name": project.contact_name,
            "contact_email": project.contact_email,
            "coeditors": list(standing.values_list("pk", flat=True)),
            **closed,
        }
        standing.update(revoked_at=timezone.now())
        pass_on(project, project.owner, self.by)
        project.owner = self.by
        project.contact_name = self.by.get_full_name()[:150]
        project.contact_email = self.by.email
        project.save(update_fields=["owner", "contact_name", "contact_email"])
        self.save(update_fields=["former_owner", "former"])

    def _give_back(self, by: User | None) -> None:
        """Restore the former owner and what they had; call inside the transaction."""
        project = Project.objects.select_for_update().get(pk=self.project_id)
        former = self.former
        self._close_open(project, by)
        project.coeditors.filter(revoked_at=None).update(revoked_at=timezone.now())
        owner = (
            self.former_owner
            if self.former_owner and self.former_owner.is_active
            else None
        )
        pass_on(project, self.by, owner)
        project.owner = owner
        project.contact_name = former.get("contact_name", "")
        project.contact_email = former.get("contact_email", "")
        project.save(update_fields=["owner", "contact_name", "contact_email"])
        if owner:
            project.coeditors.filter(pk__in=former.get("coeditors", [])).update(
                revoked_at=None
            )
            for name in ("revisions", "texts"):
                for row in getattr(project, name).filter(pk__in=former.get(name, [])):
                    row.move("reopen", by)
        self.former = {}
        self.save(update_fields=["former"])

    @staticmethod
    def _close_open(project: Project, by: User | None) -> dict[str, list[int]]:
        """Close open revisions and texts of the project; returns their ids."""
        closed: dict[str, list[int]] = {}
        for name in ("revisions", "texts"):
            rows = list(getattr(project, name).open())
            closed[name] = [row.pk for row in rows]
            for row in rows:
                row.move("close", by)
        return closed
