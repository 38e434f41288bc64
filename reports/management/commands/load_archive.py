"""Loads the archive of earlier editions that the portal ships with (reports/data/archive.csv)."""

import csv
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from reports.archive.models import ArchivedEdition

DATA = Path(settings.BASE_DIR) / "reports" / "data" / "archive.csv"
KEYS = ("series", "title", "year")


class Command(BaseCommand):
    help = (
        "Load the archive of reports; editions that are there already stay as they are."
    )

    @transaction.atomic
    def handle(self, **options: Any) -> None:
        with DATA.open(encoding="utf-8", newline="") as file:
            new = sum(load(row) for row in csv.DictReader(file))
        self.stdout.write(f"{new} created")


def load(row: dict[str, str]) -> bool:
    """Load one row; True when it is new."""
    keys = {name: row[name] for name in KEYS}
    if ArchivedEdition.objects.filter(**keys).exists():
        return False
    number = int(row["number"]) if row["number"] else None
    edition = ArchivedEdition(**row | {"number": number})
    edition.full_clean()
    edition.save()
    return True
