"""The rhythm of the reports that the portal ships with (reports/data/schedules.csv)."""

import csv
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from reports.models import Schedule

DATA = Path(settings.BASE_DIR) / "reports" / "data" / "schedules.csv"
EACH = "*"


class Command(BaseCommand):
    help = "Load the schedule of reports; rows that are there already stay as they are."

    @transaction.atomic
    def handle(self, **options: Any) -> None:
        with DATA.open(encoding="utf-8", newline="") as file:
            new = sum(load(row) for row in csv.DictReader(file))
        self.stdout.write(f"{new} created")


def load(row: dict[str, str]) -> bool:
    """Bring one row in; True when it was new."""
    each = row["region"] == EACH
    keys = {
        "series": row["series"],
        "region_id": None if each else row["region"] or None,
        "every_region": each,
        "language": row["language"],
    }
    more = {
        "every_months": int(row["every_months"]),
        "next_on": row["next_on"],
        "years_covered": int(row["years_covered"]) if row["years_covered"] else None,
        "source": row["source"],
        "source_note": row["source_note"],
    }
    return Schedule.objects.get_or_create(**keys, defaults=more)[1]
