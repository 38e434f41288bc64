"""Confirms the organisations behind entries that came from public sources."""

from typing import Any

from django.core.management.base import BaseCommand

from stocktaking.organization.models import Organisation


class Command(BaseCommand):
    help = "Confirms the names of organisations that public sources of entries use."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{Organisation.objects.confirm_sourced()} names confirmed.")
