"""`python -m benchmarks.prizes`: votes per second over HTTP, beside bare INSERT … ON CONFLICT.

`--members` and `--votes` set the size; the defaults are the full one (500,000 members, 360
nominees, 36,000 votes of each way). Each of the sixteen clients is one voter after another, who
votes in all 18 categories: first one category after the other, a request for each vote, then, in
a contest of its own, the whole ballot in one request. The database benchprizes stays in the
configured server; drop it to build anew. The ratio of both numbers of one run is what can be
compared between machines.
"""

import argparse
import datetime
import json
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.pages import HEALTH, server
from benchmarks.preparing import bench, prepare

CLIENTS = 16
CATEGORIES, NOMINEES = 18, 20  # nominees in each
SLUG = "benchmark"
Form = tuple[str, str, dict[str, str]]  # path, session key, fields

# Each a copy of the first, which the portal itself made: a new column needs no line here.
MEMBERS = """
INSERT INTO accounts_user SELECT made.* FROM accounts_user AS first, generate_series(2, %(members)s)
    AS n, jsonb_populate_record(first, jsonb_build_object('email', 'voter' || n || '@bench.example',
        'id', nextval(pg_get_serial_sequence('accounts_user', 'id')))) AS made
    WHERE first.email = 'voter1@bench.example'
ON CONFLICT DO NOTHING;
INSERT INTO stocktaking_member SELECT made.* FROM stocktaking_member AS first
    JOIN accounts_user AS one ON one.id = first.user_id AND one.email = 'voter1@bench.example',
    accounts_user AS other, jsonb_populate_record(first, jsonb_build_object('user_id', other.id,
        'id', nextval(pg_get_serial_sequence('stocktaking_member', 'id')))) AS made
    WHERE other.email LIKE 'voter%%@bench.example'
ON CONFLICT DO NOTHING;
ANALYZE accounts_user; ANALYZE stocktaking_member;
"""
SEARCHES = (
    "SELECT indexname, indexdef FROM pg_indexes WHERE indexname LIKE 'user_%_trgm'"
)
BARE = """
DROP TABLE IF EXISTS bench_vote;
CREATE TABLE bench_vote (
    id bigserial PRIMARY KEY, category_id bigint NOT NULL, voter varchar(64) NOT NULL,
    entry_id bigint NOT NULL, at timestamptz NOT NULL DEFAULT now(), UNIQUE (category_id, voter))
"""
INSERT = """
INSERT INTO bench_vote (category_id, voter, entry_id) VALUES (%s, %s, %s)
ON CONFLICT (category_id, voter) DO UPDATE SET entry_id = excluded.entry_id
"""


def seed(url: str, members: int) -> None:
    """Members by SQL, and the indexes of the desk's search, slow to fill, made again afterwards."""
    with psycopg.connect(url, autocommit=True) as line:
        (known,) = line.execute(
            "SELECT count(*) FROM stocktaking_member"
        ).fetchone() or (0,)
        if known >= members:
            return
        searches = line.execute(SEARCHES).fetchall()
        for name, _made_by in searches:
            line.execute(f'DROP INDEX "{name}"')
        first_member()
        with psycopg.ClientCursor(line) as cursor:  # several statements in one text
            cursor.execute(MEMBERS, {"members": members})
        for _name, made_by in searches:
            line.execute(made_by)


def first_member() -> None:
    from accounts.user.models import User
    from reference.country.models import Country
    from reference.term.models import StakeholderType
    from stocktaking.member.models import Member

    address = "voter1@bench.example"
    known = User.objects.filter(email=address).first() or User.objects.create_user(
        address
    )
    known.last_name = "Voter"
    known.save(update_fields=["last_name"])
    member = Member.objects.profile_of(known)  # complete: others cannot vote
    member.country = Country.objects.first()
    member.stakeholder_type = StakeholderType.objects.first()
    member.save()


def signed_in(count: int) -> list[str]:
    """Session keys of so many members."""
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    from accounts.session.store import SessionStore
    from accounts.user.models import User

    seen, later = int(time.time()), timezone.now() + datetime.timedelta(days=1)
    sessions = [
        Session(
            session_key=secrets.token_hex(16),
            expire_date=later,
            session_data=SessionStore().encode(
                {
                    "_auth_user_id": str(user.pk),
                    "_auth_user_hash": user.get_session_auth_hash(),
                    "_auth_user_backend": "accounts.user.backends.RoleBackend",
                    "started_at": seen,
                    "seen_at": seen,
                }
            ),
        )
        for user in User.objects.filter(email__endswith="@bench.example").order_by(
            "pk"
        )[:count]
    ]
    Session.objects.bulk_create(sessions, batch_size=5000)
    return [session.session_key for session in sessions]


def stage(votes: int, whole: bool) -> tuple[Any, list[list[Form]]]:
    """A fresh contest with its nominees, and what each client sends: ballot after ballot."""
    contest, nominees = make_contest()
    queues: list[list[Form]] = [[] for _client in range(CLIENTS)]
    path = f"/en/prizes/{contest.slug}/ballot/"
    for number, key in enumerate(signed_in(-(-votes // CATEGORIES))):
        chosen = {code: str(rows[number % NOMINEES]) for code, rows in nominees.items()}
        queues[number % CLIENTS] += (
            [(path, key, {f"vote-{code}": entry for code, entry in chosen.items()})]
            if whole
            else [
                (f"{path}{code}/", key, {"entry": entry})
                for code, entry in chosen.items()
            ]
        )
    return contest, queues


def make_contest() -> tuple[Any, dict[str, list[int]]]:
    """A contest of its own for each run, with 20 nominees in every category."""
    from django.utils import timezone

    from prizes.contest.loading import make_categories
    from prizes.contest.models import (
        Contest,
        Phase,
    )
    from prizes.entry.models import Entry
    from stocktaking.project.models import Project

    contest = Contest.objects.create(
        slug=f"{SLUG}-{secrets.token_hex(3)}",
        year=2026,
        title="Benchmark",
        is_demonstration=True,
        sealed=False,
    )
    make_categories(contest)
    day = datetime.timedelta(days=1)
    Phase.objects.create(
        contest=contest,
        kind="voting",
        opens_at=timezone.now() - day,
        closes_at=timezone.now() + day,
    )
    projects = iter(Project.objects.order_by("pk")[: NOMINEES * CATEGORIES])
    found = {}
    for category in contest.categories.all():
        rows = Entry.objects.bulk_create(
            Entry(
                contest=contest,
                category=category,
                project=project,
                title=project.title,
                organization_name=project.organization_name,
                description=project.summary,
                exclusive=False,
                status="nominated",
            )
            for project in (next(projects) for _n in range(NOMINEES))
        )
        found[category.code] = [row.pk for row in rows]
    return contest, found


def over_http(environment: dict[str, str], queues: list[list[Form]]) -> dict[str, Any]:
    with server(environment | {"PYTHONPATH": os.getcwd()}, probe=HEALTH) as (
        base,
        _parent,
    ):
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.voters"],
            input=json.dumps({"base": base, "queues": queues}),
            text=True,
            capture_output=True,
            check=True,
        )
    found: dict[str, Any] = json.loads(done.stdout)
    if found["failures"]:
        raise SystemExit(
            f"{len(found['failures'])} votes failed: {found['failures'][:3]}"
        )
    return found


def bare(url: str, votes: int) -> float:
    """Votes a second by the least that could keep one vote per voter and category."""
    with psycopg.connect(url, autocommit=True) as line:
        line.execute(BARE)

    def insert(client: int) -> None:
        with psycopg.connect(url, autocommit=True) as line:
            for number in range(client, votes, CLIENTS):
                voter = f"{number // CATEGORIES:064x}"
                line.execute(INSERT, [number % CATEGORIES, voter, number % 360])

    threads = [
        threading.Thread(target=insert, args=(client,)) for client in range(CLIENTS)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return votes / (time.perf_counter() - started)


def checked(slug: str, environment: dict[str, str]) -> str:
    """What `verify_ballots` says of the run: a count that is not right is no measure."""
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_ballots", slug],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@contextmanager
def staged(members: int) -> Iterator[dict[str, str]]:
    """The database of the benchmark with its members, and Django set up for it here."""
    import django

    with bench("benchprizes") as environment:
        os.environ.update(environment)
        began = time.perf_counter()
        prepare(environment, NOMINEES * CATEGORIES + 40)
        django.setup()
        seed(environment["DATABASE_URL"], members)
        print(
            f"{members} members, {NOMINEES * CATEGORIES} nominees: made in"
            f" {time.perf_counter() - began:.0f} s"
        )
        yield environment


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.prizes")
    parser.add_argument("--members", type=int, default=500_000)
    parser.add_argument("--votes", type=int, default=36_000)
    chosen = parser.parse_args()
    figures = []
    with staged(chosen.members) as environment:
        for whole in (False, True):
            figures.append(
                measured(environment, chosen.votes, whole) | {"members": chosen.members}
            )
            print(json.dumps(figures[-1], indent=1))
        kept = Path(environment["VAR_DIR"]) / "bench-prizes.json"
        kept.write_text(json.dumps(figures), encoding="utf-8")


def measured(environment: dict[str, str], votes: int, whole: bool) -> dict[str, Any]:
    """Votes a second in one of the two ways, the bare INSERT right after it, and their ratio."""
    contest, queues = stage(votes, whole)
    http = over_http(environment, queues)
    times = http["times"]
    cast = len(times) * (CATEGORIES if whole else 1)
    plain, rate = bare(environment["DATABASE_URL"], cast), cast / http["seconds"]
    print(checked(contest.slug, environment))
    return {
        "way": "whole ballots" if whole else "one vote a request",
        "votes": cast,
        "clients": CLIENTS,
        "per_second": round(rate, 1),
        "p50_ms": round(times[len(times) // 2], 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1),
        "bare_per_second": round(plain, 1),
        "ratio": round(rate / plain, 4),
    }


if __name__ == "__main__":
    main()
