"""Account recovery for people who have lost both the authenticator app and the recovery codes."""

from datetime import timedelta
from typing import Any, Self

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core import signing
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import OWNER, STAFF_ROLES
from accounts.second_factor.workflow import (
    OPEN_RESETS,
    RESET_WORKFLOW,
    STAFF,
    ResetStatus,
)
from common.mail import outbox
from common.moves.actors import AnyUser
from common.moves.models import Moved, StatusChange
from common.moves.workflow import MoveRefused, status_check

SALT = "accounts.factor_reset"


def waiting_time() -> timedelta:
    return timedelta(hours=settings.FACTOR_RESET_HOURS)


class FactorResetQuerySet(models.QuerySet["FactorReset"]):
    def open(self) -> Self:
        return self.filter(status__in=OPEN_RESETS)

    def queue(self) -> Self:
        """Requests that wait for an officer, oldest first."""
        waiting = self.filter(status__in=(ResetStatus.ASKED, ResetStatus.CHECKED))
        return waiting.order_by("asked_at", "pk")

    def due(self) -> Self:
        return self.filter(status=ResetStatus.APPROVED, due_at__lte=timezone.now())

    def with_token(self, token: str) -> "FactorReset | None":
        """The request that the link of a mail belongs to; None for a forged link."""
        try:
            pk = signing.loads(token, salt=SALT)
        except signing.BadSignature:
            return None
        return self.select_related("user").filter(pk=pk).first()


class FactorReset(Moved):
    """Somebody who knows the password asks to have two-step verification removed.

    Two officers other than the person confirm the identity, each with a note on how it was checked.
    Then a waiting period runs, during which anybody who reads the account's mail can stop it.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="factor_resets",
        verbose_name=_("account"),
    )
    explanation = models.TextField(_("what happened"), max_length=1000, blank=True)
    WORKFLOW = RESET_WORKFLOW
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=ResetStatus.choices,
        default=ResetStatus.ASKED,
        editable=False,
    )
    identity = models.TextField(
        _("how the identity was checked (first officer)"), blank=True
    )
    identity_again = models.TextField(
        _("how the identity was checked (second officer)"), blank=True
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now, editable=False)
    due_at = models.DateTimeField(
        _("the waiting time ends at"), null=True, editable=False
    )
    done_at = models.DateTimeField(_("done at"), null=True, editable=False)

    objects = FactorResetQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to reset two-step verification")
        verbose_name_plural = _("requests to reset two-step verification")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            status_check(ResetStatus.values, "factor_reset_status"),
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(status__in=OPEN_RESETS),
                name="factor_reset_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_status_display()}"

    def roles_of(self, user: AnyUser) -> set[str]:
        """The person can stop the request; an officer decides once, and never on their own
        account."""
        if not user.is_authenticated:
            return super().roles_of(user)
        if user.pk == self.user_id:
            return {OWNER}
        if not user.roles & STAFF_ROLES:
            return set()
        if self.status == ResetStatus.CHECKED and self.history().filter(
            move="check", by=user
        ):
            return set()
        return set(STAFF & user.roles)

    # --- what the moves do ------------------------------------------------------------------

    def require_identity(self) -> None:
        note = (
            self.identity if self.status == ResetStatus.ASKED else self.identity_again
        )
        if not note.strip():
            raise MoveRefused(_("Write how the identity of the person was checked."))

    def require_over(self) -> None:
        if self.due_at is None or self.due_at > timezone.now():
            raise MoveRefused(_("The waiting time is not over yet."))

    def begin_waiting(self, change: StatusChange) -> None:
        self.due_at = timezone.now() + waiting_time()
        self.save(update_fields=["due_at"])
        self.tell(change)

    def remove_factors(self, change: StatusChange) -> None:
        """From now on the password alone opens the account; all its sessions are ended."""
        Authenticator.objects.filter(user=self.user_id).delete()
        for session in UserSession.objects.filter(user=self.user_id):
            session.end()
        self.tell(change)

    # --- mails ------------------------------------------------------------------------------

    @property
    def stop_path(self) -> str:
        return reverse("factor-reset-stop", args=[signing.dumps(self.pk, salt=SALT)])

    def mail_context(self, change: StatusChange | None = None) -> dict[str, Any]:
        """The context of a mail about the request; its link is in the reader's language."""
        return {
            "reset": self,
            "change": change,
            "hours": settings.FACTOR_RESET_HOURS,
            "stop": f"{settings.SITE_URL}{self.stop_path}",
            "is_open": self.status in OPEN_RESETS,
        }

    def tell(self, change: StatusChange | None = None) -> None:
        """Write to every address of the account, so that a stolen mailbox is not enough to stay
        unnoticed."""
        person = self.user
        template = f"account/factor_reset_{self.status}"
        sent = outbox.send(template, person, lambda: self.mail_context(change))
        if sent is None:
            return
        confirmed = EmailAddress.objects.filter(user=person, verified=True)
        for address in confirmed.exclude(email=person.email).values_list(
            "email", flat=True
        ):
            outbox.queue(address, sent.subject, sent.body)
