"""Roles of the moves at the Forum: staff, owners, and the portal itself."""

from accounts.role.roles import OWNER, STAFF_ROLES
from common.moves.actors import SystemActor

STAFF = frozenset(role.value for role in STAFF_ROLES)
OWNERS = frozenset({OWNER})
DESK = SystemActor("desk")  # makes the moves that follow from another one
MACHINE = frozenset({DESK.role})
COORDINATOR = "coordinator"  # towards a session: plans those of its track
COORDINATORS = frozenset({COORDINATOR})
