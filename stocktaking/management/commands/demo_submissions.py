"""Creates a few submissions at the moderation desk, for a demonstration."""

import csv
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.user.models import User
from reference.action_line.models import SDG
from stocktaking.project.models import Project

DATA = settings.BASE_DIR / "stocktaking" / "data" / "demonstration.csv"
OWNER = "member@demo.example"
TERMS = ("activity_type", "stakeholder_type", "country", "coverage", "main_action_line")
TEXTS = (
    "title",
    "language",
    "summary",
    "results",
    "organization_name",
    "timescale",
    "start_date",
    "end_date",
)


class Command(BaseCommand):
    help = "Submits a few projects as the demo member (only with DEMO=1)."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "Made-up projects are only submitted when DEMO=1 is set."
            )
        owner = User.objects.filter(email=OWNER).first()
        if owner is None:
            raise CommandError("Run demo_users first.")
        with DATA.open(encoding="utf-8", newline="") as file:
            made = sum(submit(owner, row) for row in csv.DictReader(file))
        self.stdout.write(f"{made} submitted")


def submit(owner: User, row: dict[str, str]) -> bool:
    """Submit one project as its member would; False when an earlier start did so."""
    if Project.objects.filter(owner=owner, title=row["title"]).exists():
        return False
    project = Project(
        owner=owner,
        contact_name=owner.get_full_name(),
        contact_email=owner.email,
        **{name: row[name] for name in TEXTS},
        **{f"{name}_id": row[name] for name in TERMS},
    )
    project.save()
    project.sdgs.set(SDG.objects.filter(pk__in=row["sdgs"].split(";")))
    project.move("submit", owner)
    return True
