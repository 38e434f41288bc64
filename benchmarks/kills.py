"""`python -m benchmarks.kills`: votes while web server and database are killed (SIGKILL), in turn.

64 clients send 200,000 steps: votes, double clicks, changes, withdrawals. A step that is not
answered is sent again, as people do. When all are answered, each vote that stands has to be the one
that its voter was told last, the tally the same as a recount of what was told, and the record has
to verify. The exit code is 1 on a fault. `--votes`, `--clients`, `--every` (seconds between kills)
set the size.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.pages import HEALTH, wait_for
from benchmarks.prizes import CATEGORIES, checked, make_contest, signed_in, staged
from wsis_portal.run import embedded

STEPS = 21  # of a voter, about: 18 categories, changes, withdrawals
SEED = 14
START = 300  # seconds until a killed server answers again, on a machine that is busy
STORES = ("DATABASE_URL", "REDIS_URL")
Choices = dict[tuple[int, str], int]  # number of the voter, category → entry
VOTES = """
SELECT v.voter, c.action_line_id, v.entry_id FROM prizes_vote v
JOIN prizes_category c ON c.id = v.category_id WHERE c.contest_id = %s AND NOT v.voided
"""


def plan(
    slug: str, nominees: dict[str, list[int]], voters: int
) -> tuple[list[list[Any]], Choices]:
    """The steps of each voter, and the choices that stand at the end."""
    dice, found, stand = random.Random(SEED), [], Choices()  # noqa: S311  (repeatable)
    for voter in range(voters):
        steps: list[Any] = []
        for code, entries in nominees.items():
            path = f"/en/prizes/{slug}/ballot/{code}/"
            for _time in range(1 + (dice.random() < 0.1)):
                stand[voter, code] = dice.choice(entries)
                clicks = 1 + (dice.random() < 0.05)
                steps.append([path, {"entry": str(stand[voter, code])}, clicks])
            if dice.random() < 0.05:
                del stand[voter, code]
                steps.append([f"{path}withdraw/", {}, 1])
        found.append(steps)
    return found, stand


class Web:
    """The web server, which can be killed with all of its workers."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment | {"PYTHONPATH": os.getcwd()}
        self.port = embedded.free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        words = f"-m granian --interface wsgi --port {self.port} --workers 2"
        words += (
            " --blocking-threads 4 --log-level warning wsis_portal.wsgi:application"
        )
        with (Path(self.environment["VAR_DIR"]) / "kills-web.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *words.split()],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_for(self.port, HEALTH, START)

    def kill(self) -> None:
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def kill_database() -> None:
    """The server at once; its sessions notice that it is gone. Then it recovers."""
    kept = {name: os.environ.pop(name) for name in STORES}
    try:
        store = embedded.known_stores(embedded.var_folder())[0]
        pid = store.pid()
        if pid:
            os.kill(pid, signal.SIGKILL)
        embedded.start(embedded.var_folder(), linked=False)
    finally:
        os.environ.update(kept)


def storm(web: Web, order: dict[str, Any], every: float) -> dict[str, Any]:
    """Send everything, and kill in turn meanwhile; what the clients tell at the end."""
    kills = Counter[str]()
    clients = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.stubborn"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert clients.stdin  # noqa: S101  (a pipe, as asked for)
    assert clients.stdout  # noqa: S101
    clients.stdin.write(json.dumps(order))
    clients.stdin.close()
    while not _ends_within(clients, every):
        if kills["web"] > kills["database"]:
            kill_database()
            kills["database"] += 1
        else:
            web.kill()
            web.start()
            kills["web"] += 1
    told: dict[str, Any] = json.loads(clients.stdout.read())
    return told | {"kills": dict(kills)}


def _ends_within(process: subprocess.Popen[str], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def faults(contest: Any, url: str, voters: int, stand: Choices) -> list[str]:
    """What stands in the database against what the voters were told."""
    from django.db import connections

    from accounts.user.models import User
    from prizes.ballot.voter import voter_of
    from prizes.result.counting import recount, tally

    connections.close_all()  # its server was killed
    people = User.objects.filter(email__endswith="@bench.example").order_by("pk")
    number = {voter_of(contest.pk, user): n for n, user in enumerate(people[:voters])}
    with psycopg.connect(url) as line:
        rows = line.execute(VOTES, [contest.pk]).fetchall()
    found = {(number[voter], code): entry for voter, code, entry in rows}
    told = Counter(stand.values())
    lost = sum(key not in found for key in stand)
    other = sum(found.get(key) not in (None, entry) for key, entry in stand.items())
    return [
        f"{what}: {count}"
        for what, count in {
            "lost": lost,
            "another entry than told": other,
            "withdrawn, but there": len(found.keys() - stand.keys()),
            "double": len(rows) - len(found),
            "tally that is not what was told": int(tally(contest) != told),
            "recount that is not what was told": int(recount(contest) != told),
        }.items()
        if count
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills")
    parser.add_argument("--votes", type=int, default=200_000)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--every", type=float, default=45)
    chosen = parser.parse_args()
    voters = -(-chosen.votes // STEPS)
    with staged(voters) as environment:
        contest, nominees = make_contest()
        steps, stand = plan(contest.slug, nominees, voters)
        pairs = list(zip(signed_in(voters), steps, strict=True))
        web = Web(environment)
        web.start()
        try:
            order = {
                "base": f"http://127.0.0.1:{web.port}",
                "queues": [pairs[n :: chosen.clients] for n in range(chosen.clients)],
            }
            size = f"{voters} voters, {CATEGORIES} categories, {len(stand)} votes stand"
            print(size, flush=True)
            print(storm(web, order, chosen.every), flush=True)
        finally:
            web.kill()
        print(checked(contest.slug, environment))
        found = faults(contest, environment["DATABASE_URL"], voters, stand)
    print("\n".join(found) or "nothing lost, nothing doubled, nothing changed")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
