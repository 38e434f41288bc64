"""The list page over HTTP: granian, two workers, readers in another process."""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from wsis_portal.run.embedded import free_port

SINGLE, TOGETHER, READERS = 40, 800, 16
MIXED = 200  # different searches, one after the other
EXPORTS = 3  # times that each file is read
START = 60  # seconds until the server must answer
LIST, HEALTH = "/en/projects/", "/readyz"
ADDRESSES = """
import django, json, sys
django.setup()
from benchmarks.cases import mix, questions
kinds = {kind: [q.query for q in asked] for kind, asked in questions(%d).items()}
json.dump(kinds | {"mix": [q.query for q in mix(%d)]}, sys.stdout)
"""


@contextmanager
def server(environment: dict[str, str], probe: str = LIST) -> Iterator[tuple[str, int]]:
    """A running server that answers `probe`: its address and the process id of its parent."""
    port = free_port()
    log = (Path(environment["VAR_DIR"]) / "bench-server.log").open("w")
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--port",
            str(port),
            "--workers",
            "2",
            "--blocking-threads",
            "4",
            "--log-level",
            "warning",
            "wsis_portal.wsgi:application",
        ],
        env=environment,
        stdout=log,
        stderr=log,
    )
    try:
        wait_for(port, probe)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def wait_for(port: int, probe: str, seconds: int = START) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(OSError):
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            line.request("GET", probe)
            if line.getresponse().status == http.HTTPStatus.OK:
                return
        time.sleep(0.2)
    raise SystemExit(f"The server did not show {probe} within {seconds} s.")


def ask(base: str, readers: int, queries: list[str]) -> dict[str, Any]:
    order = {
        "base": base,
        "readers": readers,
        "paths": [f"{LIST}?{query}" for query in queries],
    }
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.clients"],
        input=json.dumps(order),
        text=True,
        capture_output=True,
        check=True,
    )
    answer = json.loads(done.stdout)
    if answer["failures"]:
        raise SystemExit(
            f"{len(answer['failures'])} pages failed: {answer['failures'][:3]}"
        )
    return answer


def peak_mb(parent: int) -> float:
    """The most memory that one worker has held."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    peaks = [
        int(line.split()[1])
        for child in children
        for line in Path(f"/proc/{child}/status").read_text().splitlines()
        if line.startswith("VmHWM")
    ]
    return max(peaks, default=0) / 1024


def measure(environment: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Figures of the list page: each kind of search alone, then all of them by sixteen readers."""
    made = subprocess.run(
        [sys.executable, "-c", ADDRESSES % (SINGLE, TOGETHER)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    kinds: dict[str, list[str]] = json.loads(made.stdout)
    mixed = kinds.pop("mix")
    with server(environment | {"PYTHONPATH": os.getcwd()}) as (base, parent):
        ask(base, 4, mixed[:60])
        for kind, queries in kinds.items():
            times = ask(base, 1, queries)["times"]
            yield figure(f"list page, {kind}", times, peak_mb(parent), kind=kind)
        alone = ask(base, 1, mixed[:MIXED])["times"]
        yield figure(f"list page, mix of {MIXED}, 1 reader", alone, peak_mb(parent))
        crowd = ask(base, READERS, mixed)
        per_second = len(crowd["times"]) / crowd["seconds"]
        name = f"list page, mix, {READERS} readers"
        yield figure(name, crowd["times"], peak_mb(parent)) | {"per_second": per_second}
    yield from measure_exports(environment)


def measure_exports(environment: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The whole register as a file: until the first byte, and until the last; a fresh server, so
    that the peak is that of the files."""
    with server(environment | {"PYTHONPATH": os.getcwd()}) as (base, parent):
        for kind in ("csv", "xlsx", "json"):
            times = [
                read_file(base, f"{LIST}export.{kind}") for _time in range(EXPORTS)
            ]
            for place, what in enumerate(("first byte", "whole file")):
                spent = sorted(both[place] for both in times)
                yield figure(f"export {kind}, {what}", spent, peak_mb(parent))


def read_file(base: str, path: str) -> tuple[float, float]:
    """Milliseconds until the first byte of the body and until its end."""
    line = http.client.HTTPConnection(urlsplit(base).netloc, timeout=120)
    began = time.perf_counter()
    line.request("GET", path)
    answer = line.getresponse()
    answer.read(1)
    first = time.perf_counter()
    while answer.read(1 << 16):
        pass
    line.close()
    if answer.status != http.HTTPStatus.OK:
        raise SystemExit(f"{path}: {answer.status}")
    return 1000 * (first - began), 1000 * (time.perf_counter() - began)


def figure(
    name: str, times: list[float], peak: float, kind: str = ""
) -> dict[str, Any]:
    return {
        "name": name,
        "kind": kind,
        "against": "one pass" if kind else "",
        "p50_ms": times[len(times) // 2],
        "p95_ms": times[int(len(times) * 0.95)],
        "peak_mb": peak,
    }
