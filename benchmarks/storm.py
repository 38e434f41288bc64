"""`python -m benchmarks.storm`: 2,000 voters send the same vote ten times at once, then change and
withdraw, and nothing is doubled or lost; the same without constraint and lock must show doubles.

`--voters` sets the size; the default is that of docs/security.md (20,000 requests a round, 32
clients). The exit code is 1 on a fault, and when the control shows none: then nothing was tested.
"""

import argparse
import sys
from typing import Any

import psycopg

from benchmarks.prizes import Form, checked, make_contest, over_http, signed_in, staged

CLIENTS, REPEATS = 32, 10
LINE = "C1"
# What the ballot would be without its rules: look, then write. Nothing else differs.
NAIVE = """
ALTER TABLE prizes_vote DROP CONSTRAINT vote_once;
ALTER FUNCTION prize_vote RENAME TO prize_vote_kept;
CREATE FUNCTION prize_vote(
    the_contest bigint, the_category bigint, the_entry bigint, the_voter text,
    OUT outcome text, OUT receipt bigint
) LANGUAGE plpgsql AS $$
DECLARE link bigint;
BEGIN
    outcome := 'same';
    IF NOT EXISTS (SELECT FROM prizes_vote
                   WHERE category_id = the_category AND voter = the_voter) THEN
        outcome := 'cast';
        INSERT INTO prizes_chainhead (contest_id, shard, number, hash)
            VALUES (the_contest, ('x' || left(the_voter, 2))::bit(8)::int % 64, 0, repeat('0', 64))
            ON CONFLICT DO NOTHING;
        INSERT INTO prizes_ballotevent (contest_id, category_id, entry_id, voter, kind, reason)
            VALUES (the_contest, the_category, the_entry, the_voter, outcome, '')
            RETURNING id, receipt_number INTO link, receipt;
        INSERT INTO prizes_vote (category_id, voter, entry_id, event_id, voided)
            VALUES (the_category, the_voter, the_entry, link, false);
    END IF;
END $$;
"""
KEPT = (
    "DROP FUNCTION prize_vote",
    "ALTER FUNCTION prize_vote_kept RENAME TO prize_vote",
    "DELETE FROM prizes_vote"
    " WHERE id NOT IN (SELECT min(id) FROM prizes_vote GROUP BY category_id, voter)",
    "ALTER TABLE prizes_vote ADD CONSTRAINT vote_once UNIQUE (category_id, voter)",
)
COUNTS = """
SELECT (SELECT count(*) FROM prizes_ballotevent WHERE contest_id = %(contest)s AND kind = 'cast'),
       (SELECT count(*) FROM prizes_ballotevent WHERE contest_id = %(contest)s
        AND kind = 'withdraw'),
       count(v.id), count(DISTINCT v.voter)
FROM prizes_vote v JOIN prizes_category c ON c.id = v.category_id WHERE c.contest_id = %(contest)s
"""


def same_vote(slug: str, keys: list[str], entries: list[str]) -> list[Form]:
    """Ten times the same vote of each voter, next to each other: sent at the same moment."""
    path = f"/en/prizes/{slug}/ballot/{LINE}/"
    return [
        (path, key, {"entry": entries[0]}) for key in keys for _time in range(REPEATS)
    ]


def mixed(slug: str, keys: list[str], entries: list[str]) -> list[Form]:
    """Changes among three nominees, and two of ten take the vote back."""
    path = f"/en/prizes/{slug}/ballot/{LINE}/"
    steps = [(path, {"entry": entries[n % 3]}) for n in range(REPEATS - 2)]
    steps[3:3] = steps[7:7] = [(f"{path}withdraw/", {})]
    return [(path, key, fields) for key in keys for path, fields in steps]


def storm(
    environment: dict[str, str], forms: list[Form], contest: Any
) -> dict[str, int]:
    """Send all forms from 32 clients; what the database holds afterwards."""
    over_http(environment, [forms[client::CLIENTS] for client in range(CLIENTS)])
    with psycopg.connect(environment["DATABASE_URL"]) as line:
        row = line.execute(COUNTS, {"contest": contest.pk}).fetchone() or (0, 0, 0, 0)
    accepted, withdrawn, rows, voters = row
    return {
        "requests": len(forms),
        "accepted": accepted,
        "withdrawn": withdrawn,
        "rows": rows,
        "double": rows - voters,
        "lost": accepted - withdrawn - rows,
    }


def faults(environment: dict[str, str], voters: int) -> list[str]:
    """Both rounds with the rules on, printed; what is wrong with them."""
    contest, nominees = make_contest()
    entries, keys = [str(pk) for pk in nominees[LINE]], signed_in(voters)
    first = storm(environment, same_vote(contest.slug, keys, entries), contest)
    print("the same vote ten times:", first)
    second = storm(environment, mixed(contest.slug, keys, entries), contest)
    print("then changes and withdrawals:", second)
    print(checked(contest.slug, environment))
    wanted = {
        "accepted": voters,
        "withdrawn": 0,
        "rows": voters,
        "double": 0,
        "lost": 0,
    }
    found = [
        f"{name} {first[name]}, not {value}"
        for name, value in wanted.items()
        if first[name] != value
    ]
    return found + [
        f"{name} {second[name]}, not 0" for name in ("double", "lost") if second[name]
    ]


def control(environment: dict[str, str], voters: int) -> dict[str, int]:
    """The first round without the rules; the database is as before afterwards."""
    contest, nominees = make_contest()
    forms = same_vote(
        contest.slug, signed_in(voters), [str(pk) for pk in nominees[LINE]]
    )
    with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as line:
        line.execute(NAIVE)
        try:
            return storm(environment, forms, contest)
        finally:
            for statement in KEPT:
                line.execute(statement)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.storm")
    parser.add_argument("--voters", type=int, default=2_000)
    voters = parser.parse_args().voters
    with staged(voters) as environment:
        found = faults(environment, voters)
        without = control(environment, voters)
        print("control, without the rules:", without)
        if not without["double"]:
            found.append("the control shows no double: it tests nothing")
    print("\n".join(found) or "nothing doubled, nothing lost")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
