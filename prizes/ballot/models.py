"""The ballot: events that nobody can change, in hash chains, and the votes that stand.

A trigger (box.sql) takes the head of the voter's chain, numbers the event, stamps it with the hour
of the database's clock, hashes it with the hash of the one before, and refuses it when voting is
not open. docs/prizes.md explains it all.
"""

import datetime
import hashlib
from typing import Any, NamedTuple, Self

from django.db import IntegrityError, connection, models, transaction
from django.db.models import Case, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Now
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.moves.actors import AnyUser
from prizes.ballot.barring import Bars, bars_of
from prizes.ballot.receipt import MOST, words_of
from prizes.ballot.voter import mailbox_digest, voter_key, voter_of
from prizes.contest.models import Category, Contest, Phase
from prizes.entry.models import Entry
from prizes.entry.workflow import ON_BALLOT, Status
from prizes.hold.models import LEFT_OUT, Hold
from prizes.hold.signals import NOTHING, Circumstances


class VoteQuerySet(models.QuerySet["Vote"]):
    def of_voter(self, contest: Contest, voter: str) -> Self:
        here = self.filter(category__contest=contest, voter=voter).with_receipt()
        return here.select_related("category", "entry__contest", "event")

    def with_receipt(self) -> Self:
        """`receipt_number`: of the event that gave the vote, also when later ones concern it."""
        given = BallotEvent.objects.filter(
            category=OuterRef("category"),
            voter=OuterRef("voter"),
            receipt_number__isnull=False,
        )
        last = given.order_by("-number").values("receipt_number")[:1]
        return self.annotate(receipt_number=Subquery(last))

    def standing(self) -> Self:
        """Votes that are not void and whose nominee was not removed: in the other categories the
        voter can vote."""
        return self.filter(voided=False, entry__status__in=ON_BALLOT)

    def with_state(self) -> Self:
        """Each vote with `state` (`Vote.State`): what whoever has its receipt may be told."""
        state = Vote.State
        return self.annotate(
            hold_state=Subquery(Hold.objects.of_vote().values("state")[:1])
        ).annotate(
            state=Case(
                When(voided=True, then=Value(state.VOID)),
                When(~Q(entry__status__in=ON_BALLOT), then=Value(state.REMOVED)),
                When(hold_state=Hold.State.HELD, then=Value(state.HELD)),
                When(hold_state=Hold.State.LAPSED, then=Value(state.LAPSED)),
                default=Value(state.COUNTS),
            )
        )

    def in_state(self, state: str) -> Self:
        rows: Any = self.with_state()
        votes: Self = rows.filter(state=state)
        return votes

    def not_counting(self) -> Self:
        """Void votes, and those whose nominee was removed."""
        return self.filter(Q(voided=True) | ~Q(entry__status__in=ON_BALLOT))


SHARDS = 64  # chains per contest; one voter's events are all in one chain


GENESIS = "0" * 64


RECEIPT_ONCE = "ballot_event_receipt_once"


# One statement, so that the chain is not locked during a round trip; signals.sql has the function.
CAST = """
SELECT outcome, receipt, coalesce(following, ''), coalesce(hold, '')
FROM prize_ballot(%(contest)s, %(categories)s::bigint[], %(entries)s::bigint[], %(voter)s,
    %(mailbox)s, %(network)s, %(device)s, %(domain)s, %(age)s, %(seconds)s)
"""


REFUSALS = {
    "not_nominated": _("This entry is not on the ballot."),
    "own": _("You cannot vote for your own organization’s entry."),
    "official": _(
        "You cannot vote in this contest: you work for its secretariat or sit on one of its panels."
    ),
    "profile": _(
        "Say who you are first: name, country and stakeholder type. Then your vote counts."
    ),
    "removed": _(
        "This entry was removed from the contest: there is no vote to withdraw."
    ),
    "voided": _(
        "Your vote in this category was declared void: there is no vote to withdraw."
    ),
    "closed": _("Voting is closed: votes can no longer be given or changed."),
}


class VoteRefused(Exception):  # noqa: N818  (a refusal is no fault of the program)
    """A vote that cannot be accepted; `message` is a sentence for the voter."""

    def __init__(self, message: str | Promise, code: str = "refused") -> None:
        self.message, self.code = message, code
        super().__init__(str(message))


def refused(code: str) -> VoteRefused:
    return VoteRefused(REFUSALS[code], code)


def shard_of(voter: str) -> int:
    return int(voter[:2], 16) % SHARDS


class Link(NamedTuple):
    """The content of an event that is hashed, in this order."""

    contest: int
    shard: int
    number: int
    kind: str
    category: int
    voter: str
    entry: int
    at: datetime.datetime
    reason: str


def leaf_hash(voter: str, entry: int, reason: str) -> str:
    """The secret part of an event: who chose what. The voter's key hides it from guessing."""
    return hashlib.sha256(f"{voter}|{entry}|{reason}".encode()).hexdigest()


def public_line(link: Link) -> str:
    """An event as it can be published: its secret part as a hash."""
    leaf = leaf_hash(link.voter, link.entry, link.reason)
    at = link.at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return (
        f"{link.contest}|{link.shard}|{link.number}|{link.kind}|{link.category}|{at}"
        f"|{leaf}"
    )


def link_hash(previous: str, link: Link) -> str:
    """The hash of an event after `previous`; the trigger computes the same."""
    return hashlib.sha256(f"{previous}|{public_line(link)}".encode()).hexdigest()


class ChainHead(models.Model):
    """The last link of one chain. Writing an event locks this row."""

    contest = models.ForeignKey(
        Contest, models.PROTECT, related_name="chains", verbose_name=_("contest")
    )
    shard = models.PositiveSmallIntegerField(_("chain"))
    number = models.PositiveIntegerField(_("events"), default=0)
    hash = models.CharField(_("hash of the last event"), max_length=64, default=GENESIS)
    voting_closes_at = models.DateTimeField(
        _("end of the vote when the chain began"), null=True, blank=True
    )

    class Meta:
        verbose_name = _("head of a chain")
        verbose_name_plural = _("heads of chains")
        ordering = ["contest", "shard"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "shard"], name="chain_once")
        ]

    def __str__(self) -> str:
        return f"{self.contest_id}/{self.shard}: {self.number}"

    @classmethod
    def lock(cls, contest_id: int, voter: str) -> None:
        """Lock the voter's chain until the end of the transaction: one voter, one at a time. A
        chain begins with its first event: there is nothing to lock before."""
        chains = ChainHead.objects.select_for_update(no_key=True)
        list(chains.filter(contest_id=contest_id, shard=shard_of(voter)))


class BallotEventQuerySet(models.QuerySet["BallotEvent"]):
    def earlier_voids(self, contest: Contest, voter: str) -> Self:
        """Voids of votes after which their voter has voted again, with the cases."""
        here = self.filter(category__contest=contest, voter=voter, vote=None)
        voids = here.filter(kind=BallotEvent.Kind.VOIDING)
        return voids.select_related("category", "case__event").order_by("number")


class BallotEvent(models.Model):
    """A vote cast, changed, withdrawn or voided. Never updated, never deleted."""

    class Kind(models.TextChoices):
        CAST = "cast", _("cast")
        CHANGE = "change", _("changed")
        WITHDRAW = "withdraw", _("withdrawn")
        VOIDING = "voiding", _("void")

    contest = models.ForeignKey(
        Contest,
        models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("contest"),
    )
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="+", db_index=False
    )
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", db_index=False)
    voter = models.CharField(_("voter"), max_length=64)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    # written by the trigger
    shard = models.PositiveSmallIntegerField(_("chain"), db_default=0)
    number = models.PositiveIntegerField(_("number"), db_default=0)
    at = models.DateTimeField(
        _("hour"),
        db_default=Now(),
        help_text=_(
            "The full hour: an exact time could be joined with records of visits."
        ),
    )
    previous = models.CharField(
        _("hash of the event before"), max_length=64, db_default=""
    )
    hash = models.CharField(_("hash"), max_length=64, db_default="")
    receipt_number = models.BigIntegerField(
        _("number of the receipt"),
        null=True,
        blank=True,
        help_text=_("Four words, written as a number. Only votes have a receipt."),
    )

    objects = BallotEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of the ballot")
        verbose_name_plural = _("events of the ballot")
        ordering = ["contest", "shard", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "shard", "number"], name="ballot_event_link_once"
            ),
            models.UniqueConstraint(
                fields=["contest", "receipt_number"], name=RECEIPT_ONCE
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=("cast", "change"),
                    receipt_number__range=(0, MOST),
                )
                | Q(~Q(kind__in=("cast", "change")), receipt_number__isnull=True),
                name="ballot_event_receipt_of_votes",
            ),
        ]
        indexes = [
            models.Index(
                fields=["category", "voter", "-number"], name="ballot_event_of_voter"
            )
        ]

    def __str__(self) -> str:
        return f"{self.shard}/{self.number} {self.kind}"

    @property
    def receipt(self) -> str:
        """Four words; "" where the event is no vote."""
        return words_of(self.receipt_number)


class Vote(models.Model):
    """The vote that stands for a voter in a category, or the void one until the voter votes again;
    of withdrawn ones only the events remain."""

    class State(models.TextChoices):
        """What has become of a vote; whether it is valid, the count alone decides."""

        COUNTS = "counts", _("counts")
        HELD = "held", _("held for checking")
        LAPSED = "lapsed", _("held for checking and not confirmed in time")
        VOID = "void", _("void")
        REMOVED = "removed", _("its entry was removed from the contest")

    category = models.ForeignKey(
        Category, models.PROTECT, related_name="votes", verbose_name=_("category")
    )
    voter = models.CharField(_("voter"), max_length=64)
    entry = models.ForeignKey(
        Entry,
        models.PROTECT,
        related_name="votes",
        verbose_name=_("entry"),
        db_index=False,
    )
    event = models.OneToOneField(
        BallotEvent, models.PROTECT, related_name="vote", verbose_name=_("event")
    )
    voided = models.BooleanField(_("void"), default=False)

    receipt_number: int | None = None  # annotated by with_receipt()

    objects = VoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        ordering = ["category", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "voter"],
                name="vote_once",
                violation_error_message=_("You have one vote in each category."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category_id}: {self.voter[:8]}"

    @property
    def receipt(self) -> str:
        """Four words, of a vote that `with_receipt` found."""
        return words_of(self.receipt_number)


class Cast(NamedTuple):
    """The result of a vote: `kind` is "cast", "change", "same" when it stood already, or the code
    of a refusal.

    `receipt` are four words, or "". `following` is the code of the next category without a vote
    of this voter, "" after the last; `hold` the state of the voter's votes (`Hold.State`), "" when
    they were never held.
    """

    receipt: str
    kind: str
    following: str
    hold: str = ""

    @property
    def counts(self) -> bool:
        """Whether it is counted as things stand: it is not held, and was not."""
        return self.hold not in LEFT_OUT

    @property
    def refusal(self) -> str | Promise:
        """A sentence when the vote was refused, else ""."""
        return REFUSALS.get(self.kind, "")


def cast(entry: Entry, user: AnyUser, noted: Circumstances = NOTHING) -> Cast:
    """Vote for a nominee, or change the vote to it. Safe to repeat. Raises VoteRefused."""
    done = cast_all([entry], user, noted)[0]
    if done.refusal:
        raise refused(done.kind)
    return done


def cast_all(
    entries: list[Entry], user: Any, noted: Circumstances = NOTHING
) -> list[Cast]:
    """Vote in several categories of one contest at once; each vote is checked separately. What is
    `noted` of the request is kept with the votes that are new, until they are counted.

    Raises VoteRefused when voting closes meanwhile: then none of them counts.
    """
    bars = bars_of(entries[0].contest_id, user.pk) if _unjudged(entries) else None
    votes = {
        entry.pk: Cast("", why, "") for entry in entries if (why := _bar(entry, bars))
    }
    taken = [entry for entry in entries if entry.pk not in votes]
    if taken:
        contest = taken[0].contest_id
        parameters: dict[str, Any] = {
            "contest": contest,
            "voter": voter_key(contest, user.pk),
            "mailbox": mailbox_digest(contest, user.email),
            "categories": [entry.category_id for entry in taken],
            "entries": [entry.pk for entry in taken],
            **noted._asdict(),
        }
        for entry, row in zip(taken, _written(parameters), strict=True):
            kind, number, *more = row
            votes[entry.pk] = Cast(words_of(number), kind, *more)
    return [votes[entry.pk] for entry in entries]


def _written(parameters: dict[str, Any]) -> list[tuple[str, int | None, str, str]]:
    """Send the statement; once more when another vote got the same receipt in that instant."""
    try:
        return _sent(parameters)
    except IntegrityError as error:
        if RECEIPT_ONCE not in str(error):
            raise
    return _sent(parameters)


def _sent(parameters: dict[str, Any]) -> list[tuple[str, int | None, str, str]]:
    with closing_in_words(), connection.cursor() as cursor:
        cursor.execute(CAST, parameters)
        return cursor.fetchall()


def _unjudged(entries: list[Entry]) -> bool:
    """Whether one of them lacks the answer of `Entry.objects.for_votes`."""
    return any(entry.bar is None for entry in entries)


def _bar(entry: Entry, bars: Bars | None) -> str:
    """Why this person cannot vote for this entry at all; "" when they may."""
    if entry.status != Status.NOMINATED:
        return "not_nominated"
    if bars is None:
        return entry.bar or ""
    if bars.official:
        return "official"
    if entry.pk in bars.own:
        return "own"
    return "profile" if bars.incomplete else ""


def withdraw(category: Category, user: AnyUser) -> bool:
    """Withdraw a vote; False when there was none. Raises VoteRefused."""
    voter = voter_of(category.contest_id, user)
    with closing_in_words(), transaction.atomic():
        ChainHead.lock(category.contest_id, voter)
        vote = (
            Vote.objects.filter(category=category, voter=voter)
            .select_related("entry")
            .first()
        )
        require_not_voided(vote)
        if vote is None:
            require_voting(category.contest_id)
            return False
        if vote.entry.status not in ON_BALLOT:
            raise refused("removed")
        write(vote.entry, voter, BallotEvent.Kind.WITHDRAW)
        vote.delete()
    return True


def require_not_voided(vote: Vote | None) -> None:
    if vote and vote.voided:
        raise refused("voided")


def require_voting(contest_id: int) -> None:
    if (
        not Phase.objects.filter(contest=contest_id, kind=Phase.Kind.VOTING)
        .open()
        .exists()
    ):
        raise refused("closed")


def write(entry: Entry, voter: str, kind: str, reason: str = "") -> BallotEvent:
    return BallotEvent.objects.create(
        contest_id=entry.contest_id,
        category_id=entry.category_id or 0,
        entry=entry,
        voter=voter,
        kind=kind,
        reason=reason,
    )


class closing_in_words:  # noqa: N801  (reads as a word of the with statement)
    """Turn the trigger's refusal into a sentence."""

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: object, error: BaseException | None, trace: object
    ) -> None:
        if isinstance(error, IntegrityError) and "ballot_closed" in str(error):
            raise refused("closed") from error
