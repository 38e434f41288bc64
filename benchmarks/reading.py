"""Pages read inside one process, warm: milliseconds, queries and compressed bytes of each."""

import argparse
import gc
import json
import statistics
import subprocess
import sys
import time
from typing import Any

import brotli

from benchmarks.preparing import FACTOR, bench, prepare

NAME = "benchpages"
WARMING = 10  # the process compiles templates, the database plans what is asked often


def run(app: str, what: str, rounds: int = 40, rows: int = 0) -> None:
    """Prepare the database, with so many projects, read the pages of `benchmarks.<app>_inside`,
    print a table."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{app}")
    parser.add_argument("--rounds", type=int, default=rounds)
    rounds = parser.parse_args().rounds
    with bench(NAME) as environment:
        prepare(environment, rows)
        inside = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{app}_inside", str(rounds)],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    print(f"{what}, {rounds} rounds")
    print(
        f"{'page':<32}{'p50 ms':>9}{'p95 ms':>9}{'p50 ÷':>9}{'p95 ÷':>9}{'queries':>9}{'KB':>7}"
    )
    factor = float(environment[FACTOR])
    for page in json.loads(inside.stdout):
        print(
            f"{page['name']:<32}{page['p50_ms']:>9.1f}{page['p95_ms']:>9.1f}"
            f"{page['p50_ms'] / factor:>9.1f}{page['p95_ms'] / factor:>9.1f}"
            f"{page['queries']:>9}{page['bytes'] / 1024:>7.1f}"
        )


def analyze(connection: Any) -> None:
    """Statistics of the rows that were made a moment ago, as a table has them after a minute."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def read(client: Any, address: str, rounds: int, counting: Any) -> dict[str, Any]:
    """One page so many times, warm; `counting` is a context that knows its queries (its length)."""
    for _warming in range(WARMING):
        client.get(address)
    gc.collect()
    gc.freeze()  # as the web server does once everything is loaded (wsgi.py)
    with counting as asked:
        client.get(address)
    queries, times = len(asked), []  # the next request empties the list
    for _round in range(rounds):
        began = time.perf_counter()
        response = client.get(address)
        times.append((time.perf_counter() - began) * 1000)
        if response.status_code != 200:
            raise SystemExit(f"{address}: {response.status_code}")
    return {
        "name": address,
        "p50_ms": statistics.median(times),
        "p95_ms": statistics.quantiles(times, n=20)[-1],
        "queries": queries,
        "bytes": len(brotli.compress(response.content, quality=5)),
    }
