"""`python -m benchmarks`: builds both registers once, measures, prints a table, writes figures.

The databases bench13k and bench132k stay in the configured server; drop them to build anew.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks import calibration, pages
from benchmarks.preparing import database, machine, prepare
from wsis_portal.run import embedded

SIZES = {13240: "bench13k", 132400: "bench132k"}


def measure(environment: dict[str, str], rows: int) -> list[dict[str, Any]]:
    inside = subprocess.run(
        [sys.executable, "-m", "benchmarks.inside"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    figures = [json.loads(line) for line in inside.stdout.splitlines()]
    figures += pages.measure(environment)
    by_name = {figure["name"]: figure for figure in figures}
    for figure in figures:
        figure["rows"] = rows
        against, kind = figure.pop("against"), figure.pop("kind")
        base = by_name.get(f"{against}, {kind}" if kind else against)
        figure["ratio"] = round(base["p50_ms"] / figure["p50_ms"], 2) if base else None
        textbook = by_name.get(f"textbook, {kind}")
        figure["ratio_textbook"] = (
            round(textbook["p50_ms"] / figure["p50_ms"], 1)
            if against and textbook
            else None
        )
        for key in ("p50_ms", "p95_ms", "peak_mb"):
            figure[key] = round(figure[key], 2)
    return figures


def table(figures: list[dict[str, Any]], factor: float) -> str:
    """One line per figure; how many times quicker than one pass of SQL, and than the textbook."""
    lines = [
        f"{'rows':>7}  {'name':<48}{'p50 ms':>9}{'p95 ms':>9}{'p50 ÷':>9}{'p95 ÷':>9}"
        f"{'× SQL':>10}{'× DRF':>10}{'MB':>6}"
    ]
    for figure in figures:
        ratios = f"{figure['ratio'] or '':>10}{figure['ratio_textbook'] or '':>10}"
        if "per_second" in figure:
            ratios = f"{figure['per_second']:>12.0f} a second"
        lines.append(
            f"{figure['rows']:>7}  {figure['name']:<48}{figure['p50_ms']:>9.2f}"
            f"{figure['p95_ms']:>9.2f}{figure['p50_ms'] / factor:>9.2f}"
            f"{figure['p95_ms'] / factor:>9.2f}{ratios:<20}{figure['peak_mb']:>6.0f}"
        )
    return "\n".join(lines)


def growth(figures: list[dict[str, Any]]) -> str:
    """How much slower the large register is than the small one."""
    small, large = (
        {f["name"]: f["p50_ms"] for f in figures if f["rows"] == rows} for rows in SIZES
    )
    return "\n".join(
        f"{name:<48}{large[name] / small[name]:>6.2f} ×"
        for name in small
        if name in large
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--rows", type=int, choices=SIZES, help="one size only")
    chosen = parser.parse_args().rows
    var = embedded.var_folder()
    figures: list[dict[str, Any]] = []
    with embedded.stores_for("bench", var):
        url = os.environ.get("DATABASE_URL") or embedded.database_url(var)
        redis = os.environ.get("REDIS_URL") or embedded.redis_url(var)
        factor = calibration.factor(url)
        print(machine(url, factor))
        for rows in [chosen] if chosen else SIZES:
            environment = os.environ | {
                "DATABASE_URL": database(url, SIZES[rows]),
                "REDIS_URL": redis,
                "DJANGO_SETTINGS_MODULE": "wsis_portal.settings",
                "VAR_DIR": str(var),
            }
            prepare(environment, rows)
            figures += measure(environment, rows)
            here = [figure for figure in figures if figure["rows"] == rows]
            print(table(here, factor))
    if not chosen:
        print(f"\nGrowth from 13,240 to 132,400 rows\n{growth(figures)}")
    (Path(var) / "bench.json").write_text(
        json.dumps(figures, indent=1), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
