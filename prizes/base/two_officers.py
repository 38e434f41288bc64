"""Decisions that need two officers: one proposes, another one confirms or dismisses."""

from typing import Any, ClassVar, Literal, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.second_factor.session import could_use
from accounts.user.models import User
from common.moves.workflow import CONCERNED, MoveRefused

DECIDES = "prizes.change_contest"  # the permission of those who run a contest


SECOND_PERSON = _("A second person must confirm.")


FIRST_GONE = _(
    "Who proposed this may not decide here any more. Dismiss the proposal and propose it anew."
)


class TwoOfficersQuerySet(models.QuerySet[Any]):
    def open(self) -> Self:
        """Proposals that a second officer has to confirm or dismiss."""
        return self.filter(confirmed_at=None, dismissed_at=None)


def _by(verb: Any, **more: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=verb,
        **more,
    )


class TwoOfficers(models.Model):
    """What is the same for each kind of such a decision.

    A kind says which entries it is about (`rivals`) and what else has to be so. That both officers
    are two persons is asked here, and kept by the database (two_officers.sql).
    """

    POWER: ClassVar[str] = DECIDES  # the permission that both need
    REFUSED: ClassVar[type[Exception]] = MoveRefused
    DECIDED: ClassVar[Promise] = _("This proposal is decided already.")
    READ_WITH: ClassVar[tuple[str, ...]] = ()  # relations of a locked proposal

    proposed_by = _by(_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed at"), auto_now_add=True)
    confirmed_by = _by(_("confirmed by"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    dismissed_by = _by(_("dismissed by"), null=True, blank=True)
    dismissed_at = models.DateTimeField(_("dismissed at"), null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")),
                name="%(class)s_by_two",
                violation_error_message=SECOND_PERSON,
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="%(class)s_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(dismissed_at=None),
                name="%(class)s_ends_once",
            ),
        ]

    def rivals(self) -> Any:
        """The entries of the categories that the decision is about."""
        raise NotImplementedError

    def concerning(self, by: User) -> Any:
        """Those of them that keep this officer from deciding."""
        return self.rivals().concerning(by)

    # --- what is asked at both steps ---

    def require_impartial(self, by: User) -> None:
        """Nobody decides where an entry that concerns them competes. Raises REFUSED."""
        if self.concerning(by).exists():
            raise self.REFUSED(CONCERNED)

    def require_open(self) -> None:
        """Raises REFUSED."""
        if self.confirmed_at or self.dismissed_at:
            raise self.REFUSED(self.DECIDED)

    # --- the first step ---

    def propose(self, by: User) -> Self:
        """Raises REFUSED."""
        self.require_impartial(by)
        self.proposed_by = by
        self.save()
        return self

    # --- the second step ---

    def locked(self) -> Self:
        """The proposal as it is now, until the end of the transaction."""
        rows = type(self)._default_manager.select_for_update(of=("self",))
        return rows.select_related("proposed_by", *self.READ_WITH).get(pk=self.pk)

    def why_not_second(self, by: Any) -> Promise | str:
        """A sentence when this officer cannot be the second one, else ""."""
        if by.is_same_person(self.proposed_by):
            return SECOND_PERSON
        return "" if could_use(self.proposed_by, self.POWER) else FIRST_GONE

    def require_second(self, by: User) -> None:
        """What a confirmation needs, whatever it is about. Raises REFUSED."""
        self.require_open()
        if why := self.why_not_second(by):
            raise self.REFUSED(why)
        self.require_impartial(by)

    @transaction.atomic
    def dismiss(self, by: User) -> None:
        """Close it and leave all as it is. Raises REFUSED."""
        proposal = self.locked()
        proposal.require_open()
        proposal.require_impartial(by)
        proposal.end("dismissed", by)

    def end(
        self, how: Literal["confirmed", "dismissed"], by: User, **more: Any
    ) -> None:
        """Note who has decided, when by the clock of the database, and what belongs to it."""
        rows = type(self)._default_manager.filter(pk=self.pk)
        rows.update(**{f"{how}_by": by, f"{how}_at": Now()}, **more)
