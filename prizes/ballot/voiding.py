"""Voiding votes: one person of the secretariat proposes, another one confirms."""

from typing import Any, Self

from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.dates.zones import NamedZone
from common.forms.values import refuse_unreadable
from prizes.ballot.group_void import GroupVoid
from prizes.ballot.models import BallotEvent, ChainHead, Vote, VoteRefused, write
from prizes.ballot.telling import Telling
from prizes.base.two_officers import TwoOfficers, TwoOfficersQuerySet
from prizes.contest.models import Contest, Phase
from prizes.entry.models import Entry


class VoidingQuerySet(TwoOfficersQuerySet):
    def open(self) -> Self:
        """Cases that a second person has to decide: the vote is still the one that was
        challenged."""
        votes = Vote._default_manager.filter(voided=False)
        return super().open().filter(Exists(votes.filter(event=OuterRef("event"))))


REASON_LENGTH = 500


NOT_OPEN = _("This case is closed already.")


LAPSED = _("The voter has changed or withdrawn this vote since: the case is closed.")


COUNTED = _("The votes have been counted: the results are final.")


class Voiding(TwoOfficers):
    """A case against one vote as it was given.

    It refers to the event, not to the row of the vote that stands: when the voter changes or
    withdraws the vote, there is nothing left to void and the case closes by itself. While a case is
    open the votes are not counted. After a void the voter can vote again; that vote is another
    event, which this case does not touch.
    """

    REFUSED = VoteRefused
    READ_WITH = ("event__contest",)

    class State(models.TextChoices):
        OPEN = "open", _("waits for a second person")
        VOID = "void", _("the vote is void")
        DISMISSED = "dismissed", _("dismissed")
        LAPSED = "lapsed", _("the voter changed or withdrew the vote")

    event = models.ForeignKey(
        BallotEvent, models.PROTECT, related_name="voidings", verbose_name=_("vote")
    )
    reason = models.CharField(
        _("reason for the file"),
        max_length=REASON_LENGTH,
        validators=[refuse_unreadable],
        help_text=_("Only the secretariat reads it."),
    )
    told = models.CharField(
        _("reason for the voter"),
        max_length=REASON_LENGTH,
        validators=[refuse_unreadable],
        help_text=_("The voter reads it under “My votes” once the vote is void."),
    )
    voided_by = models.OneToOneField(
        BallotEvent,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="case",
        verbose_name=_("event that voids it"),
    )

    group = models.ForeignKey(
        GroupVoid,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="cases",
        verbose_name=_("case against a group"),
    )

    objects = VoidingQuerySet.as_manager()

    class Meta(TwoOfficers.Meta):
        verbose_name = _("void of a vote")
        verbose_name_plural = _("voids of votes")

    def __str__(self) -> str:
        return self.event.receipt

    @property
    def state(self) -> "Voiding.State":
        if self.confirmed_at:
            return Voiding.State.VOID
        if self.dismissed_at:
            return Voiding.State.DISMISSED
        stands = Vote.objects.filter(event=self.event_id, voided=False).exists()
        return Voiding.State.OPEN if stands else Voiding.State.LAPSED

    def rivals(self) -> Any:
        """All of the category: to name it does not reveal for whom the vote is."""
        return Entry.objects.filter(category=self.event.category_id)

    @transaction.atomic
    def confirm(self, by: User) -> None:
        """Void the vote, if it still stands as it was given. Raises VoteRefused."""
        case = self.locked()
        if case.confirmed_at:
            return
        case.require_second(by)
        vote = Vote.objects.get(event=case.event_id)
        event = write(vote.entry, vote.voter, BallotEvent.Kind.VOIDING, case.told)
        Vote.objects.filter(pk=vote.pk).update(voided=True, event=event)
        case.end("confirmed", by, voided_by=event)
        VoidNotice.objects.create(case=case)

    def require_open(self) -> None:
        """Raises VoteRefused for a case that has ended, and after the count."""
        state = self.state
        if state in (Voiding.State.VOID, Voiding.State.DISMISSED):
            raise VoteRefused(NOT_OPEN)
        if self.event.contest.counted_at:
            raise VoteRefused(COUNTED)
        if state == Voiding.State.LAPSED:
            raise VoteRefused(LAPSED)

    def locked(self) -> Self:
        """With the contest and the voter's chain locked, in the order in which a count and the void
        of a group lock them, so that the vote cannot change meanwhile."""
        contests = Contest.objects.select_for_update(no_key=True)
        list(contests.filter(pk=self.event.contest_id).values_list("pk"))
        ChainHead.lock(self.event.contest_id, self.event.voter)
        return super().locked()


class VoidNotice(Telling):
    """The voters of votes that were declared void are told so, with the reason for the voter: of
    one vote, or of all votes of a group. Who has several votes in a group gets one mail."""

    case = models.OneToOneField(
        Voiding,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notice",
        verbose_name=_("void of a vote"),
    )
    group = models.OneToOneField(
        GroupVoid,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notice",
        verbose_name=_("void of a group of votes"),
    )

    class Meta:
        verbose_name = _("notice of a void")
        verbose_name_plural = _("notices of voids")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(case=None, group__isnull=False)
                | models.Q(group=None, case__isnull=False),
                name="void_notice_of_one_vote_or_of_a_group",
            ),
        ]

    def __str__(self) -> str:
        return str(self.case or self.group)

    @property
    def contest(self) -> Contest:
        if self.case:
            return self.case.event.contest
        group: Any = self.group
        contest: Contest = group.pattern.contest
        return contest

    @property
    def contest_id(self) -> int:
        return self.contest.pk

    @property
    def zone(self) -> NamedZone:
        return self.contest.zone

    def concerned(self, keys: set[str]) -> dict[str, list[Any]]:
        """Voter → the cases that were confirmed: a vote of a group that its voter has changed
        before the second signature was not declared void."""
        mine = {"pk": self.case_id} if self.case_id else {"group": self.group_id}
        cases = Voiding.objects.filter(event__voter__in=keys, **mine)
        cases = cases.exclude(voided_by=None).select_related("event__category")
        by_voter: dict[str, list[Any]] = {}
        for case in cases.order_by("event__category__number", "pk"):
            by_voter.setdefault(case.event.voter, []).append(case)
        return by_voter

    def letter(self, news: list[Any]) -> tuple[str, dict[str, Any]]:
        codes = ", ".join(case.event.category.code for case in news)
        context = {
            "contest": self.contest,
            "cases": news,
            "codes": codes,
            "again": self.open_again(news),
            "voting": self.contest.phase(Phase.Kind.VOTING),
        }
        return "prizes/vote_void", context

    def open_again(self, news: list[Any]) -> list[Any]:
        """Categories in which this voter can vote again, and has not yet."""
        if not self.contest.is_open(Phase.Kind.VOTING):
            return []
        places = {case.event.category: case.event.voter for case in news}
        nominees = Entry.objects.on_ballot().filter(category__in=places)
        filled = set(nominees.order_by().values_list("category", flat=True).distinct())
        votes = Vote.objects.filter(category__in=places, voter__in=places.values())
        given = set(votes.filter(voided=False).values_list("category", "voter"))
        return [
            category
            for category, voter in places.items()
            if category.pk in filled and (category.pk, voter) not in given
        ]


def tell_of_voids() -> int:
    """Write to the voters of void votes; returns to how many. Safe to run twice."""
    return VoidNotice.tell("case__event__contest", "group__pattern__contest")
