"""Verifying a vote: every chain is computed again, compared with all that depends on it and with
the roots that were published; the first thing that does not fit is named with its hour.

The command `verify_ballots` prints the findings in English; the page of staff translates them.
"""

import datetime
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext_noop as _

from prizes.ballot.models import GENESIS, SHARDS, BallotEvent
from prizes.ballot.voter import voter_keys
from prizes.base.finding import Said
from prizes.contest.models import Contest, Extension, Phase
from prizes.hold.verifying import Log, read_log
from prizes.public_record.chains import Chain, Fault, all_chains, prefixes_of
from prizes.public_record.models import FRAME, HELD, FrameEvent, Roll, Root
from prizes.public_record.roll import keys_hash, of_ranges

# Each finds the first inconsistency: where it is, what it is, and the question.
CHECKS: tuple[tuple[str, str, str], ...] = (
    (
        _("event %(number)s"),
        _("a vote is void without a case that two persons decided"),
        """
        SELECT e.id, e.at FROM prizes_ballotevent e
        WHERE e.contest_id = %(contest)s AND e.kind = 'voiding' AND NOT EXISTS (
            SELECT FROM prizes_voiding s JOIN prizes_ballotevent v ON v.id = s.event_id
            WHERE s.voided_by_id = e.id AND s.confirmed_by_id <> s.proposed_by_id
              AND v.voter = e.voter AND v.category_id = e.category_id
              AND v.entry_id = e.entry_id AND v.number < e.number
              AND NOT EXISTS (  -- it is about the vote that stood then, not about an older one
                  SELECT FROM prizes_ballotevent b
                  WHERE b.category_id = e.category_id AND b.voter = e.voter
                    AND b.number > v.number AND b.number < e.number))
        ORDER BY e.at, 1 LIMIT 1
        """,
    ),
    (
        _("vote %(number)s"),
        _("its voter is in no chain"),
        """
        SELECT v.id, NULL FROM prizes_vote v
        JOIN prizes_category c ON c.id = v.category_id AND c.contest_id = %(contest)s
        WHERE left(v.voter, 2) <> ALL(%(begun)s) ORDER BY 1 LIMIT 1
        """,
    ),
    (
        _("voter %(number)s"),
        _("it is in no chain"),
        """
        SELECT v.id, NULL FROM prizes_voter v
        WHERE v.contest_id = %(contest)s AND left(v.key, 2) <> ALL(%(begun)s)
        ORDER BY 1 LIMIT 1
        """,
    ),
    (
        _("entry %(number)s"),
        _("it left the ballot without a decision on record"),
        """
        SELECT n.id, (SELECT max(f.at) FROM prizes_frameevent f WHERE f.contest_id = n.contest_id
                      AND f.kind = 'nominee' AND f.record = n.id)
        FROM prizes_entry n
        WHERE n.contest_id = %(contest)s AND n.source = ''
          AND n.status NOT IN ('nominated', 'champion', 'winner')
          AND EXISTS (SELECT FROM prizes_ballotevent e
                      WHERE e.category_id = n.category_id AND e.entry_id = n.id)
          AND NOT EXISTS (SELECT FROM common_statuschange s
                          WHERE s.record_kind = 'prizes.entry' AND s.record_id = n.id
                            AND s.move = 'remove')
        ORDER BY 1 LIMIT 1
        """,
    ),
    (
        _("result %(number)s"),
        _("results are frozen for votes that are not there"),
        """
        SELECT r.id, r.frozen_at FROM prizes_result r
        JOIN prizes_category c ON c.id = r.category_id
        WHERE c.contest_id = %(contest)s AND r.votes > (
            SELECT count(*) FROM prizes_vote v WHERE v.entry_id = r.entry_id)
        ORDER BY 1 LIMIT 1
        """,
    ),
)
# Things that the tables say otherwise than the last event of the frame about them.
MISPLACED = """
SELECT n.id, (SELECT max(f.at) FROM prizes_frameevent f WHERE f.contest_id = n.contest_id
              AND f.kind = 'nominee' AND f.record = n.id)
FROM unnest(%(categories)s::bigint[], %(entries)s::bigint[]) AS chosen (category, entry)
JOIN prizes_entry n ON n.id = chosen.entry
WHERE n.category_id <> chosen.category OR n.contest_id <> %(contest)s ORDER BY 1 LIMIT 1
"""
FRAME_MISFITS = """
SELECT coalesce(n.kind, f.kind), coalesce(n.record, f.record), f.number
FROM prize_frame_now(%(contest)s) n
FULL JOIN (
    SELECT DISTINCT ON (kind, record) kind, record, number, content FROM prizes_frameevent
    WHERE contest_id = %(contest)s AND kind = ANY(%(kinds)s)
    ORDER BY kind, record, number DESC
) f ON f.kind = n.kind AND f.record = n.record
WHERE coalesce(n.content, '') <> coalesce(f.content, '')
ORDER BY f.number DESC NULLS FIRST, 1, 2 LIMIT 1
"""
# Kinds of which the tables hold the present state; the others only happen.
STATES = [kind for kind in FrameEvent.Kind.values if kind != FrameEvent.Kind.ROLL]


# A thing of the frame → where a misfit of it is.
PLACES = {
    "rules": _("rules %(number)s"),
    "category": _("category %(number)s"),
    "phase": _("phase %(number)s"),
    "extension": _("extension %(number)s"),
    "nominee": _("nominee %(number)s"),
    "void": _("void %(number)s"),
    "count": _("count %(number)s"),
}


HEX = re.compile(r"[0-9a-f]{16}")


class Broken(NamedTuple):
    """The first inconsistency: where, such as a chain and a number, what, and the hour of the first
    root that is no longer true, else the hour of the event ("" when neither is known)."""

    place: Said
    problem: Said
    hour: str = ""

    def __str__(self) -> str:
        when = f", hour {self.hour}" if self.hour else ""
        return f"{self.place}: {self.problem}{when}"


class Checked(NamedTuple):
    events: int  # of the votes
    root: str  # one hash over the ends of all chains: publish it, keep it elsewhere
    broken: Broken | None
    roots: int  # published ones that agree


def in_words(at: datetime.datetime | None) -> str:
    """The hour of a moment, in UTC."""
    return f"{at.astimezone(datetime.UTC):%Y-%m-%d %H:00} UTC" if at else ""


class Roots:
    """The published roots of a contest, oldest first, with their own chain."""

    def __init__(self, contest: Contest) -> None:
        self.rows = list(Root.objects.filter(contest=contest).order_by("number"))
        self.ends = [root.ends for root in self.rows]

    def wanted(self) -> dict[str, set[int]]:
        """Chain → numbers of events of which a root holds the hash."""
        wanted: dict[str, set[int]] = {}
        for ends in self.ends:
            for chain, (number, _end) in ends.items():
                wanted.setdefault(chain, set()).add(number)
        return wanted

    def hour_of(self, chain: str, number: int) -> str:
        """The hour of the first root that holds this event."""
        for root, ends in zip(self.rows, self.ends, strict=True):
            if ends.get(chain, (0, ""))[0] >= number:
                return in_words(root.at)
        return ""

    def misfit(self) -> Broken | None:
        """The first root that does not follow the one before it."""
        previous = GENESIS
        for place, root in enumerate(self.rows, start=1):
            own = hashlib.sha256(f"{previous}|{root.line}".encode()).hexdigest()
            if (root.number, root.hash, root.previous) != (place, own, previous):
                return Broken(
                    Said(_("root %(number)s"), number=root.number),
                    Said(_("the root is not the one that was written")),
                    in_words(root.at),
                )
            previous = root.hash
        return None

    def first_untrue(self, chains: dict[str, Chain]) -> Broken | None:
        """The first root with which the chains, as they are now, do not agree."""
        for root, ends in zip(self.rows, self.ends, strict=True):
            for name, (number, end) in ends.items():
                if name == HELD:
                    continue
                chain = chains.get(name)
                there = chain.events if chain else 0
                if chain is None or there < number:
                    problem = Said(
                        _("%(published)s events were published, %(there)s are there"),
                        published=number,
                        there=there,
                    )
                elif chain.hashes.get(number, GENESIS) != end:
                    problem = Said(
                        _("the chain is not the one of which a root was published")
                    )
                else:
                    continue
                return Broken(_link(name, number), problem, in_words(root.at))
        return None

    def first_untrue_of_held(self, log: Log) -> Broken | None:
        """The first root whose end of the log of held votes is no row of the log as it is now."""
        for root, ends in zip(self.rows, self.ends, strict=True):
            if HELD in ends and ends[HELD][1] not in log.numbers:
                problem = _("it is not the log of which a root was published")
                place = Said(_("log of held votes"))
                return Broken(place, Said(problem), in_words(root.at))
        return None

    def hour_of_held(self, log: Log, number: int) -> str:
        """The hour of the first root that holds this row of the log of held votes."""
        for root, ends in zip(self.rows, self.ends, strict=True):
            if log.numbers.get(ends.get(HELD, (0, ""))[1], 0) >= number:
                return in_words(root.at)
        return ""


def verify(
    contest: Contest,
    each_chain: Callable[[Chain], None] | None = None,
    advance: Callable[[int], None] | None = None,
) -> Checked:
    """Compute every chain again and compare it with its head, the votes that stand, the voters,
    the roots, the frame, the roll, and the records of cases, removals and extensions.

    `each_chain` gets every chain of votes with the last event of each voter; `advance` hears how
    many chains are done.
    """
    roots = Roots(contest)
    faults: list[tuple[str, Fault]] = []
    chains: dict[str, Chain] = {}
    voters: set[int] = set()
    chosen: set[tuple[int, int]] = set()
    for done, chain in enumerate(all_chains(contest, roots.wanted())):
        if chain.fault:
            faults.append((chain.name, chain.fault))
        voters.update(int(key[:16], 16) for key in chain.voters if HEX.match(key))
        chosen |= chain.chosen
        if each_chain and chain.name != FRAME:
            each_chain(chain)
        chains[chain.name] = chain._replace(standing={}, voters={})
        if advance:
            advance(done)
    log = read_log(contest)
    broken = roots.misfit() or roots.first_untrue(chains)
    broken = broken or roots.first_untrue_of_held(log)
    if broken is None and faults:
        broken = _told(contest, roots, *faults[0])
    broken = broken or _frame_misfit(contest, roots)
    broken = broken or _misplaced(contest, chosen)
    broken = broken or _first_misfit(contest, [n for n in chains if n != FRAME])
    broken = broken or _roll_misfit(contest, roots)
    broken = broken or _stranger(contest, voters)
    broken = broken or _longer_than_said(contest)
    broken = broken or _held_misfit(contest, roots, log)
    events = sum(chain.events for name, chain in chains.items() if name != FRAME)
    return Checked(events, root_hash(contest), broken, len(roots.rows))


def _link(chain: str, number: int) -> Said:
    if chain == FRAME:
        return Said(_("event %(number)s of the frame"), number=number)
    return Said(_("chain %(chain)s, event %(number)s"), chain=chain, number=number)


def _held_misfit(contest: Contest, roots: Roots, log: Log) -> Broken | None:
    """The first fault of the log of held votes: with the hour of the first root that holds the
    row, else its own; of a state with the hour in which the record was last as it says."""
    fault = log.fault
    if fault is None:
        return None
    hour = roots.hour_of_held(log, fault.number) if fault.number else ""
    at = fault.at or _last_known(contest)
    return Broken(fault.place, fault.problem, hour or in_words(at))


def _told(contest: Contest, roots: Roots, chain: str, fault: Fault) -> Broken:
    """A fault of a chain with its hour: of the first root that holds the event, else its own."""
    place, number = _link(chain, fault.number), fault.number
    at = None
    if fault.voter:
        mine = BallotEvent.objects.filter(contest=contest, voter=fault.voter)
        if number:
            mine = mine.filter(number=number)
        else:
            place = Said(_("voter %(key)s"), key=fault.voter[:12])
            number = mine.aggregate(last=Max("number"))["last"] or 0
        at = mine.aggregate(last=Max("at"))["last"]
    hour = roots.hour_of(chain, number) if number else ""
    return Broken(place, Said(fault.problem), hour or in_words(at))


def _frame_misfit(contest: Contest, roots: Roots) -> Broken | None:
    with connection.cursor() as cursor:
        cursor.execute(FRAME_MISFITS, {"contest": contest.pk, "kinds": STATES})
        row = cursor.fetchone()
    if row is None:
        return None
    kind, record, number = row
    hour = roots.hour_of(FRAME, number) if number else ""
    at = in_words(_last_known(contest))
    place = Said(PLACES[kind], number=record)
    return Broken(place, Said(MISFIT), hour or at)


MISFIT = _("it is not what the chain of the frame says")


def _misplaced(contest: Contest, chosen: set[tuple[int, int]]) -> Broken | None:
    """An entry that has votes elsewhere than in its own category."""
    values: dict[str, Any] = {
        "contest": contest.pk,
        "categories": [category for category, _entry in chosen],
        "entries": [entry for _category, entry in chosen],
    }
    with connection.cursor() as cursor:
        cursor.execute(MISPLACED, values)
        row = cursor.fetchone()
    if row is None:
        return None
    place = Said(_("entry %(number)s"), number=row[0])
    problem = Said(_("it has votes in a category or contest that is not its own"))
    return Broken(place, problem, in_words(row[1] or _last_known(contest)))


def _first_misfit(contest: Contest, chains: list[str]) -> Broken | None:
    begun = [key for chain in chains for key in prefixes_of(int(chain))]
    with connection.cursor() as cursor:
        for place, problem, question in CHECKS:
            cursor.execute(question, {"contest": contest.pk, "begun": begun})
            if row := cursor.fetchone():
                at = row[1] or _last_known(contest)
                return Broken(Said(place, number=row[0]), Said(problem), in_words(at))
    return None


def _last_known(contest: Contest) -> Any:
    """When the contest was last as the record says: the latest root, else the latest event."""
    rows = (Root.objects, FrameEvent.objects)
    return next(
        (
            at
            for known in rows
            if (at := known.filter(contest=contest).aggregate(at=Max("at"))["at"])
        ),
        None,
    )


def _rolls(contest: Contest) -> Iterator[Roll]:
    rolls = Roll.objects.filter(event__contest=contest).select_related("event")
    return rolls.order_by("event__number").iterator(chunk_size=50)


def _roll_misfit(contest: Contest, roots: Roots) -> Broken | None:
    """A part of the roll whose accounts are not those that were committed to."""
    known = FrameEvent.objects.filter(contest=contest, kind=FrameEvent.Kind.ROLL)
    lost = known.filter(roll=None).order_by("number").first()
    if lost:
        hour = roots.hour_of(FRAME, lost.number) or in_words(lost.at)
        place = Said(_("roll %(number)s"), number=lost.number)
        return Broken(place, Said(_("its accounts are not there")), hour)
    for roll in _rolls(contest):
        said = json.loads(roll.event.content)
        if said["keys"] != keys_hash(voter_keys(contest.pk, of_ranges(roll.numbers))):
            hour = roots.hour_of(FRAME, roll.event.number) or in_words(roll.event.at)
            place = Said(_("roll %(number)s"), number=roll.event.number)
            problem = Said(_("its accounts are not those that were published"))
            return Broken(place, problem, hour)
    return None


def _on_the_roll(contest: Contest) -> Iterator[int]:
    """Accounts that are on the roll, and those that have come since it was last written."""
    through = 0
    for roll in _rolls(contest):
        yield from of_ranges(roll.numbers)
        through = roll.through
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT last_value FROM pg_sequences WHERE sequencename = %s",
            ["accounts_user_id_seq"],
        )
        row = cursor.fetchone()
    # by number: who has come in this hour may be erased already
    yield from range(through + 1, (row[0] or 0) + 1 if row else through)


def _stranger(contest: Contest, voters: set[int]) -> Broken | None:
    """A voter that belongs to no account on the roll. Keys of accounts can be computed with the
    portal's key, but not with access to the database alone."""
    unknown = set(voters)
    for key in voter_keys(contest.pk, _on_the_roll(contest)):
        if not unknown:
            return None
        unknown.discard(int(key[:16], 16))
    if not unknown:
        return None
    begun = min(f"{key:016x}" for key in unknown)
    events = BallotEvent.objects.filter(
        contest=contest,
        shard=int(begun[:2], 16) % SHARDS,
        voter__startswith=begun,
    )
    first = events.order_by("number").values_list("at", flat=True).first()
    problem = Said(
        _("no account has this voter’s key; voters without an account: %(count)s"),
        count=len(unknown),
    )
    place = Said(_("voter %(key)s"), key=begun[:12])
    return Broken(place, problem, in_words(first))


def _longer_than_said(contest: Contest) -> Broken | None:
    """Check that the end of the vote is the one recorded when the chains began, unless an
    extension changed it."""
    voting = contest.phases.filter(kind=Phase.Kind.VOTING).first()
    closes = voting and voting.closes_at
    began = contest.chains.exclude(voting_closes_at=None).order_by("voting_closes_at")
    first = began.values_list("voting_closes_at", flat=True).first()
    if not voting or not closes or not first or closes <= first:
        return None
    if Extension.objects.filter(phase=voting, new_end=closes).exists():
        return None
    changed = FrameEvent.objects.filter(
        contest=contest, kind=FrameEvent.Kind.PHASE, record=voting.pk
    )
    at = changed.aggregate(last=Max("at"))["last"]
    problem = Said(_("voting closes later than its extensions say"))
    return Broken(Said(_("voting")), problem, in_words(at))


def is_on_record(contest: Contest, root: str) -> bool:
    """Whether a root that somebody kept elsewhere is among those of the portal."""
    return Root.objects.filter(contest=contest, hash=root.strip().lower()).exists()


def root_hash(contest: Contest) -> str:
    """SHA-256 over the ends of all chains, with the log of held votes, as they are now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT prize_heads(%s)", [contest.pk])
        heads = cursor.fetchone()[0]
    return hashlib.sha256(heads.encode()).hexdigest()
