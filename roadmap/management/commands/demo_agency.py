"""Lets the demonstration login of the role “agency” write for an agency; writes nothing in its
name."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.user.models import User
from roadmap.agency.models import Agency, AgencyMembership

EMAIL, AGENCY = "agency@demo.example", "ITU"


class Command(BaseCommand):
    help = (
        "Lets agency@demo.example state positions, as an approver (only with DEMO=1)."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "The demo login joins an agency only when DEMO=1 is set."
            )
        user = User.objects.filter(email=EMAIL).first()
        agency = Agency.objects.filter(pk=AGENCY).first()
        if user is None or agency is None:
            raise CommandError("Run demo_users and load_roadmap first.")
        AgencyMembership.objects.get_or_create(
            user=user, agency=agency, defaults={"approves": True}
        )
        self.stdout.write(f"{EMAIL} writes for {agency}.")
