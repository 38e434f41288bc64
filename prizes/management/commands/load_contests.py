"""Loads the editions since 2012 with their phases and figures; safe at every deployment."""

from typing import Any

from django.core.management.base import BaseCommand

from prizes.contest.loading import load_contests


class Command(BaseCommand):
    help = "Loads contests, phases and figures from prizes/data; leaves what is there alone."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_contests()} rows are new.")
