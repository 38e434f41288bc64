"""Measured inside one process: an import, its check and its repetition; figures as JSON lines.

In one transaction that is rolled back: nothing stays.
"""

import csv
import io
import json
import random
import resource
import sys
import time

import django

django.setup()

from django.db import transaction

from reference.action_line.models import ActionLine
from reference.country.models import Country
from reference.term.models import StakeholderType
from stocktaking.imports.importer import ProjectImporter
from stocktaking.imports.rows import COLUMNS
from wsis_portal.loading.seeding import (
    organization_name,
    text,
    weighted,
)


def sheet(rows: int) -> bytes:
    """A CSV of believable projects, always the same."""
    lines = list(
        ActionLine.objects.filter(number__isnull=False).values_list("code", flat=True)
    )
    countries = list(
        Country.objects.exclude(code="INTL").values_list("code", flat=True)
    )
    types = list(StakeholderType.objects.values_list("code", flat=True))
    target = io.StringIO()
    writer = csv.DictWriter(target, COLUMNS, restval="")
    writer.writeheader()
    for number in range(rows):
        rng = random.Random(number)  # noqa: S311  (believable, not secret)
        writer.writerow(
            {
                "title": f"{text(rng, 'en', 6)} {number}",
                "organization": organization_name(number % (rows // 20 + 1)),
                "stakeholder_type": rng.choice(types),
                "country_iso2": rng.choice(countries),
                "action_lines": ";".join(weighted(rng, lines, 3)),
                "sdgs": "4;9;17",
                "start_year": "2015",
                "summary": text(rng, "en", 60),
                "source": "Made up.",
            }
        )
    return target.getvalue().encode()


def main(rows: int) -> None:
    data = sheet(rows)
    with transaction.atomic():
        for name, dry_run in (
            ("check", True),
            ("import", False),
            ("the same again", False),
        ):
            started = time.perf_counter()
            result = ProjectImporter.import_file(io.BytesIO(data), dry_run=dry_run)
            seconds = time.perf_counter() - started
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(
                json.dumps(
                    {
                        "name": name,
                        "rows": rows,
                        "file_mb": round(len(data) / 1024**2, 1),
                        "result": str(result),
                        "seconds": round(seconds, 1),
                        "rows_a_second": round(rows / seconds),
                        "peak_mb": peak,
                    }
                )
            )
        transaction.set_rollback(True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
