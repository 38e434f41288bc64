"""Loads the editions that the portal ships with: contests, phases, figures from prizes/data.

Existing rows stay as they are, so that a deployment does not undo corrections by staff.
"""

import csv
import datetime
import zoneinfo
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from prizes.contest.models import GENEVA, Category, Contest, Extension, Phase
from prizes.contest.rules import Figure
from reference.action_line.models import ActionLine

DATA = Path(settings.BASE_DIR) / "prizes" / "data"
ZONE = zoneinfo.ZoneInfo(GENEVA)
DAY_LENGTH = 10  # characters of a date without an hour
EXTENDED = "Deadline extended; the source gives no reason."


def rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def moment(text: str, *, end: bool = False) -> datetime.datetime | None:
    """A day or a minute in Geneva as a moment; a day that ends is its last second."""
    if not text:
        return None
    if len(text) > DAY_LENGTH:
        return datetime.datetime.fromisoformat(text).replace(tzinfo=ZONE)
    hour = datetime.time(23, 59, 59) if end else datetime.time()
    return datetime.datetime.combine(datetime.date.fromisoformat(text), hour, ZONE)


def make_categories(contest: Contest) -> None:
    """The 18 categories: the action lines with a number."""
    lines = ActionLine.objects.filter(number__isnull=False)
    Category.objects.bulk_create(
        [
            Category(contest=contest, action_line=line, number=line.number)
            for line in lines
            if line.number
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def load_contests() -> int:
    """Load what is missing; returns how many rows were new."""
    new = sum(_contest(row) for row in rows("contests.csv"))
    contests = {contest.year: contest for contest in Contest.objects.real()}
    new += sum(_phase(contests[int(row["year"])], row) for row in rows("phases.csv"))
    new += sum(_figure(contests[int(row["year"])], row) for row in rows("figures.csv"))
    return new


def _contest(row: dict[str, str]) -> bool:
    fields: dict[str, Any] = {
        "title": row["title"],
        "year": int(row["year"]),
        "all_categories_required": row["all_categories_required"] == "yes",
        "own_organization_barred": row["own_organization_barred"] == "yes",
        "champions_per_category": int(row["champions_per_category"]),
        "one_per_organization": row["one_per_organization"] == "yes",
        # no source says whether those who run the contest vote in it
        "unconfirmed_rules": [*row["unconfirmed_rules"].split(), "officials_barred"],
        "rules_note": row["rules_note"],
        "source": row["source"],
        "source_note": row["source_note"],
    }
    contest, new = Contest.objects.get_or_create(slug=row["year"], defaults=fields)
    make_categories(contest)
    return new


def _phase(contest: Contest, row: dict[str, str]) -> bool:
    fields = {
        "opens_at": moment(row["opens"]),
        "closes_at": moment(row["closes"], end=True),
        "hour_known": len(row["closes"]) > DAY_LENGTH,
        "note": row["note"],
        "source": row["source"],
    }
    phase, new = Phase.objects.get_or_create(
        contest=contest, kind=row["phase"], defaults=fields
    )
    before = moment(row["extended_from"], end=True)
    if new and before and phase.closes_at:
        Extension.objects.create(
            phase=phase,
            old_end=before,
            new_end=phase.closes_at,
            reason=EXTENDED,
            source=row["source"],
        )
    return new


def _figure(contest: Contest, row: dict[str, str]) -> bool:
    keys = {
        "contest": contest,
        "kind": row["figure"],
        "by": row["by"],
        "code": row["code"],
        "value": row["value"],
        "source": row["source"],
    }
    more = {
        "note": row["note"],
        "source_date": row["source_date"],
        "unconfirmed": row["unconfirmed"] == "yes",
    }
    return Figure.objects.get_or_create(**keys, defaults=more)[1]
