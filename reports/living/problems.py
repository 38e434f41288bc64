"""What is wrong with a text that is to be published."""

from typing import NamedTuple

ERROR, WARNING = "error", "warning"
CLAIM_FALSE = "CLAIM_FALSE"
TOKEN_UNKNOWN = "TOKEN_UNKNOWN"  # noqa: S105  (a code, not a secret)
TEXT_REFUSED = "TEXT_REFUSED"


class Problem(NamedTuple):
    """A point of the checklist: errors stop the approval, warnings inform. `place` leads to the
    section or block: an address of the editor's page."""

    code: str
    severity: str
    sentence: str
    place: str = ""

    @property
    def is_error(self) -> bool:
        return self.severity == ERROR
