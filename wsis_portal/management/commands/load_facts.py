"""Loads everything that the portal ships with, as `make run` does without its demonstration."""

import time
from typing import Any

from django.core.management.base import BaseCommand

from wsis_portal.loading.facts import FACTS, load


class Command(BaseCommand):
    help = "Loads all facts that the portal ships with; records that staff have corrected stay."

    def handle(self, *args: Any, **options: Any) -> None:
        for title, commands in FACTS:
            began = time.monotonic()
            load(commands)
            self.stdout.write(f"  {title} … {time.monotonic() - began:.1f} s")
