"""Judging votes by the published rules: groups of voters that fit one are held.

A sweep reads who voted since the last one and what they share; it never reads who they are.
"""

import datetime
from collections import defaultdict
from typing import Any

from django.db import connection, models, transaction

from common.locks.advisory import Lock
from prizes.contest.models import Contest
from prizes.hold.models import Pattern, Signal, SignalKey
from prizes.hold.rules import HoldRule
from prizes.hold.steps import hold

MARGIN = datetime.timedelta(hours=2)  # signals bear the full hour


AT_ONCE = 5000  # rows that one run deletes


# Voter and what is shared, for each voter that is to be held by a rule. A voter "fits" who alone
# has what the rule asks of each; a group is held when enough of them come together within the
# hours, and when they are enough of all who share it. Who fits and comes later is held with them.
# What was noted before a void does not count, and what was confirmed before it spares nobody.
FITTING = """
WITH ballot AS (
    SELECT v.voter, prize_hidden(k.key,
            'ballot ' || string_agg(v.entry_id::text, ',' ORDER BY v.category_id)) AS content,
        -- votes that stand from before a void were judged already
        least(count(*), CASE WHEN EXISTS (
            SELECT FROM prizes_signal o
            WHERE o.contest_id = %(contest)s AND o.voter = v.voter AND o.before_void)
        THEN (
            SELECT sum(o.votes) FROM prizes_signal o
            WHERE o.contest_id = %(contest)s AND o.voter = v.voter AND NOT o.before_void)
        END) AS votes
    FROM prizes_vote v
    JOIN prizes_category c ON c.id = v.category_id AND c.contest_id = %(contest)s
    JOIN prizes_signalkey k ON k.contest_id = c.contest_id
    WHERE NOT v.voided AND v.voter IN (
        SELECT s.voter FROM prizes_signal s
        WHERE s.contest_id = %(contest)s AND s.hour >= %(since)s AND NOT s.before_void)
    GROUP BY v.voter, k.key
), one AS (
    SELECT s.voter, concat_ws('/', CASE WHEN %(network)s THEN s.network || ' ' || s.device END,
            CASE WHEN %(domain)s THEN s.domain END, CASE WHEN %(ballot)s THEN b.content END
        ) AS shared,
        max(s.hour) AS hour, max(b.votes) >= %(votes_min)s
        AND coalesce(sum(s.seconds) < %(seconds_max)s::int * sum(s.votes), true)
        AND coalesce(min(s.age) <= %(age_max)s::int, true) AS fits
    FROM prizes_signal s JOIN ballot b ON b.voter = s.voter
    WHERE s.contest_id = %(contest)s AND s.hour >= %(since)s AND NOT s.before_void
      AND NOT (%(network)s AND s.network = '') AND NOT (%(domain)s AND s.domain = '')
    GROUP BY s.voter, shared
), near AS (
    SELECT *, count(*) OVER (PARTITION BY shared ORDER BY hour
        RANGE BETWEEN %(span)s::interval PRECEDING AND CURRENT ROW) AS before
    FROM one WHERE fits
), crowd AS (
    SELECT *, max(before) OVER (PARTITION BY shared ORDER BY hour
        RANGE BETWEEN CURRENT ROW AND %(span)s::interval FOLLOWING) AS together
    FROM near
), everybody AS (
    SELECT shared, count(*) AS voters, count(*) FILTER (WHERE fits) AS fitting
    FROM one GROUP BY shared
)
SELECT c.shared, c.voter FROM crowd c JOIN everybody e ON e.shared = c.shared
WHERE (EXISTS (SELECT FROM prizes_pattern p WHERE p.rule_id = %(rule)s AND p.shared = c.shared)
       OR (c.together >= %(voters_min)s AND e.fitting * 100 >= e.voters * %(share_min)s))
  AND NOT EXISTS (SELECT FROM prizes_hold h
                  WHERE h.contest_id = %(contest)s AND h.voter = c.voter
                    AND h.state IN ('held', 'lapsed'))
  AND NOT EXISTS (SELECT FROM prizes_holdevent s
                  JOIN prizes_pattern p ON p.id = s.pattern_id AND p.rule_id = %(rule)s
                  JOIN prizes_hold h ON h.contest_id = s.contest_id AND h.voter = s.voter
                  WHERE s.contest_id = %(contest)s AND s.voter = c.voter
                    AND s.kind IN ('confirm', 'release') AND s.number > h.voided_after)
ORDER BY 1, 2
"""


def sweep() -> int:
    """Hold what fits a rule, in all contests that were not counted; returns of how many voters.
    Safe to run twice, also at the same moment."""
    keys = SignalKey.objects.filter(contest__counted_at=None).select_related("contest")
    return sum(sweep_contest(key.contest) for key in keys)


@transaction.atomic
def sweep_contest(contest: Contest) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [Lock.HELD_VOTES.value])
        # before the votes are read: what comes in meanwhile is the next sweep's
        cursor.execute("SELECT clock_timestamp()")
        now = cursor.fetchone()[0]
    key = SignalKey.objects.get(contest=contest)
    last = key.swept_at or now - datetime.timedelta(days=365)
    held = 0
    for rule in HoldRule.objects.filter(contest=contest).order_by("order"):
        for shared, voters in fitting(rule, last - MARGIN).items():
            pattern, _new = Pattern.objects.get_or_create(
                contest=contest, rule=rule, shared=shared
            )
            held += hold(pattern, voters)
    SignalKey.objects.filter(pk=key.pk).update(swept_at=now)
    return held


def fitting(rule: HoldRule, last: datetime.datetime) -> dict[str, list[str]]:
    """What they share → keys of the voters who are to be held by this rule."""
    span = datetime.timedelta(hours=rule.hours)
    parameters: dict[str, Any] = {
        "contest": rule.contest_id,
        "rule": rule.pk,
        "since": last - span,
        "span": span,
        "network": rule.shares_network,
        "domain": rule.shares_domain,
        "ballot": rule.shares_ballot,
        "voters_min": rule.voters_min,
        "votes_min": rule.votes_min,
        "seconds_max": rule.seconds_max,
        "age_max": rule.age_max,
        "share_min": rule.share_min,
    }
    groups: dict[str, list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(FITTING, parameters)
        for shared, voter in cursor.fetchall():
            groups[shared].append(voter)
    return groups


def forget_signals() -> int:
    """Delete what is no longer needed after the count, and the key of the hashes with it; returns
    how many rows of signals."""
    rows = Signal.objects.no_longer_needed().values("pk")[:AT_ONCE]
    deleted = Signal.objects.filter(pk__in=rows).delete()[0]
    signals = Signal.objects.filter(contest=models.OuterRef("contest"))
    keys = SignalKey.objects.filter(contest__counted_at__isnull=False)
    keys.exclude(models.Exists(signals)).delete()
    return deleted
