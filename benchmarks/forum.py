"""`python -m benchmarks.forum`: the agenda page with 250 sessions."""

import argparse
import json
import os
import subprocess
import sys

from benchmarks.__main__ import prepare
from wsis_portal import embedded


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.forum")
    parser.add_argument("--rounds", type=int, default=60)
    rounds = parser.parse_args().rounds
    with embedded.stores_for("bench", embedded.var_folder()):
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "wsis_portal.settings", "LOG_LEVEL": "WARNING",
        }  # fmt: skip
        prepare(environment, pages=False)
        inside = subprocess.run(
            [sys.executable, "-m", "benchmarks.forum_inside", str(rounds)],
            env=environment, stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
    figures = json.loads(inside.stdout)
    print(f"load {os.getloadavg()[0]:.1f}, 250 sessions, {rounds} rounds")
    print(f"{'agenda page':<24}{'p50 ms':>9}{'p95 ms':>9}{'KB':>7}")
    for name, p50, p95, size in figures:
        print(f"{name:<24}{p50:>9.1f}{p95:>9.1f}{size / 1024:>7.1f}")


if __name__ == "__main__":
    main()
