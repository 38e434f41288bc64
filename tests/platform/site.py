"""A site as docker-compose.yml puts it up, without containers: stores and mail server outside, the
environment and the commands of the file, and requests as its proxy sends them."""

import http.client
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import yaml
from django.db import connection

from tests.platform.mail_server import MailServer
from tests.portal import ROOT, clean_environment
from wsis_portal.run import embedded, processes

SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
HOST = "portal.example"
VARIABLE = re.compile(r"\$\{([A-Z_]+)(?::[-?]([^${}]*))?\}")
PROCESSES = (
    "web",
    "worker",
    "worker-reports",
    "worker-volumes",
    "worker-urgent",
    "worker-mail",
    "beat",
)
READERS = (
    f"198.18.{n // 250}.{n % 250}" for n in itertools.count()
)  # one for each request


def interpolated(text, values):
    """What Compose makes of a text, the innermost variables first."""
    while VARIABLE.search(text):
        text = VARIABLE.sub(lambda found: values.get(found[1]) or found[2] or "", text)
    return text


class Site:
    def __init__(self, folder):
        self.var, self.outside = folder / "site", folder / "outside"
        self.static, self.port = folder / "static", embedded.free_port()
        self.running = {}
        self.mail = MailServer()
        embedded.prepare(self.outside)
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("DATABASE_URL", raising=False)
            patch.delenv("REDIS_URL", raising=False)
            self.postgres, self.valkey = embedded.known_stores(
                self.outside, durable=False
            )
        borrow_programs(self.postgres)
        for store in (self.postgres, self.valkey):
            store.start(linked=True)

    @property
    def database_url(self):
        return embedded.database_url(self.outside)

    def environment(self):
        """That of the service `web`, with the values that an operator writes into .env."""
        values = {
            "PORTAL_HOST": HOST,
            "SECRET_KEY": "of-a-test-" + "k" * 50,
            "POSTGRES_PASSWORD": "unused",
            "VALKEY_PASSWORD": "unused",
            "DATABASE_URL": self.database_url,
            "REDIS_URL": embedded.redis_url(self.outside),
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail.port}",
            "DEFAULT_FROM_EMAIL": f"WSIS <noreply@{HOST}>",
        }
        handed_on = SERVICES["web"]["environment"]
        container = {"STATIC_ROOT": str(self.static), "PYTHONUNBUFFERED": "1"}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        composed = {
            name: interpolated(text, values) for name, text in handed_on.items()
        }
        return clean_environment(self.var, PATH=path, **container, **composed)

    def run(self, *command, text=""):
        """A command to its end, such as `docker compose run` has it; what it says."""
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment(),
            input=text,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def up(self):
        self.run(
            "python", "manage.py", "collectstatic", "--noinput", "--verbosity", "0"
        )
        self.run(*SERVICES["migrate"]["command"])
        for name in PROCESSES:
            self.start(name)
        assert processes.wait_until(lambda: self.health().get("status") == "ok", 300), (
            self.said()
        )

    def start(self, name):
        command = list(SERVICES[name]["command"])
        if name == "web":
            places = {"0.0.0.0": "127.0.0.1", "8000": str(self.port)}  # noqa: S104 (compared)
            command = [places.get(word, word) for word in command]
        with self.log(name).open("ab") as log:
            self.running[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def down(self):
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, processes.signal.SIGKILL)
        for store in (self.valkey, self.postgres):
            store.stop()
        self.mail.close()
        if self.postgres.home.parent != self.outside:
            shutil.rmtree(self.postgres.home)

    def log(self, name):
        self.var.mkdir(exist_ok=True)
        return self.var / f"{name}.log"

    def said(self):
        return "".join(self.log(name).read_text()[-2000:] for name in PROCESSES)

    def lines(self, name="web"):
        """The log of a process, line by line; what is no JSON is None."""
        return [as_json(line) for line in self.log(name).read_text().splitlines()]

    def ask(self, method, path, body=None, **headers):
        """(status, headers, body) of a request as the proxy sends it on."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": next(READERS),
        }
        try:
            line.request(method, path, body, sent | headers)
            answer = line.getresponse()
            return (
                answer.status,
                answer.headers,
                answer.read().decode("utf-8", "replace"),
            )
        finally:
            line.close()

    def get(self, path):
        return self.ask("GET", path)

    def health(self):
        try:
            return as_json(self.get("/healthz")[2]) or {}
        except (OSError, http.client.HTTPException):
            return {}

    def sql(self, question, *values):
        """All rows of a statement, in a transaction of its own."""
        with psycopg.connect(self.database_url) as line:
            cursor = line.execute(question, values)
            return cursor.fetchall() if cursor.description else []


def as_json(text):
    try:
        return json.loads(text)
    except ValueError:
        return None


def borrow_programs(postgres):
    """Those of the tests' own server, where it is embedded: unpacking them takes seconds."""
    record = embedded.read_record(Path(os.environ["VAR_DIR"]))
    theirs = (
        Path(record["home"]) / postgres.software.name if record else postgres.software
    )
    if theirs.is_dir() and not postgres.software.exists():
        postgres.software.symlink_to(theirs)


def restore_tests_database(postgres, url):
    """Tables and vocabularies of the tests' database by dump into the site's, as after a loss: all
    migrations from the start would take a minute."""
    theirs = connection.settings_dict
    source = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**theirs)
    libraries = {
        "LD_LIBRARY_PATH": str(Path(postgres.program("postgres")).parents[1] / "lib")
    }
    dump = subprocess.run(
        [
            postgres.program("pg_dump"),
            "-Fc",
            "-Z0",
            "--exclude-schema=as_loaded",
            source,
        ],
        env=libraries,
        capture_output=True,
        check=True,
    )
    subprocess.run(
        [
            postgres.program("pg_restore"),
            "--no-owner",
            "--exit-on-error",
            f"--dbname={url}",
        ],
        env=libraries,
        input=dump.stdout,
        check=True,
    )
    with psycopg.connect(url, autocommit=True) as line:
        line.execute("ANALYZE")
