"""Questions about registrations."""

from typing import TYPE_CHECKING, Self

from allauth.account.models import EmailAddress
from django.db import models
from django.db.models.functions import Concat, Trim

from common.moves.actors import AnyUser
from common.moves.models import StatusChange
from common.text.collation import InReadersOrder
from forum.edition.models import Edition, today
from forum.registration.delegation import FocalPoint
from forum.registration.workflow import HOLDING, LIVE, RegistrationStatus

if TYPE_CHECKING:
    from forum.registration.models import Registration  # noqa: F401

# Names of rows in the log that change no status.
REGISTER, EDIT, CLAIM = "register", "edit", "claim"


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def visible_to(self, user: AnyUser) -> Self:
        if not user.is_authenticated:
            return self.none()
        return self if user.is_secretariat else self.of(user)

    def of(self, user: AnyUser) -> Self:
        """One's own, and those of the delegations of which one is a focal point."""
        delegations = FocalPoint.objects.filter(user=user.pk).values("delegation")
        return self.filter(
            models.Q(user=user.pk) | models.Q(delegation__in=delegations)
        )

    def editable_by(self, user: AnyUser) -> Self:
        """Those that a person may still change: live ones of editions that are not over."""
        if not user.is_authenticated:
            return self.none()
        return self.live().not_over().of(user)

    def claimable_by(self, user: AnyUser) -> Self:
        """Those that were made for a confirmed address of this person, who had no account."""
        if not user.is_authenticated:
            return self.none()
        addresses = EmailAddress.objects.filter(user=user, verified=True)
        return self.live().filter(
            user=None, email__in=addresses.values_list("email", flat=True)
        )

    def not_over(self) -> Self:
        """Of editions that end today or later, or at a day that is not known."""
        return self.exclude(edition__end_date__lt=today())

    def with_registrar(self) -> Self:
        """`registrar`: the name of who registered the person, "" for the portal and for people
        without a name; `registrar_id`: the account."""
        made = StatusChange.objects.filter(
            record_kind="forum.registration",
            record_id=models.OuterRef("pk"),
            move=REGISTER,
        )
        name = Trim(Concat("by__first_name", models.Value(" "), "by__last_name"))
        return self.annotate(
            registrar_id=models.Subquery(made.values("by")[:1]),
            registrar=models.Subquery(made.annotate(name=name).values("name")[:1]),
        )

    def listed_for(self, user: AnyUser, edition: Edition) -> Self:
        """The attendees of an edition that this reader may see: those who agreed to everybody,
        and for people who are registered, and staff, those who agreed to that."""
        rows = self.filter(edition=edition, status=RegistrationStatus.APPROVED).exclude(
            listed="hidden"
        )
        if user.is_authenticated and (
            user.is_secretariat
            or self.model._default_manager.filter(
                edition=edition, user=user.pk, status__in=HOLDING
            ).exists()
        ):
            return rows
        return rows.filter(listed="public")

    def by_name(self) -> Self:
        """In the order of the reader's alphabet; `sort_name` is the key of a page's cursor."""
        return self.annotate(sort_name=InReadersOrder("name")).order_by(
            "sort_name", "pk"
        )

    def live(self) -> Self:
        return self.filter(status__in=LIVE)

    def holding(self) -> Self:
        """Registrations that have a place of the capacity."""
        return self.filter(status__in=HOLDING)

    def waiting(self) -> Self:
        """The waiting list, in order."""
        return self.filter(status=RegistrationStatus.WAITLISTED).order_by(
            "waitlisted_at", "pk"
        )
