"""An expert hands a review to a colleague, who writes it; the expert submits it."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.mail.addresses import AddressField, canonical
from common.mail.links import digest, new_token
from common.moves.workflow import MoveRefused
from prizes.base.conflicts import kinds_of_conflicts
from prizes.contest.models import Phase
from prizes.entry.models import Entry
from prizes.panel.models import Review

MESSAGE_LENGTH = 500
LASTS = datetime.timedelta(days=30)  # until a link that nobody used is no longer valid

CONFLICT = _("This person has a conflict of interest with the entry.")


class ReviewDelegationQuerySet(models.QuerySet["Delegation"]):
    def standing(self) -> Self:
        """Neither declined nor taken back, and not submitted yet."""
        return self.filter(ended_at=None)

    def of_review(self, entry: Entry, expert: User) -> Self:
        return self.filter(entry=entry, expert=expert)

    def expired(self) -> Self:
        """Asked so long ago that the link is no longer valid, without an answer."""
        long_ago = timezone.now() - LASTS
        return self.standing().filter(colleague=None, asked_at__lte=long_ago)

    def accepted_with(self, token: str, user: User) -> Self:
        """The one that this person has accepted by this link."""
        return self.standing().filter(token=digest(token), colleague=user)

    def waiting_with(self, token: str) -> Self:
        """The one with this link, unless it is used, over or expired."""
        fresh = self.standing().filter(asked_at__gt=timezone.now() - LASTS)
        return fresh.filter(token=digest(token), colleague=None)

    def writable_by(self, user: User) -> Self:
        """Those that this person has accepted; `still_allowed` says whether they hold."""
        return self.standing().filter(colleague=user)

    def to_write(self, user: User) -> list["Delegation"]:
        """Those that are with this person now and still hold (`still_allowed`), the oldest first;
        three queries, and one for each expert who has asked."""
        at_work = Phase.objects.filter(
            contest=OuterRef("entry__contest"), kind=Phase.Kind.NOMINATION
        )
        rows = self.writable_by(user).filter(Exists(at_work.open()), sent_at=None)
        rows = rows.select_related("entry__contest", "entry__category", "expert")
        waiting = list(rows.order_by("asked_at", "pk"))
        barred = kinds_of_conflicts([user.pk]) if waiting else {}
        allowed: set[tuple[int, int]] = set()
        for expert in {row.expert for row in waiting}:
            entries = Entry.objects.reviewable_by(expert).filter(
                pk__in=[row.entry_id for row in waiting]
            )
            allowed |= {(pk, expert.pk) for pk in entries.values_list("pk", flat=True)}
        return [
            row
            for row in waiting
            if (row.entry_id, row.expert_id) in allowed
            and (row.entry_id, user.pk) not in barred
        ]


class Delegation(models.Model):
    """One review in the hands of a colleague; responsibility stays with the expert."""

    entry = models.ForeignKey(
        Entry, models.CASCADE, related_name="delegations", verbose_name=_("entry")
    )
    expert = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="review_delegations",
        verbose_name=_("expert"),
    )
    email = AddressField(_("invited address"), blank=True)
    colleague = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="delegated_reviews",
        verbose_name=_("colleague"),
    )
    message = models.CharField(_("message"), max_length=MESSAGE_LENGTH, blank=True)
    token = models.CharField(
        _("SHA-256 of the token"), max_length=64, unique=True, editable=False
    )
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("given to the expert at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = ReviewDelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegated review")
        verbose_name_plural = _("delegated reviews")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "expert"],
                condition=Q(ended_at=None),
                name="delegation_one_standing",
                violation_error_message=_(
                    "You have handed this review to someone already."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry}: {self.colleague or self.email}"

    def review(self) -> Review:
        """The expert's review, which the colleague writes; a new one is not stored yet."""
        stored = Review.objects.filter(entry=self.entry, reviewer=self.expert).first()
        return stored or Review(entry=self.entry, reviewer=self.expert)

    def still_allowed(self) -> bool:
        """Whether the expert may review the entry, the colleague has no conflict of interest, and
        the experts are at work."""
        if not self.entry.contest.is_open(Phase.Kind.NOMINATION):
            return False
        mine = Entry.objects.reviewable_by(self.expert).filter(pk=self.entry_id)
        barred = kinds_of_conflicts([self.colleague_id or 0])
        return mine.exists() and (self.entry_id, self.colleague_id or 0) not in barred

    def end(self) -> None:
        """Declined or taken back: the draft is the expert's alone. The address of somebody without
        an account goes."""
        Delegation.objects.filter(pk=self.pk).update(ended_at=Now(), email="")
        drafts = Review.objects.filter(entry=self.entry_id, reviewer=self.expert_id)
        drafts.filter(state=Review.State.DRAFT).update(colleague=None)


def end_delegations(entry: Entry, expert: User) -> None:
    """The expert has submitted the review, or may no longer write it."""
    rows = Delegation.objects.of_review(entry, expert).standing()
    rows.update(ended_at=Now(), email="")


@transaction.atomic
def hand_on(
    entry: Entry, expert: User, email: str, message: str
) -> tuple[Delegation, str]:
    """Ask a colleague; returns the delegation and its token, which is only in the mail.

    Raises MoveRefused.
    """
    Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    rows = Delegation.objects.of_review(entry, expert)
    if rows.standing().exists():
        raise MoveRefused(_("You have handed this review to someone already."))
    email = canonical(email)
    if email == canonical(expert.email):
        raise MoveRefused(_("Enter the address of another person."))
    if Review.objects.filter(entry=entry, reviewer=expert).handed_in().exists():
        raise MoveRefused(_("You have submitted this review already."))
    known = User.objects.filter(email=email).first()
    if known and (entry.pk, known.pk) in kinds_of_conflicts([known.pk]):
        raise MoveRefused(CONFLICT)
    token = new_token()
    row = Delegation.objects.create(
        entry=entry, expert=expert, email=email, message=message, token=digest(token)
    )
    return row, token


@transaction.atomic
def accept(token: str, user: User) -> Delegation | None:
    """Accept, once; the person with the link counts as the invited one. None when the link is
    no longer valid. Raises MoveRefused when a conflict of interest bars the colleague."""
    rows = Delegation.objects.waiting_with(token).select_for_update(of=("self",))
    row = rows.select_related("entry__contest", "expert").first()
    if row is None:
        return None
    if row.expert_id == user.pk:
        raise MoveRefused(_("You cannot hand a review to yourself."))
    if (row.entry_id, user.pk) in kinds_of_conflicts([user.pk]):
        raise MoveRefused(
            _("You have a conflict of interest with this entry: please decline.")
        )
    row.colleague, row.accepted_at = user, timezone.now()
    row.save(update_fields=["colleague", "accepted_at"])
    return row
