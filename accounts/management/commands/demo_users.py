"""Creates five demonstration users; refuses to run outside a demonstration."""

from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.role.roles import Role
from accounts.user.models import User

DOMAIN = "demo.example"  # reserved for examples: mail to it can reach nobody
PASSWORD = "wsis-demo-2026"  # noqa: S105  (public on purpose; the command refuses without DEMO)
PEOPLE = {
    Role.MEMBER: ("Amina", "Diallo"),
    Role.EXPERT: ("Lin", "Chen"),
    Role.AGENCY: ("Marta", "Rossi"),
    Role.SECRETARIAT: ("Omar", "Haddad"),
    Role.ADMINISTRATOR: ("Nadia", "Petrova"),
}


class Command(BaseCommand):
    help = "Creates one login per role for demonstrations (only with DEMO=1)."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "Demo logins have a public password and are only created when DEMO=1 is set."
            )
        self.stdout.write(f"{'role':<15}{'e-mail':<30}password")
        for role in PEOPLE:
            user = demo_user(role)
            self.stdout.write(f"{role.value:<15}{user.email:<30}{PASSWORD}")


def demo_user(role: Role) -> User:
    """The demo user of a role, created when missing; the password is hashed once only."""
    email = f"{role.value}@{DOMAIN}"
    user = User.objects.filter(email=email).first()
    if user is None:
        first, last = PEOPLE[role]
        user = User.objects.create_user(
            email, PASSWORD, first_name=first, last_name=last
        )
    if role not in user.groups.values_list("name", flat=True):
        user.grant(role)
    EmailAddress.objects.update_or_create(
        user=user, email=email, defaults={"verified": True, "primary": True}
    )
    return user
