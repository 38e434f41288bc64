"""Who makes moves at the Forum: staff, owners, and the portal itself."""

from accounts.role.roles import OWNER, STAFF_ROLES

STAFF = frozenset(role.value for role in STAFF_ROLES)


OWNERS = frozenset({OWNER})


class Desk:
    """The portal itself, behind the moves that follow from another one; nobody signs in as it."""

    pk = None
    is_authenticated = False


DESK = Desk()


DESK_ROLE = "desk"


MACHINE = frozenset({DESK_ROLE})
