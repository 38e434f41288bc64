"""Repeats erasures after a restore of an older database."""

from typing import Any

from django.core.management.base import BaseCommand

from privacy.erasure import replay


class Command(BaseCommand):
    help = "After a restore: erases again the people on the list of erasures (media/erasures)."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{replay()} people forgotten again.")
