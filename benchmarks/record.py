"""`python -m benchmarks.record`: how long verifying and counting takes, and what voters feel of
it.

`--events` sets the size (2,000,000 is the full one). Events are copied in as the triggers would
have written them. The worker is a process of its own: its seconds are divided by the factor of the
machine (calibration.py), its memory is its peak. 16 clients vote, first alone, then while such a
worker verifies. The database benchprizes stays in the configured server.
"""

import argparse
import datetime
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import psycopg

from benchmarks.calibration import factor
from benchmarks.prizes import (
    CATEGORIES,
    NOMINEES,
    make_contest,
    over_http,
    stage,
    staged,
)

INSIDE = """
import resource, sys, time
import django
django.setup()
from prizes.contest.models import Contest
from prizes.result.verification import verified_now
began = time.perf_counter()
done = verified_now(Contest.objects.get(slug=sys.argv[1]))
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(done.state, done.events, repr(done.problem), sum(done.votes.values()),
      round(time.perf_counter() - began, 1), round(memory))
"""
EVENT = """COPY prizes_ballotevent (id, contest_id, category_id, entry_id, voter, kind, reason,
    shard, number, at, previous, hash, receipt_number) FROM STDIN"""
# What the trigger and `prize_vote` keep besides.
DERIVED = (
    "INSERT INTO prizes_vote (category_id, voter, entry_id, event_id, voided)"
    " SELECT category_id, voter, entry_id, id, false FROM prizes_ballotevent WHERE id > %(first)s",
    "INSERT INTO prizes_voter (contest_id, key, events)"
    " SELECT contest_id, voter, count(*) FROM prizes_ballotevent WHERE id > %(first)s"
    " GROUP BY 1, 2",
    "INSERT INTO prizes_chainhead (contest_id, shard, number, hash)"
    " SELECT DISTINCT ON (shard) contest_id, shard, number, hash FROM prizes_ballotevent"
    " WHERE contest_id = %(contest)s ORDER BY shard, number DESC",
    "SELECT setval(pg_get_serial_sequence('prizes_ballotevent', 'id'),"
    " (SELECT max(id) FROM prizes_ballotevent))",
)


def receipt_of(event_hash: str, attempt: int) -> int:
    text = f"receipt|{event_hash}|{attempt}"
    return int(sha256(text.encode()).hexdigest()[:11], 16)


def made(
    contest: Any, keys: list[str], nominees: dict[str, list[int]], first: int
) -> Iterator[tuple[Any, ...]]:
    """The columns of each event after `first`, as the trigger would have written them."""
    from prizes.ballot.models import GENESIS, Link, link_hash, shard_of

    places = list(contest.categories.values_list("pk", "action_line_id"))
    at = datetime.datetime.now(datetime.UTC).replace(minute=0, second=0, microsecond=0)
    heads: dict[int, tuple[int, str]] = {}
    taken: set[int] = set()
    for place, key in enumerate(keys):
        shard = shard_of(key)
        for category, code in places:
            number, previous = heads.get(shard, (0, GENESIS))
            entry = nominees[code][place % NOMINEES]
            link = Link(
                contest.pk, shard, number + 1, "cast", category, key, entry, at, ""
            )
            own = link_hash(previous, link)
            receipt = receipt_of(own, 0)
            if receipt in taken:
                receipt = receipt_of(own, 1)
            taken.add(receipt)
            heads[shard] = number + 1, own
            first += 1
            before = (first, contest.pk, category, entry, key, "cast", "", shard)
            yield (*before, number + 1, at, previous, own, receipt)


def fill(url: str, contest: Any, nominees: dict[str, list[int]], events: int) -> None:
    """Whole ballots of so many voters, who are accounts; verifying them says whether they are as
    the triggers would have written them."""
    from accounts.user.models import User
    from prizes.ballot.voter import voter_keys

    accounts = User.objects.order_by("pk").values_list("pk", flat=True)
    keys = list(voter_keys(contest.pk, accounts[: events // CATEGORIES]))
    with psycopg.connect(url) as line, line.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SELECT coalesce(max(id), 0) FROM prizes_ballotevent")
        (first,) = cursor.fetchone() or (0,)
        with cursor.copy(EVENT) as copy:
            for row in made(contest, keys, nominees, first):
                copy.write_row(row)
        for statement in DERIVED:
            cursor.execute(statement, {"contest": contest.pk, "first": first})
    with psycopg.connect(url, autocommit=True) as line:
        line.execute("ANALYZE prizes_ballotevent, prizes_vote, prizes_voter")


def worker(environment: dict[str, str], slug: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", INSIDE, slug]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def alone(environment: dict[str, str], slug: str) -> dict[str, Any]:
    """One verification with nothing else running."""
    slow = factor(environment["DATABASE_URL"])
    began = time.perf_counter()
    out, _none = worker(environment, slug).communicate()
    state, events, problem, votes, seconds, memory = out.rsplit(maxsplit=5)
    return {
        "state": state,
        "events": int(events),
        "problem": problem,
        "counted": int(votes),
        "seconds": float(seconds),
        "whole_process_seconds": round(time.perf_counter() - began, 1),
        "factor": round(slow, 2),
        "calibrated_seconds": round(float(seconds) / slow, 1),
        "peak_mb": int(memory),
    }


def voting(environment: dict[str, str], votes: int, slug: str = "") -> float:
    """Votes a second over HTTP, one a request; with a slug while its record is verified."""
    _contest, queues = stage(votes, whole=False)
    busy = worker(environment, slug) if slug else None
    found = over_http(environment, queues)
    if busy:
        if busy.poll() is not None:
            print("The worker was done before the voters: take more events.")
        busy.kill()
        busy.wait()
    return round(len(found["times"]) / found["seconds"], 1)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.record")
    parser.add_argument("--events", type=int, default=2_000_000)
    parser.add_argument("--votes", type=int, default=9_000)
    chosen = parser.parse_args()
    with staged(chosen.events // CATEGORIES + 2000) as environment:
        from prizes.contest.models import Phase

        contest, nominees = make_contest()
        began = time.perf_counter()
        fill(environment["DATABASE_URL"], contest, nominees, chosen.events)
        print(f"{chosen.events} events: written in {time.perf_counter() - began:.0f} s")
        before = voting(environment, chosen.votes)
        meanwhile = voting(environment, chosen.votes, contest.slug)
        phase = Phase.objects.get(contest=contest, kind="voting")
        phase.closes_at = phase.opens_at + (phase.closes_at - phase.opens_at) / 2
        phase.save()
        time.sleep(1)
        figures = alone(environment, contest.slug)
        figures |= {
            "votes_per_second": before,
            "votes_per_second_meanwhile": meanwhile,
            "slower": f"{100 - 100 * meanwhile / before:.0f} %",
        }
        print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
