"""Everything on one machine: stores, data, web server, workers and beat under one supervisor."""

import http.client
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from wsis_portal import embedded, static_files
from wsis_portal.supervisor import Supervisor
from wsis_portal.trouble import Trouble

PROJECTS = "stocktaking/data/projects.csv"
ANSWER_SECONDS = 60
ROLES = ("member", "expert", "agency", "secretariat", "administrator")
DEMO_PASSWORD = "wsis-demo-2026"  # noqa: S105 (public on purpose: demo users exist with DEMO=1 only)


class Command(BaseCommand):
    help = "Prepare the database and run web server, workers and beat (HOST=, PORT=, DEMO=1)."
    requires_system_checks = []  # the steps check what they need; a second start is to be quick

    def handle(self, *args: Any, **options: Any) -> None:
        host = os.environ.get("HOST") or "127.0.0.1"
        port = _port()
        _check_port(host, port)
        stores = embedded.known_stores(settings.VAR_DIR)
        supervisor = Supervisor(settings.VAR_DIR, stores, self.say)
        try:
            self.prepare()
            with self.step("web server, workers and beat"):
                self.start_processes(supervisor, host, port)
            self.welcome(host, port)
            while True:
                supervisor.tend_until(lambda: False, 3600)
        finally:
            self.say("Stopping …")
            supervisor.stop()

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        self.stdout.write(f"  {title} … ", ending="")
        self.stdout.flush()
        began = time.monotonic()
        yield
        self.say(f"{time.monotonic() - began:.1f} s")

    def prepare(self) -> None:
        """Bring database and files to the state of the code; quick when they are."""
        with self.step("tables"):
            call_command("migrate", verbosity=0, interactive=False)
        with self.step("vocabularies"):
            call_command("load_reference", verbosity=0)
        with self.step("real projects"):
            call_command("import_projects", settings.BASE_DIR / PROJECTS, verbosity=0)
        if settings.DEMO:
            with self.step("demo users"):
                call_command("demo_users", verbosity=0)
        with self.step("languages"):
            call_command("compilemessages", verbosity=0)
        with self.step("style sheets, scripts, pictures"):
            static_files.collect_if_changed()

    def start_processes(self, supervisor: Supervisor, host: str, port: int) -> None:
        environment = {
            "SITE_URL": os.environ.get("SITE_URL") or _address(host, port),
            "ALLOWED_HOSTS": os.environ.get("ALLOWED_HOSTS") or ",".join(_names(host)),
        }
        for name, command in _commands(host, port).items():
            supervisor.start(name, command, environment)

        def is_ours() -> bool:
            return _who_answers(host, port) == supervisor.run_id

        if not supervisor.tend_until(is_ours, ANSWER_SECONDS):
            raise Trouble(
                f"The web server does not answer at {_address(host, port)} within {ANSWER_SECONDS} s:"
                f" look into {settings.VAR_DIR / 'log' / 'web.log'}."
            )

    def welcome(self, host: str, port: int) -> None:
        self.say(f"\nThe portal is at {_address(host, port)}/  (logs: {settings.VAR_DIR / 'log'})")
        if settings.DEMO:
            self.say(f"Sign in with password {DEMO_PASSWORD} as")
            for role in ROLES:
                self.say(f"  {role}@demo.example")
        self.say("Ctrl-C stops everything.")


def _commands(host: str, port: int) -> dict[str, list[str]]:
    """The processes; docker-compose.yml has the same."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "-A", "wsis_portal"]
    worker = [*celery, "worker", "--loglevel=INFO", "--without-gossip", "--without-mingle"]
    return {
        "web": [
            *python, "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
            "--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers",
            "--workers-kill-timeout", "5", "wsis_portal.wsgi:application",
        ],
        "worker": [*worker, "-Q", "default", "-n", "default@%h", "-c", "2"],
        "worker-reports": [*worker, "-Q", "reports", "-n", "reports@%h", "-c", "1"],
        "beat": [*celery, "beat", "--loglevel=INFO", "--pidfile="],
    }  # fmt: skip


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Trouble(f"PORT={text} is no port: give a number from 1 to 65535.")
    return int(text)


def _check_port(host: str, port: int) -> None:
    try:
        free = embedded.port_is_free(port, host)
    except socket.gaierror:
        raise Trouble(f"HOST={host} is no address of this machine: leave it out, or 0.0.0.0.") from None
    if not free:
        raise Trouble(
            f"Port {port} of {host} is taken by another program: stop that, or choose another port,"
            f" as in “make run PORT={port + 1}”."
        )


def _address(host: str, port: int) -> str:
    """`localhost` rather than a number: passkeys are bound to names."""
    name = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else host  # noqa: S104 (compared, not bound)
    return f"http://{f'[{name}]' if ':' in name else name}:{port}"


def _names(host: str) -> set[str]:
    """What the portal may be called in a browser's address line."""
    return {"localhost", "127.0.0.1", "[::1]", socket.gethostname(), host}


def _who_answers(host: str, port: int) -> str | None:
    """The run id of the server that answers, so that a stranger on the same port is noticed."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (compared, not bound)
    connection = http.client.HTTPConnection(target, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        return str(json.load(answer).get("run")) if answer.status == http.HTTPStatus.OK else None
    except (OSError, ValueError, http.client.HTTPException):
        return None
    finally:
        connection.close()
