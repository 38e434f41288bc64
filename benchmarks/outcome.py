"""`python -m benchmarks.outcome`: the outcome document of an edition with 250 reports."""

import subprocess
import sys

from benchmarks.preparing import bench, prepare
from benchmarks.reading import NAME


def main() -> None:
    with bench(NAME) as environment:
        prepare(environment)
        subprocess.run(
            [sys.executable, "-m", "benchmarks.outcome_inside"],
            env=environment,
            check=True,
        )


if __name__ == "__main__":
    main()
