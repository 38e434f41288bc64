"""`python -m benchmarks.importing`: check, import and repetition of a file of projects."""

import argparse
import subprocess
import sys

from benchmarks.preparing import bench, prepare
from benchmarks.reading import NAME

ROWS = 13_240


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.importing")
    parser.add_argument("--rows", type=int, default=ROWS)
    rows = parser.parse_args().rows
    with bench(NAME) as environment:
        prepare(environment)
        subprocess.run(
            [sys.executable, "-m", "benchmarks.importing_inside", str(rows)],
            env=environment,
            check=True,
        )


if __name__ == "__main__":
    main()
