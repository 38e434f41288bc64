"""`python -m benchmarks.prizes`: votes per second over HTTP, beside bare INSERT … ON CONFLICT.

`--members` and `--votes` set the size; the defaults are the full one (500,000 members, 360
nominees). The database benchprizes stays in the configured server; drop it to build anew. The
ratio of both numbers of one run is what can be compared between machines.
"""

import argparse
import json
import os
import secrets
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.__main__ import database, machine, prepare
from benchmarks.pages import server
from wsis_portal import embedded

CLIENTS = 16
NOMINEES = 20  # in each of 18 categories
SLUG = "benchmark"

MEMBERS = """
INSERT INTO accounts_user (email, password, first_name, last_name, is_superuser, is_staff,
    is_active, date_joined, language, time_zone)
SELECT 'voter' || n || '@bench.example', '!' || md5(n::text), 'Voter', n::text, false, false, true,
    now(), 'en', 'UTC'
FROM generate_series(1, {members}) AS n
ON CONFLICT DO NOTHING;
INSERT INTO stocktaking_member (user_id, wants_news, created_at)
SELECT id, false, now() FROM accounts_user WHERE email LIKE 'voter%@bench.example'
ON CONFLICT DO NOTHING;
ANALYZE accounts_user; ANALYZE stocktaking_member;
"""
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
    """Members by SQL: half a million in about a minute."""
    with psycopg.connect(url, autocommit=True) as line:
        (known,) = line.execute("SELECT count(*) FROM accounts_user").fetchone() or (0,)
        if known < members:
            line.execute(MEMBERS.format(members=members))


def stage(votes: int) -> list[list[str]]:
    """A fresh contest with its nominees, and the forms of so many votes, each with a session."""
    import django  # noqa: PLC0415  (the environment had to be set first)

    django.setup()
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415
    from django.contrib.sessions.models import Session  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from accounts.models import User  # noqa: PLC0415

    contest, nominees = make_contest()
    voters = User.objects.filter(email__endswith="@bench.example").order_by("pk")
    later = timezone.now() + timezone.timedelta(days=1)
    sessions, forms = [], []
    for number, user in enumerate(voters[: -(-votes // 18)]):
        key = secrets.token_hex(16)
        data = {"_auth_user_id": str(user.pk), "_auth_user_hash": user.get_session_auth_hash(),
                "_auth_user_backend": "accounts.backends.RoleBackend"}  # fmt: skip
        encoded = SessionStore().encode(data)
        sessions.append(Session(session_key=key, session_data=encoded, expire_date=later))
        for code, entries in nominees.items():
            path = f"/en/prizes/{contest.slug}/ballot/{code}/"
            forms.append([path, key, str(entries[number % len(entries)])])
    Session.objects.bulk_create(sessions, batch_size=5000)
    return forms[:votes]


def make_contest() -> tuple[Any, dict[str, list[int]]]:
    """A contest of its own for each run, with 20 nominees in every category."""
    from django.utils import timezone  # noqa: PLC0415

    from prizes.loading import make_categories  # noqa: PLC0415
    from prizes.models import Contest, Entry, Phase  # noqa: PLC0415
    from stocktaking.models import Project  # noqa: PLC0415

    contest = Contest.objects.create(
        slug=f"{SLUG}-{secrets.token_hex(3)}", year=2026, title="Benchmark", is_demonstration=True,
        sealed=False,
    )  # fmt: skip
    make_categories(contest)
    day = timezone.timedelta(days=1)
    Phase.objects.create(contest=contest, kind="voting", opens_at=timezone.now() - day,
                         closes_at=timezone.now() + day)  # fmt: skip
    projects = iter(Project.objects.order_by("pk")[: NOMINEES * 18])
    found = {}
    for category in contest.categories.all():
        rows = Entry.objects.bulk_create(
            Entry(contest=contest, category=category, project=project, title=project.title,
                  organisation_name=project.organisation_name, description=project.summary,
                  exclusive=False, status="nominated")
            for project in (next(projects) for _n in range(NOMINEES))
        )  # fmt: skip
        found[category.code] = [row.pk for row in rows]
    return contest, found


def over_http(environment: dict[str, str], forms: list[list[str]]) -> dict[str, Any]:
    with server(environment | {"PYTHONPATH": os.getcwd()}) as (base, _parent):
        order = {"base": base, "clients": CLIENTS, "forms": forms}
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.voters"],
            input=json.dumps(order), text=True, capture_output=True, check=True,
        )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    if found["failures"]:
        raise SystemExit(f"{len(found['failures'])} votes failed: {found['failures'][:3]}")
    return found


def bare(url: str, votes: int) -> float:
    """Votes a second by the least that could keep one vote per voter and category."""
    with psycopg.connect(url, autocommit=True) as line:
        line.execute(BARE)

    def insert(client: int) -> None:
        with psycopg.connect(url, autocommit=True) as line:
            for number in range(client, votes, CLIENTS):
                line.execute(INSERT, [number % 18, f"{number // 18:064x}", number % 360])

    threads = [threading.Thread(target=insert, args=(client,)) for client in range(CLIENTS)]
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
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.prizes")
    parser.add_argument("--members", type=int, default=500_000)
    parser.add_argument("--votes", type=int, default=36_000)
    chosen = parser.parse_args()
    var = embedded.var_folder()
    with embedded.stores_for("bench", var):
        url = os.environ.get("DATABASE_URL") or embedded.database_url(var)
        redis = os.environ.get("REDIS_URL") or embedded.redis_url(var)
        environment = os.environ | {
            "DATABASE_URL": database(url, "benchprizes"), "REDIS_URL": redis,
            "DJANGO_SETTINGS_MODULE": "wsis_portal.settings", "VAR_DIR": str(var),
        }  # fmt: skip
        print(machine(url))
        prepare(environment, NOMINEES * 18 + 40)
        seed(environment["DATABASE_URL"], chosen.members)
        os.environ.update(environment)
        forms = stage(chosen.votes)
        http = over_http(environment, forms)
        plain = bare(environment["DATABASE_URL"], len(forms))
        times, rate = http["times"], len(http["times"]) / http["seconds"]
        figure = {
            "members": chosen.members, "votes": len(forms), "clients": CLIENTS,
            "per_second": round(rate, 1), "p50_ms": round(times[len(times) // 2], 1),
            "p95_ms": round(times[int(len(times) * 0.95)], 1),
            "bare_per_second": round(plain, 1), "ratio": round(rate / plain, 4),
        }  # fmt: skip
        print(json.dumps(figure, indent=1))
        print(checked(forms[0][0].split("/")[3], environment))
        (Path(var) / "bench-prizes.json").write_text(json.dumps(figure), encoding="utf-8")


if __name__ == "__main__":
    main()
