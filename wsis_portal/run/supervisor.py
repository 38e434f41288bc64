"""A supervisor for all processes of the portal: started, watched, restarted, stopped."""

import fcntl
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import NoReturn

from wsis_portal.run import embedded, processes
from wsis_portal.run.stores import Store
from wsis_portal.run.trouble import Trouble

FIRST_PAUSE, LONGEST_PAUSE = (
    0.5,
    30.0,
)  # seconds before a process that ended is started again
HEALTHY_SECONDS = 30  # a process that ran that long starts with the first pause again
STOP_SECONDS = 10
STORE_CHECK_SECONDS = 0.5
SECONDS_BETWEEN_WORDS = 10  # while something is waited for
MOST_FAILURES = 5  # ends in a row after which a process is not waited for any longer
LAST_PORT = 65535
LOG_BYTES = 10 * 1024 * 1024
Report = Callable[[str], None]


@contextmanager
def only_one(command: str, var: Path) -> Iterator[None]:
    """For `run`: one per var folder; processes left by a previous run that was killed are ended
    first."""
    if command != "run":
        yield
        return
    signal.signal(signal.SIGTERM, _as_interrupt)
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # also when started in the background
    var.mkdir(mode=0o711, parents=True, exist_ok=True)
    with (var / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise Trouble(
                f"The portal of {var} runs already (process {lock.read().strip()}):"
                " stop it first with “make stop”."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        processes.end(processes.marked(str(var)), signal.SIGTERM, STOP_SECONDS)
        free_address()  # now, as preparing everything else takes longer
        try:
            yield
        except BaseException as error:
            if not _is_interrupt(error):
                raise


def free_address() -> tuple[str, int]:
    """The address from HOST and PORT; raises Trouble when it is not free."""
    host, port = os.environ.get("HOST") or "127.0.0.1", _port()
    _check_port(host, port)
    return host, port


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) <= LAST_PORT:
        raise Trouble(f"PORT={text} is no port: give a number from 1 to {LAST_PORT}.")
    return int(text)


def _check_port(host: str, port: int) -> None:
    try:
        free = embedded.port_is_free(port, host)
    except socket.gaierror:
        raise Trouble(
            f"HOST={host} is no address of this machine: leave it out, or 0.0.0.0."
        ) from None
    if not free:
        raise Trouble(
            f"Port {port} of {host} is taken by another program: stop that, or choose another port,"
            f" as in “make run PORT={port + 1}”."
        )


def _is_interrupt(error: BaseException | None) -> bool:
    """Whether it is Ctrl-C, or the error of a step that Ctrl-C interrupted."""
    return error is not None and (
        isinstance(error, KeyboardInterrupt) or _is_interrupt(error.__context__)
    )


def _as_interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def running_process(var: Path) -> int | None:
    """The process of a `run` of this var folder, or None."""
    path = var / "run.lock"
    if not path.exists():
        return None
    with path.open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return int(lock.read())
    return None


@dataclass
class Child:
    """One process that has to run as long as the portal does, with everything that it starts."""

    name: str
    command: list[str]
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    pause: float = FIRST_PAUSE
    failures: int = 0  # ends in a row, each within HEALTHY_SECONDS of its start
    started: float = 0
    start_again: float = 0

    def start(self) -> None:
        """Start in a separate session, so that Ctrl-C reaches only us and we end it in order."""
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env=os.environ | self.environment,
                preexec_fn=processes.die_with_parent(signal.SIGTERM),
            )
        self.started = time.monotonic()

    def tend(self, report: Report) -> None:
        """Notice an end; restart after a pause that grows while it keeps ending."""
        if self.process:
            code = self.process.poll()
            if code is None:
                return
            self.kill_group()
            if time.monotonic() - self.started > HEALTHY_SECONDS:
                self.pause, self.failures = FIRST_PAUSE, 0
            self.failures += 1
            report(
                f"{self.name} ended ({code}); starts again in {self.pause:g} s, see {self.log}"
            )
            self.process = None
            self.start_again = time.monotonic() + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
        elif time.monotonic() >= self.start_again:
            self.start()

    def exit_code(self) -> int | None:
        """None while it runs."""
        return self.process.poll() if self.process else None

    def ask_to_end(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def wait_and_kill(self, deadline: float) -> None:
        """Kill it if it has not ended by `deadline` (of the monotonic clock)."""
        if not self.process:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, deadline - time.monotonic()))
        self.kill_group()
        self.process.wait()
        self.process = None

    def kill_group(self) -> None:
        """Kill what an ended process left behind: web workers, pool children."""
        if self.process:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return


class Supervisor:
    """Starts and watches the children of one `run`; each gets `environment` besides our own."""

    def __init__(
        self,
        var: Path,
        stores: list[Store],
        environment: dict[str, str],
        report: Report,
    ) -> None:
        self.var = var
        self.stores = stores
        self.environment = environment
        self.report = report
        self.run_id = secrets.token_hex(8)
        self.children: list[Child] = []
        self.next_store_check = 0.0

    def start(self, name: str, command: list[str]) -> Child:
        child = self._child(name, command)
        self.children.append(child)
        return child

    def run_once(self, name: str, command: list[str]) -> int:
        """Run a command to its end while all others are watched; returns its exit code."""
        child = self._child(name, command)
        while (code := child.exit_code()) is None:
            self.tend()
            time.sleep(0.1)
        return code

    def _child(self, name: str, command: list[str]) -> Child:
        logs = self.var / "log"
        logs.mkdir(mode=0o700, exist_ok=True)
        own = {processes.MARK: str(self.var), "WSIS_RUN_ID": self.run_id}
        child = Child(name, command, logs / f"{name}.log", self.environment | own)
        child.start()
        return child

    def tend(self) -> None:
        """One round: everything that ended is restarted."""
        if time.monotonic() >= self.next_store_check:
            for store in self.stores:
                self._tend_store(store)
            self.next_store_check = time.monotonic() + STORE_CHECK_SECONDS
        for child in self.children:
            child.tend(self.report)

    def _tend_store(self, store: Store) -> None:
        if store.is_running():
            return
        self.report(f"{store.title} ended; starts again, see {store.log}")
        try:
            store.start(linked=True)
        except Trouble as trouble:
            self.report(f"{trouble}")
            self.next_store_check = time.monotonic() + LONGEST_PAUSE

    def tend_until(self, done: Callable[[], bool], seconds: float) -> bool:
        """Rounds until `done`; False when `seconds` have passed before."""
        deadline = time.monotonic() + seconds
        while not done():
            if time.monotonic() > deadline:
                return False
            self.tend()
            time.sleep(0.1)
        return True

    def wait_for(
        self,
        done: Callable[[], bool],
        children: list[Child],
        waiting: Callable[[], None],
    ) -> None:
        """Rounds until `done`, however long that takes: a busy machine is slow, not broken.

        `waiting` is called every few seconds meanwhile. Raises Trouble when one of the children
        that are waited for keeps ending.
        """
        while not self.tend_until(done, SECONDS_BETWEEN_WORDS):
            for child in children:
                if child.failures >= MOST_FAILURES:
                    raise Trouble(
                        f"{child.name} ended {child.failures} times in a row:"
                        f" look into {child.log}."
                    )
            waiting()

    def stop(self) -> None:
        """End every child: first asked, all at once, then killed."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for child in self.children:
            child.ask_to_end()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children:
            child.wait_and_kill(deadline)
