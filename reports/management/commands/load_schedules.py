"""Loads the schedules that the portal ships with (reports/data/schedules.csv)."""

import csv
import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from reports.publication.models import today
from reports.schedule.models import Schedule, months_later

DATA = Path(settings.BASE_DIR) / "reports" / "data" / "schedules.csv"
EACH = "*"


class Command(BaseCommand):
    help = "Load the schedule of reports; rows that are there already stay as they are."

    @transaction.atomic
    def handle(self, **options: Any) -> None:
        with DATA.open(encoding="utf-8", newline="") as file:
            new = sum(load(row) for row in csv.DictReader(file))
        self.stdout.write(f"{new} created")


def first_due(day: datetime.date, every_months: int) -> datetime.date:
    """The first date of the schedule that is still to come: a new site drafts no past report."""
    while day <= today():
        day = months_later(day, every_months)
    return day


def load(row: dict[str, str]) -> bool:
    """Load one row; True when it is new."""
    each = row["region"] == EACH
    keys = {
        "series": row["series"],
        "region_id": None if each else row["region"] or None,
        "every_region": each,
        "language": row["language"],
    }
    every_months = int(row["every_months"])
    more = {
        "every_months": every_months,
        "next_on": first_due(datetime.date.fromisoformat(row["next_on"]), every_months),
        "years_covered": int(row["years_covered"]) if row["years_covered"] else None,
        "source": row["source"],
        "source_note": row["source_note"],
    }
    return Schedule.objects.get_or_create(**keys, defaults=more)[1]
