"""The list of one's votes by e-mail: on request, or once at the end for those who wish it."""

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common.mail import outbox
from prizes.contest.models import Contest, Phase

AT_ONCE = 200


class VoteListWish(models.Model):
    """Somebody wants the list of their votes, with receipts, when they have voted in all
    categories, at the latest when voting closes. It is sent once."""

    contest = models.ForeignKey(
        Contest,
        models.CASCADE,
        related_name="+",
        verbose_name=_("contest"),
        db_index=False,
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("account"),
    )
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        verbose_name = _("wish for the list of votes")
        verbose_name_plural = _("wishes for the list of votes")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "user"], name="vote_list_wish_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["contest"],
                name="vote_list_wish_waiting",
                condition=models.Q(sent_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.contest_id}: {self.user}"


def wish_of(contest: Contest, user: Any) -> VoteListWish | None:
    return VoteListWish.objects.filter(contest=contest, user=user).first()


def wants_list(contest: Contest, user: Any, *, wanted: bool) -> None:
    """Keep or forget the wish; one that was fulfilled stays fulfilled."""
    if wanted:
        VoteListWish.objects.get_or_create(contest=contest, user=user)
    else:
        VoteListWish.objects.filter(contest=contest, user=user, sent_at=None).delete()


def send_list(contest: Contest, user: Any, ballot: Any) -> None:
    """The list of a person's votes, as it is now; the mail leaves no trace."""
    voting = contest.phase(Phase.Kind.VOTING)
    context = {
        "contest": contest,
        "ballot": ballot,
        "closes": voting and voting.closes_at,
    }
    outbox.send("prizes/votes", user, context, leaves_no_trace=True)


@transaction.atomic
def fulfil(wish: VoteListWish, ballot: Any) -> bool:
    """Send the list unless it was sent meanwhile; whether it was sent now. Who has not voted gets
    none."""
    waiting = VoteListWish.objects.select_for_update(skip_locked=True)
    if not waiting.filter(pk=wish.pk, sent_at=None).exists():
        return False
    if ballot.votes or ballot.lost:
        send_list(wish.contest, wish.user, ballot)
    VoteListWish.objects.filter(pk=wish.pk).update(sent_at=Now())
    return True


def waiting_after_the_close() -> list[VoteListWish]:
    """Wishes of contests whose voting is over, some at a time."""
    over = Phase.objects.filter(contest=OuterRef("contest"), kind=Phase.Kind.VOTING)
    waiting = VoteListWish.objects.filter(Exists(over.over()), sent_at=None)
    return list(waiting.select_related("contest", "user").order_by("pk")[:AT_ONCE])
