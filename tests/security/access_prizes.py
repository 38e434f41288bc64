"""Who gets which answer in the prizes app; access_table.py says how to read a row."""

from typing import Any

# name → (GET, POST with an empty form), each a role → status
TABLE: dict[str, Any] = {}

# name → function (project) → the parameters of its address; a project's id where it is absent
PARAMETERS: dict[str, Any] = {}
