"""Invitations to a seat on a panel: staff ask by mail, and who accepts is seated at once."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.core import signing
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import Role
from common.mail.outbox import send
from prizes.contest.models import Contest, Phase
from prizes.entry.querysets import REVIEWERS
from prizes.panel.models import Panel, PanelMember

SALT = "prizes.invitation"
LINK_LASTS = datetime.timedelta(days=365)
PAUSE = datetime.timedelta(days=3)  # nobody is asked or reminded more often


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def of_contest(self, contest: Contest) -> Self:
        return self.filter(panel__category__contest=contest)

    def unanswered(self) -> Self:
        return self.filter(answered_at=None)

    def to_ask(self) -> Self:
        """Not asked yet."""
        return self.unanswered().filter(asked_at=None)

    def waiting(self) -> Self:
        """Asked, without an answer."""
        return self.unanswered().exclude(asked_at=None)

    def may_be_asked(self) -> Self:
        """Not asked in the last three days, of people with an open account."""
        rested = Q(asked_at=None) | Q(asked_at__lte=Now() - PAUSE)
        return self.unanswered().filter(rested, expert__is_active=True)

    def for_answers(self) -> Self:
        return self.select_related("panel__category__action_line").order_by(
            "panel__category__number", "pk"
        )


class Invitation(models.Model):
    """A seat that a person is asked to take; the row stays when it is answered."""

    panel = models.ForeignKey(
        Panel, models.CASCADE, related_name="invitations", verbose_name=_("panel")
    )
    expert = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="panel_invitations",
        verbose_name=_("expert"),
    )
    is_chair = models.BooleanField(_("chair"), default=False)
    asked_at = models.DateTimeField(
        _("asked last at"), null=True, blank=True, editable=False
    )
    answered_at = models.DateTimeField(
        _("answered at"), null=True, blank=True, editable=False
    )
    accepted = models.BooleanField(_("accepted"), null=True, blank=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to a panel")
        verbose_name_plural = _("invitations to panels")
        ordering = ["panel", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "expert"],
                name="invitation_once",
                violation_error_message=_(
                    "This person is invited to the panel already."
                ),
            ),
            models.CheckConstraint(
                condition=Q(accepted=None, answered_at=None)
                | Q(accepted__isnull=False, answered_at__isnull=False),
                name="invitation_answer_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.panel}: {self.expert}"

    @transaction.atomic
    def answer(self, *, accepts: bool) -> bool:
        """Accept, which seats the person and gives the role of expert, or decline. The first
        answer stands; returns whether this was it."""
        rows = Invitation.objects.unanswered().filter(pk=self.pk)
        if not rows.update(accepted=accepts, answered_at=Now()):
            return False
        if accepts:
            self._seat()
        return True

    def _seat(self) -> None:
        """As an ordinary member when the panel has got another chair meanwhile."""
        panel = Panel.objects.select_for_update().get(pk=self.panel_id)
        is_chair = self.is_chair and not panel.seats.filter(is_chair=True).exists()
        PanelMember.objects.get_or_create(
            panel=panel, expert=self.expert, defaults={"is_chair": is_chair}
        )
        if not self.expert.roles & REVIEWERS:
            self.expert.grant(Role.EXPERT)


@transaction.atomic
def ask(invitations: InvitationQuerySet) -> tuple[int, int]:
    """Ask by mail, or remind: one mail for each person with all seats of a contest. Safe to repeat:
    whoever was asked in the last three days is left alone.

    Returns how many mails were written, and how many invitations were left out.
    """
    asked = invitations.count()
    chosen = Invitation.objects.filter(pk__in=invitations.values("pk")).may_be_asked()
    rows = list(
        chosen.select_for_update(of=("self",))
        .select_related("panel__category__contest", "expert")
        .for_answers()
    )
    by_person: dict[tuple[int, int], list[Invitation]] = defaultdict(list)
    for row in rows:
        by_person[row.panel.category.contest_id, row.expert_id].append(row)
    for seats in by_person.values():
        contest = seats[0].panel.category.contest
        send("prizes/panel_invitation", seats[0].expert, context_of(contest, seats))
    Invitation.objects.filter(pk__in=[row.pk for row in rows]).update(asked_at=Now())
    return len(by_person), asked - len(rows)


def context_of(contest: Contest, seats: Iterable[Invitation]) -> dict[str, Any]:
    """What the mail is told."""
    seats = list(seats)
    return {
        "contest": contest,
        "seats": seats,
        "work": contest.phase(Phase.Kind.NOMINATION),
        "token": token_of(contest.pk, seats[0].expert_id),
    }


def token_of(contest: int, expert: int) -> str:
    """Of the address, for mails only, at which a person answers without signing in."""
    return signing.dumps([contest, expert], salt=SALT)


def of_link(token: str) -> InvitationQuerySet | None:
    """The invitations behind a link, answered ones too; None when it was in no mail of ours or is
    outdated."""
    try:
        contest, expert = signing.loads(token, salt=SALT, max_age=LINK_LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return (
        Invitation.objects.filter(
            panel__category__contest=contest, expert=expert, expert__is_active=True
        )
        .exclude(asked_at=None)
        .for_answers()
    )
