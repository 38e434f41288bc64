"""Loads the canned reasons of stocktaking/data/reasons.csv; safe at every deployment."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from stocktaking.review.models import Reason, ReasonText

FILE = Path(__file__).resolve().parents[2] / "data" / "reasons.csv"


class Command(BaseCommand):
    help = "Adds canned reasons and texts that are missing; what staff have reworded stays."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        created = 0
        with FILE.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                reason, _new = Reason.objects.get_or_create(
                    code=row["code"],
                    defaults={"move": row["move"], "order": int(row["order"])},
                )
                words = {"label": row["label"], "text": row["text"]}
                created += ReasonText.objects.get_or_create(
                    reason=reason, language=row["language"], defaults=words
                )[1]
        self.stdout.write(f"{created} texts of reasons created")
