"""The roles of the portal; each is a group of the same name."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.moves.actors import AnyUser, Person


class Role(models.TextChoices):
    MEMBER = "member", _("Member")
    EXPERT = "expert", _("Expert")
    AGENCY = "agency", _("Agency")
    SECRETARIAT = "secretariat", _("Secretariat")
    ADMINISTRATOR = "administrator", _("Administrator")


# Roles towards one record rather than of a person: every workflow may use them.
OWNER = "owner"

STAFF_ROLES = frozenset({Role.SECRETARIAT, Role.ADMINISTRATOR})


def roles_towards(
    user: Person, *, owns: bool = False, concerned: bool = False
) -> set[str]:
    """The roles of a person towards one record. Staff have no say in what is their own, nor in
    what they are `concerned` in: there their roles of staff do not count."""
    roles = set(user.roles) | ({OWNER} if owns else set())
    return roles - STAFF_ROLES if owns or concerned else roles


def is_own(record: Any, user: AnyUser | None) -> bool:
    """Whether the record is one that this person of the staff may not act on as staff."""
    staff = user.roles & STAFF_ROLES if user and user.is_authenticated else set()
    return bool(staff) and not staff & record.roles_of(user)
