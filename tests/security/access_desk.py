"""Who gets which answer at the moderation desk; access_table.py says how to read a row."""

from typing import Any

from tests.security.access_rules import STAFF_AREA, signed_in

CONVERSATION = signed_in(404, owner=200, secretariat=200, administrator=200)
EMPTY_MESSAGE = signed_in(404, owner=400, secretariat=400, administrator=400)

# name → (GET, POST with an empty form), each a role → status
TABLE: dict[str, Any] = {"stocktaking:project-messages": (CONVERSATION, EMPTY_MESSAGE)}

# name → function (project) → the parameters of its address; a project's id where it is absent
PARAMETERS: dict[str, Any] = {}

# Pages of the admin by the last word of their names, by GET.
NEEDS_MORE = signed_in(403, secretariat=404, administrator=404)  # asks for a parameter
ADMIN: dict[str, Any] = {
    "desk": STAFF_AREA,
    "item": STAFF_AREA,
    "assign": NEEDS_MORE,
    "views": NEEDS_MORE,
    "undo": NEEDS_MORE,
    "trust": NEEDS_MORE,
    "preview": NEEDS_MORE,
    "batch": NEEDS_MORE,  # there is none
}
