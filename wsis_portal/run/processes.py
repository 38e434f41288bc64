"""Our processes: how they end with us, and how those of a previous run that was killed are found.

Finding leftovers reads `/proc`; without it (macOS) only the pid files are known.
"""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

PROC = Path("/proc")
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
MARK = "WSIS_RUN"  # in the environment of every process that `run` starts: whose it is


def kind() -> str:
    """ "worker" for Celery's processes, "web" under a server (wsgi.py says so), else "command"."""
    program = Path(sys.argv[0])
    return "worker" if "celery" in {program.name, program.parent.name} else "command"


def die_with_parent(number: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn`: the kernel sends `number` to the child when its parent ends, however it ends.

    It runs after a change of user, which would clear the setting: subprocess keeps that order.
    """
    parent = os.getpid()

    def ask_kernel() -> None:
        if LIBC is None:
            return
        LIBC.prctl(PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:  # it ended before we could ask
            os._exit(1)

    return ask_kernel


def command_line(pid: int) -> str:
    """The command line of process `pid`; empty when it is gone or not readable."""
    try:
        return (
            (PROC / str(pid) / "cmdline")
            .read_bytes()
            .replace(b"\0", b" ")
            .decode(errors="replace")
        )
    except OSError:
        return ""


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[
            0
        ] == "Z"
    except OSError:
        return False


def marked(mark: str) -> list[int]:
    """Processes whose environment has the mark `mark`, without this one and its parents."""
    variable = f"{MARK}={mark}".encode()
    own = set(_ancestors())
    pids = []
    for entry in PROC.glob("[0-9]*"):
        pid = int(entry.name)
        try:
            environment = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if variable in environment and pid not in own:
            pids.append(pid)
    return pids


def _ancestors() -> Iterable[int]:
    pid = os.getpid()
    while pid > 1:
        yield pid
        try:
            pid = int(
                (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[1]
            )
        except OSError:
            return


def send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def end(pids: list[int], number: signal.Signals, seconds: float) -> None:
    """Ask processes to end, wait at most `seconds`, then kill them."""
    for pid in pids:
        send(pid, number)
    if not wait_until(lambda: not any(map(is_alive, pids)), seconds):
        for pid in pids:
            send(pid, signal.SIGKILL)
        wait_until(lambda: not any(map(is_alive, pids)), 5)


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Poll until `condition` holds; False when it did not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
