"""`python -m benchmarks.reports`: the report on the whole register, in volumes and by workers.

Real workers build it, as in `make run`: two for the queue `volumes`, then one. Beside it the report
without the projects, six regional reports, a report of one section that is asked for meanwhile, and
the same directory through WeasyPrint.
"""

import subprocess
import sys

from benchmarks.preparing import bench, prepare

ROWS = 13_240


def main() -> None:
    with bench("benchreports") as environment:
        prepare(environment, ROWS)
        subprocess.run(
            [sys.executable, "-m", "benchmarks.reports_inside"],
            env=environment,
            check=True,
        )


if __name__ == "__main__":
    main()
