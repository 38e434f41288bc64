"""The roles of the portal; each is a group of the same name."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    MEMBER = "member", _("Member")
    EXPERT = "expert", _("Expert")
    AGENCY = "agency", _("Agency")
    SECRETARIAT = "secretariat", _("Secretariat")
    ADMINISTRATOR = "administrator", _("Administrator")


# Roles towards one record rather than of a person: every workflow may use them.
OWNER = "owner"

STAFF_ROLES = frozenset({Role.SECRETARIAT, Role.ADMINISTRATOR})
