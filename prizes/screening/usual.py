"""The usual checks and canned reasons of prizes/data/screening.csv, for a contest without any."""

import csv
from collections import defaultdict
from pathlib import Path

from django.db import transaction

from prizes.contest.models import Contest
from prizes.screening.models import EntryReason, EntryReasonText, ScreeningCheck

FILE = Path(__file__).resolve().parents[1] / "data" / "screening.csv"


@transaction.atomic
def add_usual(contest: Contest) -> None:
    """Add checks, and reasons, where the contest has none; safe to repeat."""
    list(Contest.objects.select_for_update().filter(pk=contest.pk))
    rows = defaultdict(list)
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows[row["kind"], row["order"], row["what"]].append(row)
    has_checks = contest.checks.exists()
    has_reasons = contest.entry_reasons.exists()
    for (kind, order, what), texts in rows.items():
        if kind == "check" and not has_checks:
            wordings = {
                f"text_{row['language'].replace('-', '_')}": row["text"]
                for row in texts
            }
            ScreeningCheck.objects.create(
                contest=contest, order=int(order), finds=what, **wordings
            )
        elif kind == "reason" and not has_reasons:
            reason = EntryReason.objects.create(
                contest=contest, order=int(order), move=what
            )
            EntryReasonText.objects.bulk_create(
                EntryReasonText(
                    reason=reason,
                    language=row["language"],
                    label=row["label"],
                    text=row["text"],
                )
                for row in texts
            )
