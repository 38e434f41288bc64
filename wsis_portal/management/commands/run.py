"""Runs everything on one machine: stores, data, web server, workers and scheduler under one
supervisor."""

import http.client
import json
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.management.commands.demo_users import PASSWORD
from accounts.role.roles import Role
from reports.management.commands import demo_reports
from wsis_portal.health import probes
from wsis_portal.loading.facts import FACTS, load, quietly
from wsis_portal.requests import capacity
from wsis_portal.run import embedded, static_files, supervisor
from wsis_portal.run.supervisor import Supervisor

# For whoever tries the portal; only with DEMO=1.
DEMONSTRATION = (
    ("demo users", "demo_users"),
    ("a demonstration of an agency", "demo_agency"),
    ("a demonstration of voting", "demo_contest"),
    ("a demonstration of the Forum", "demo_forum"),
    ("a few submissions for the desk", "demo_submissions"),
)
CELERY = (sys.executable, "-m", "celery", "-A", "wsis_portal")
ANSWER_SECONDS = 30  # seconds to wait for one answer of a busy web server


class Command(BaseCommand):
    help = "Prepare the database and run web server, workers and beat (HOST=, PORT=, DEMO=1)."
    requires_system_checks = []  # the steps check what they need; a second start is to be quick

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = supervisor.free_address()
        stores = embedded.known_stores(settings.VAR_DIR)
        environment = {
            "SITE_URL": os.environ.get("SITE_URL") or _address(host, port),
            "ALLOWED_HOSTS": os.environ.get("ALLOWED_HOSTS") or ",".join(_names(host)),
        }
        processes = Supervisor(settings.VAR_DIR, stores, environment, self.say)
        try:
            self.prepare()
            self.start_web(processes, host, port)
            self.welcome(host, port)
            self.start_workers(processes)
            if settings.DEMO and not demo_reports.is_complete():
                self.build_reports(processes)
            while True:
                processes.tend_until(lambda: False, 3600)
        finally:
            self.say("Stopping …")
            processes.stop()

    def say(self, text: str, ending: str = "\n") -> None:
        self.stdout.write(text, ending=ending)
        self.stdout.flush()

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        self.say(f"  {title} … ", ending="")
        began = time.monotonic()
        yield
        self.say(f"{time.monotonic() - began:.1f} s")

    def prepare(self) -> None:
        """Bring database and files up to date with the code; quick when they are."""
        with self.step("languages"):  # first: data with names in six languages use them
            quietly("compilemessages")
        with self.step("tables"):
            quietly("migrate", interactive=False)
        for title, commands in FACTS:
            with self.step(title):
                load(commands)
        for title, command in DEMONSTRATION if settings.DEMO else ():
            with self.step(title):
                quietly(command)
        with self.step("style sheets, scripts, pictures"):
            static_files.collect_if_changed()

    def start_web(self, processes: Supervisor, host: str, port: int) -> None:
        def is_ours() -> bool:
            return _who_answers(host, port) == processes.run_id

        with self.step("web server"):
            web = processes.start("web", _web(host, port))
            processes.wait_for(is_ours, [web], self.waiting_for("its first answer"))

    def start_workers(self, processes: Supervisor) -> None:
        """The workers start a few seconds after the pages: their work waits in the database."""
        with self.step("workers and beat"):
            children = [
                processes.start(name, command)
                for name, command in _background().items()
            ]
            processes.wait_for(
                probes.worker_is_well,
                children,
                self.waiting_for("their first sign of life"),
            )

    def build_reports(self, processes: Supervisor) -> None:
        """In a separate process, while the others are supervised; the pages are available
        already."""
        with self.step("a report and a state document for the library"):
            command = [
                sys.executable,
                str(settings.BASE_DIR / "manage.py"),
                "demo_reports",
            ]
            if processes.run_once("demo-reports", command):
                self.say(f"not made, look into {settings.VAR_DIR / 'log'}; ", ending="")

    def waiting_for(self, what: str) -> Callable[[], None]:
        """Print what is waited for, and for how long."""
        began = time.monotonic()

        def say() -> None:
            self.say(
                f"waiting for {what}, {time.monotonic() - began:.0f} s … ", ending=""
            )

        return say

    def welcome(self, host: str, port: int) -> None:
        self.say(
            f"\nThe portal is at {_address(host, port)}/  (logs: {settings.VAR_DIR / 'log'})"
        )
        if settings.DEMO:
            self.say(f"Sign in with password {PASSWORD} as")
            for role in Role.values:
                self.say(f"  {role}@demo.example")
        self.say("Ctrl-C stops everything.\n")


def _web(host: str, port: int) -> list[str]:
    """The web server's command line; docker-compose.yml has the same."""
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        "2",
        "--blocking-threads",
        str(capacity.THREADS),
        "--workers-kill-timeout",
        "5",
        "--respawn-failed-workers",
        "--respawn-interval",
        "0.5",
        "wsis_portal.wsgi:application",
    ]


def _background() -> dict[str, list[str]]:
    """The other processes; docker-compose.yml has the same."""
    threads = (
        "--pool",
        "threads",
    )  # they wait for a mail server, and need no memory of their own
    # KiB after which a process is replaced: typesetting keeps what it has seen
    small = ("--max-memory-per-child", "800000")
    return {
        "worker": _worker("default", "2"),
        "worker-reports": _worker("reports", "2"),
        "worker-volumes": _worker("volumes", "2", *small),
        "worker-urgent": _worker("urgent", "2", *threads),
        "worker-mail": _worker("mail", "2", *threads),
        "beat": [*CELERY, "beat", "--loglevel=INFO", "--pidfile="],
    }


def _worker(queue: str, at_once: str, *more: str) -> list[str]:
    return [
        *CELERY,
        "worker",
        "--loglevel=INFO",
        "--without-gossip",
        "--without-mingle",
        "-Q",
        queue,
        "-n",
        f"{queue}@%h",
        *more,
        "-c",
        at_once,
    ]


def _address(host: str, port: int) -> str:
    """`localhost` rather than a number: passkeys are bound to names."""
    name = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else host  # noqa: S104 (compared, not bound)
    return f"http://{f'[{name}]' if ':' in name else name}:{port}"


def _names(host: str) -> set[str]:
    """The host names under which a browser may open the portal."""
    return {"localhost", "127.0.0.1", "[::1]", socket.gethostname(), host}


def _who_answers(host: str, port: int) -> str | None:
    """The run id of the server that answers, so that another program on the same port is
    noticed."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (compared, not bound)
    connection = http.client.HTTPConnection(target, port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        return (
            str(json.load(answer).get("run"))
            if answer.status == http.HTTPStatus.OK
            else None
        )
    except (OSError, ValueError, http.client.HTTPException):
        return None
    finally:
        connection.close()
