"""Who gets which answer in the search pages; access_table.py says how to read a row."""

from typing import Any

from tests.security.access_rules import READ_ONLY

# name → (GET, POST with an empty form), each a role → status
TABLE: dict[str, Any] = {
    "stocktaking:download": READ_ONLY,
    "stocktaking:export": READ_ONLY,
    "stocktaking:feed": READ_ONLY,
}

# name → function (project) → the parameters of its address; a project's id where it is absent
PARAMETERS: dict[str, Any] = {
    "stocktaking:export": lambda _project: {"kind": "csv"},
}
