"""`python -m benchmarks.kills`: votes while web server and database are killed (SIGKILL), in turn.

64 clients send 200,000 steps: votes, double clicks, changes, withdrawals. Then two officers declare
every hundredth vote void, and its voters vote again. A step that is not answered is sent again, as
people do. When all are answered, each vote that stands has to be the one that its voter was told
last, the tally the same as a recount of what was told, and the record has to verify. The exit code
is 1 on a fault. `--votes`, `--clients`, `--every` (seconds between kills) set the size.
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
from django.test import override_settings

from benchmarks.pages import HEALTH, wait_for
from benchmarks.prizes import CATEGORIES, checked, make_contest, signed_in, staged
from wsis_portal.run import embedded

STEPS = 21  # of a voter, about: 18 categories, changes, withdrawals
SEED = 14
VOID = 100  # of so many votes one is declared void
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


@override_settings(REQUIRE_STAFF_MFA=False)  # these officers sign in nowhere
def void_some(
    contest: Any, nominees: dict[str, list[int]], stand: Choices
) -> dict[int, list[Any]]:
    """Declare votes void; their voters with the steps by which they vote again, some for the same
    nominee and with a double click. `stand` is then what stands after these steps."""
    from django.db import connections

    from accounts.role.roles import Role
    from accounts.user.models import User
    from prizes.ballot.models import Vote
    from prizes.ballot.voiding import Voiding
    from prizes.ballot.voter import voter_of

    connections.close_all()  # its server was killed
    one, two = (
        User.objects.get_or_create(email=f"{name}@bench-officers.example")[0]
        for name in ("one", "two")
    )
    for officer in (one, two):
        officer.grant(Role.SECRETARIAT)
    people = list(User.objects.filter(email__endswith="@bench.example").order_by("pk"))
    dice, steps = random.Random(SEED), dict[int, list[Any]]()  # noqa: S311  (repeatable)
    for voter, code in sorted(stand)[::VOID]:
        vote = Vote.objects.get(
            voter=voter_of(contest.pk, people[voter]), category__action_line=code
        )
        case = Voiding(event=vote.event, reason="Benchmark", told="Benchmark")
        case.propose(one)
        case.confirm(two)
        if dice.random() < 0.5:
            stand[voter, code] = dice.choice(nominees[code])
        path = f"/en/prizes/{contest.slug}/ballot/{code}/"
        clicks = 1 + (dice.random() < 0.5)
        step = [path, {"entry": str(stand[voter, code])}, clicks]
        steps.setdefault(voter, []).append(step)
    return steps


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


def storm(web: Web, pairs: list[Any], number: int, every: float) -> dict[str, Any]:
    """Send everything by `number` clients, and kill in turn meanwhile; what they tell. `pairs`:
    session key and steps of each voter."""
    kills = Counter[str]()
    order = {
        "base": f"http://127.0.0.1:{web.port}",
        "queues": [pairs[n::number] for n in range(number)],
    }
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
        sessions = signed_in(voters)
        web = Web(environment)
        try:
            web.start()
            size = f"{voters} voters, {CATEGORIES} categories, {len(stand)} votes stand"
            print(size, flush=True)
            pairs = list(zip(sessions, steps, strict=True))
            print(storm(web, pairs, chosen.clients, chosen.every), flush=True)
            again = void_some(contest, nominees, stand)
            print(f"{sum(map(len, again.values()))} votes are void", flush=True)
            pairs = [(sessions[voter], more) for voter, more in again.items()]
            often = chosen.every / 20  # they are a hundredth of the votes
            print(storm(web, pairs, chosen.clients, often), flush=True)
        finally:
            web.kill()
        print(checked(contest.slug, environment))
        found = faults(contest, environment["DATABASE_URL"], voters, stand)
    print("\n".join(found) or "nothing lost, nothing doubled, nothing changed")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
