"""Confirms the organizations behind projects that came from public sources."""

from typing import Any

from django.core.management.base import BaseCommand

from stocktaking.organization.models import Organization


class Command(BaseCommand):
    help = "Confirms the names of organizations that public sources of projects use."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{Organization.objects.confirm_sourced()} names confirmed.")
