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
    """The roles of a person towards one record.

    Staff roles do not count for a record that is the person's own, nor for one by which the person
    is `concerned`.
    """
    roles = set(user.roles) | ({OWNER} if owns else set())
    return roles - STAFF_ROLES if owns or concerned else roles


def is_own(record: Any, user: AnyUser | None) -> bool:
    """Whether this member of staff is involved in the record and may not act on it as staff."""
    staff = user.roles & STAFF_ROLES if user and user.is_authenticated else set()
    return bool(staff) and not staff & record.roles_of(user)
