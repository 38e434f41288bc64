"""The ballot: events that nobody can change, in chains of hashes, and the votes that stand.

What a trigger does (migration 0002): it takes the head of the voter's chain, numbers the event,
stamps it with the database's clock, hashes it with the hash of the one before, and refuses it when
voting is not open. docs/prizes.md tells the whole story.
"""

import hashlib
from datetime import UTC
from typing import Any, NamedTuple

from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.workflow import CONCERNED
from prizes.models.contest import Category, Contest, Phase
from prizes.models.entry import Entry
from prizes.querysets import BallotEventQuerySet, VoteQuerySet
from prizes.workflow import Status

SHARDS = 64  # chains per contest; one voter's events are all in one chain
RECEIPT = 12  # signs of an event's hash that a voter gets
GENESIS = "0" * 64

# One statement, so that the chain is held for no round trip; migration 0010 has the function.
CAST = """
SELECT outcome, coalesce(event_hash, ''), coalesce(following, '')
FROM unnest(%(categories)s::bigint[], %(entries)s::bigint[]) AS chosen (category, entry),
    prize_vote(%(contest)s, chosen.category, chosen.entry, %(voter)s)
"""


REFUSALS = {
    "not_nominated": _("This entry is not on the ballot."),
    "own": _("You cannot vote for your own organization’s entry."),
    "struck": _("Your vote in this category was declared void; it cannot be changed."),
    "closed": _("Voting is closed: votes can no longer be given or changed."),
}


class VoteRefused(Exception):  # noqa: N818  (a refusal is no fault of the program)
    """A vote that cannot be taken; `message` is a sentence for the voter."""

    def __init__(self, message: str | Promise, code: str = "refused") -> None:
        self.message, self.code = message, code
        super().__init__(str(message))


def refused(code: str) -> VoteRefused:
    return VoteRefused(REFUSALS[code], code)


def voter_key(contest_id: int, user_id: int) -> str:
    """Who votes, as the ballot knows them: an HMAC with the portal's key, not a name.

    It differs from contest to contest, and without the key nobody can tell whose it is. The key is
    one of its own where SECRET_KEY was changed: a new one would let everybody vote again.
    """
    secret = salted_hmac(
        "prizes.ballot",
        f"{contest_id}:{user_id}",
        secret=settings.BALLOT_KEY,
        algorithm="sha256",
    )
    return secret.hexdigest()


def shard_of(voter: str) -> int:
    return int(voter[:2], 16) % SHARDS


class ChainHead(models.Model):
    """The last link of one chain. Whoever writes an event holds this row meanwhile."""

    contest = models.ForeignKey(
        Contest, models.PROTECT, related_name="chains", verbose_name=_("contest")
    )
    shard = models.PositiveSmallIntegerField(_("chain"))
    number = models.PositiveIntegerField(_("events"), default=0)
    hash = models.CharField(_("hash of the last event"), max_length=64, default=GENESIS)

    class Meta:
        verbose_name = _("head of a chain")
        verbose_name_plural = _("heads of chains")
        ordering = ["contest", "shard"]
        constraints = [models.UniqueConstraint(fields=["contest", "shard"], name="chain_once")]

    def __str__(self) -> str:
        return f"{self.contest_id}/{self.shard}: {self.number}"

    @classmethod
    def hold(cls, contest_id: int, voter: str) -> "ChainHead":
        """Lock the voter's chain until the end of the transaction: one voter, one at a time."""
        mine = ChainHead.objects.select_for_update(no_key=True)
        wanted = {"contest_id": contest_id, "shard": shard_of(voter)}
        head = mine.filter(**wanted).first()
        if head is None:
            ChainHead.objects.bulk_create([ChainHead(**wanted)], ignore_conflicts=True)
            head = mine.get(**wanted)
        return head


class BallotEvent(models.Model):
    """A vote cast, changed, withdrawn or struck. Never updated, never deleted."""

    class Kind(models.TextChoices):
        CAST = "cast", _("cast")
        CHANGE = "change", _("changed")
        WITHDRAW = "withdraw", _("withdrawn")
        STRIKE = "strike", _("void")

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="+", db_index=False)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", db_index=False)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", db_index=False)
    voter = models.CharField(_("voter"), max_length=64)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    # written by the trigger
    shard = models.PositiveSmallIntegerField(_("chain"), db_default=0)
    number = models.PositiveIntegerField(_("number"), db_default=0)
    at = models.DateTimeField(_("at"), db_default=Now())
    previous = models.CharField(_("hash of the event before"), max_length=64, db_default="")
    hash = models.CharField(_("hash"), max_length=64, db_default="")

    objects = BallotEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of the ballot")
        verbose_name_plural = _("events of the ballot")
        ordering = ["contest", "shard", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "shard", "number"], name="ballot_event_link_once"
            ),
        ]
        indexes = [
            models.Index(fields=["category", "voter", "-number"], name="ballot_event_of_voter")
        ]

    def __str__(self) -> str:
        return f"{self.shard}/{self.number} {self.kind}"

    @property
    def receipt(self) -> str:
        return self.hash[:RECEIPT]

    def expected_hash(self, previous: str) -> str:
        """The hash this event should have after `previous`; the trigger computes the same."""
        at = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        parts = (previous, self.contest_id, self.shard, self.number, self.kind, self.category_id,
                 self.voter, self.entry_id, at, self.reason)  # fmt: skip
        return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


class Vote(models.Model):
    """The vote that stands for a voter in a category; withdrawn ones leave only their events."""

    category = models.ForeignKey(
        Category, models.PROTECT, related_name="votes", verbose_name=_("category")
    )
    voter = models.CharField(_("voter"), max_length=64)
    entry = models.ForeignKey(
        Entry, models.PROTECT, related_name="votes", verbose_name=_("entry"), db_index=False
    )
    event = models.OneToOneField(
        BallotEvent, models.PROTECT, related_name="vote", verbose_name=_("event")
    )
    struck = models.BooleanField(_("void"), default=False)

    objects = VoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        ordering = ["category", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "voter"], name="vote_once",
                violation_error_message=_("You have one vote in each category."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.category_id}: {self.voter[:8]}"


class Cast(NamedTuple):
    """What became of a vote: `kind` is "cast", "change", "same" when it stood already, or the code
    of a refusal.

    `following` is the code of the next category without a vote of this voter, "" after the last.
    """

    receipt: str
    kind: str
    following: str

    @property
    def refusal(self) -> str | Promise:
        """A sentence when the vote was not taken, else ""."""
        return REFUSALS.get(self.kind, "")


def barred(entry: Entry, user: Any) -> bool:
    """Whether the contest bars this person from voting for this entry: it is their own."""
    if entry.own is not None:
        return entry.own
    if not entry.contest.own_organisation_barred:
        return False
    if entry.owner_id == user.pk:
        return True
    member = getattr(user, "member", None)
    return bool(
        member and member.organisation_id and member.organisation_id == entry.organisation_id
    )


def cast(entry: Entry, user: Any) -> Cast:
    """Vote for a nominee, or change the vote to it. Safe to repeat. Raises VoteRefused."""
    done = cast_all([entry], user)[0]
    if done.refusal:
        raise refused(done.kind)
    return done


def cast_all(entries: list[Entry], user: Any) -> list[Cast]:
    """Vote in several categories of one contest at once; each vote is judged for itself.

    Raises VoteRefused when voting closes meanwhile: then none of them is taken.
    """
    found = {entry.pk: Cast("", why, "") for entry in entries if (why := _bar(entry, user))}
    taken = [entry for entry in entries if entry.pk not in found]
    if taken:
        contest = taken[0].contest_id
        asked: dict[str, Any] = {
            "contest": contest, "voter": voter_key(contest, user.pk),
            "categories": [entry.category_id for entry in taken],
            "entries": [entry.pk for entry in taken],
        }  # fmt: skip
        with closing_in_words(), connection.cursor() as cursor:
            cursor.execute(CAST, asked)
            rows = cursor.fetchall()
        for entry, (kind, event_hash, following) in zip(taken, rows, strict=True):
            found[entry.pk] = Cast(event_hash[:RECEIPT], kind, following)
    return [found[entry.pk] for entry in entries]


def _bar(entry: Entry, user: Any) -> str:
    """Why this person cannot vote for this entry at all; "" when they may."""
    if entry.status != Status.NOMINATED:
        return "not_nominated"
    return "own" if barred(entry, user) else ""


def withdraw(category: Category, user: Any) -> bool:
    """Take a vote back; False when there was none. Raises VoteRefused."""
    voter = voter_key(category.contest_id, user.pk)
    with closing_in_words(), transaction.atomic():
        ChainHead.hold(category.contest_id, voter)
        vote = Vote.objects.filter(category=category, voter=voter).select_related("entry").first()
        require_not_struck(vote)
        if vote is None:
            require_voting(category.contest_id)
            return False
        write(vote.entry, voter, BallotEvent.Kind.WITHDRAW)
        vote.delete()
    return True


def require_not_struck(vote: Vote | None) -> None:
    if vote and vote.struck:
        raise refused("struck")


def require_voting(contest_id: int) -> None:
    if not Phase.objects.filter(contest=contest_id, kind=Phase.Kind.VOTING).open().exists():
        raise refused("closed")


def write(entry: Entry, voter: str, kind: str, reason: str = "") -> BallotEvent:
    return BallotEvent.objects.create(
        contest_id=entry.contest_id, category_id=entry.category_id or 0, entry=entry, voter=voter,
        kind=kind, reason=reason,
    )  # fmt: skip


class closing_in_words:  # noqa: N801  (reads as a word of the with statement)
    """The trigger's refusal as a sentence."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, IntegrityError) and "ballot_closed" in str(error):
            raise refused("closed") from error


class Strike(models.Model):
    """A vote declared void: one person of the secretariat proposes, another one confirms."""

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="strikes", verbose_name=_("vote"))
    reason = models.CharField(_("reason"), max_length=500)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"), auto_now_add=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("confirmed by"),
    )  # fmt: skip
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("void of a vote")
        verbose_name_plural = _("voids of votes")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(confirmed_by=models.F("proposed_by"))
                | models.Q(confirmed_by=None),
                name="strike_by_two",
                violation_error_message=_("A second person must confirm."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vote}: {self.reason}"

    def require_impartial(self, by: Any) -> None:
        """Nobody voids votes in a category with an entry that concerns them; asking the category
        tells nobody for whom the vote is. Raises VoteRefused."""
        rivals = Entry.objects.filter(category=self.vote.category_id)
        if rivals.concerning(by).exists():
            raise VoteRefused(CONCERNED)

    def confirm(self, by: Any) -> None:
        """Void the vote, unless the voter took it back meanwhile. Raises VoteRefused."""
        with transaction.atomic():
            vote = Vote.objects.select_related("entry__contest").get(pk=self.vote_id)
            ChainHead.hold(vote.entry.contest_id, vote.voter)
            strike = Strike.objects.select_for_update().get(pk=self.pk)
            if strike.confirmed_by_id:
                return
            if by.pk == strike.proposed_by_id:
                raise VoteRefused(_("A second person must confirm."))
            strike.require_impartial(by)
            if vote.entry.contest.counted_at:
                raise VoteRefused(_("The votes have been counted: the results are final."))
            vote.refresh_from_db()
            event = write(vote.entry, vote.voter, BallotEvent.Kind.STRIKE, strike.reason)
            Vote.objects.filter(pk=vote.pk).update(struck=True, event=event)
            Strike.objects.filter(pk=strike.pk).update(confirmed_by=by, confirmed_at=Now())
