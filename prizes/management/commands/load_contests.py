"""Loads the editions since 2012 with their phases and figures; safe at every deployment."""

from typing import Any

from django.core.management.base import BaseCommand

from prizes.contest.loading import load_contests
from prizes.contest.models import Contest
from prizes.hold.rules import make_rules


class Command(BaseCommand):
    help = "Loads contests, phases and figures from prizes/data; leaves what is there alone."

    def handle(self, *args: Any, **options: Any) -> None:
        new = load_contests()
        for contest in Contest.objects.real().filter(phases=None):  # still to be held
            make_rules(contest)
        self.stdout.write(f"{new} rows are new.")
