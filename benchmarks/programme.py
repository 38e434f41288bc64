"""`python -m benchmarks.programme`: a programme of 250 sessions with 600 speakers is checked,
imported, released and told; prints the times of this machine and those at factor 1."""

import subprocess
import sys

from benchmarks.preparing import bench, prepare
from benchmarks.reading import NAME


def main() -> None:
    with bench(NAME) as environment:
        prepare(environment)
        subprocess.run(
            [sys.executable, "-m", "benchmarks.programme_inside"],
            env=environment,
            check=True,
        )


if __name__ == "__main__":
    main()
