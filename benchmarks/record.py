"""`python -m benchmarks.record`: how long verifying and counting takes, and what voters feel of
it.

`--events` sets the size (2,000,000 is the full one). Events are written by `prize_vote`, as those
of voters are. The worker is a process of its own: its seconds are divided by the factor of the
machine (calibration.py), its memory is its peak. 16 clients vote, first alone, then while such a
worker verifies. The database benchprizes stays in the configured server.
"""

import argparse
import json
import subprocess
import sys
import time
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

# Few to a transaction: the heads of the chains change with each vote, and what a transaction has
# written over is only cleared when it ends.
VOTERS_AT_ONCE = 40
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
VOTES = """
SELECT count(v.outcome) FROM unnest(%s::text[]) AS voter (key)
CROSS JOIN unnest(%s::bigint[], %s::bigint[]) AS chosen (category, entry)
CROSS JOIN LATERAL prize_vote(%s, chosen.category, chosen.entry, voter.key) v
"""


def fill(url: str, contest: Any, nominees: dict[str, list[int]], events: int) -> None:
    """Whole ballots of so many voters, who are accounts."""
    from accounts.user.models import User
    from prizes.ballot.voter import voter_keys

    accounts = User.objects.order_by("pk").values_list("pk", flat=True)
    keys = list(voter_keys(contest.pk, accounts[: events // CATEGORIES]))
    categories = list(contest.categories.values_list("action_line_id", "pk"))
    with psycopg.connect(url, autocommit=True) as line:
        for start in range(0, len(keys), VOTERS_AT_ONCE):
            place = start // VOTERS_AT_ONCE % NOMINEES
            entries = [nominees[code][place] for code, _pk in categories]
            chosen = [pk for _code, pk in categories], entries, contest.pk
            line.execute(VOTES, [keys[start : start + VOTERS_AT_ONCE], *chosen])
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
