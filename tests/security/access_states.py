"""States of an account beside its role: what the access table says of them, derived from the rows
of the roles, and the few addresses at which they differ from that.

A person of the staff without a confirmed second factor is a member: where a page is closed to
members and open to staff, they are led to the second step.
"""

from typing import Any

from accounts.second_factor.session import SecondFactor

# state → (role of the account, how far its second factor has come)
STAFF_STATES = {
    "secretariat without a factor": ("secretariat", SecondFactor.NONE),
    "administrator without a factor": ("administrator", SecondFactor.NONE),
    "secretariat with a factor not asked for": ("secretariat", SecondFactor.ENROLLED),
}
DISABLED, KEY, COEDITS = "disabled secretariat", "key of the secretariat", "co-editor"
SEATED, CONFLICTED = "expert on the panel", "expert with a conflict"


def states_of(section: str) -> list[str]:
    """The states that matter in an app: everywhere those of staff and a disabled account."""
    by_section = {
        "api": [KEY, COEDITS],
        "stocktaking": [COEDITS],
        "prizes": [SEATED, CONFLICTED],
    }
    return [*STAFF_STATES, DISABLED, *by_section.get(section, [])]


# The account pages that know whether there is a second factor.
ENROLLED: dict[str, Any] = {
    "mfa_deactivate_totp": {302},
    "mfa_view_recovery_codes": {302, 404, 405},
    "mfa_download_recovery_codes": {302, 404},
    "mfa_activate_totp": {302},
    "mfa_reauthenticate": {200},
    "mfa_generate_recovery_codes": {302},
}

# name → (GET, POST): where a co-editor of the project gets something else than other members.
COEDITOR: dict[str, tuple[int, int]] = {
    "stocktaking:project-edit": (302, 405),  # it is public: to its page
    "stocktaking:project-check": (302, 302),  # it is public: to its page
    "stocktaking:project-done": (200, 405),
    "stocktaking:project-step": (302, 409),
    "stocktaking:project-preview": (200, 405),
    "stocktaking:revision": (200, 405),
    "stocktaking:revision-edit": (302, 405),
    "stocktaking:revision-step": (302, 409),
    "stocktaking:revision-preview": (200, 405),
    "stocktaking:texts": (200, 405),
    "stocktaking:text": (200, 405),
    "stocktaking:text-edit": (200, 409),
}

# What an expert with a seat on the panel of the entry's category gets, without and with a
# conflict of interest.
PANEL: dict[str, dict[str, tuple[int, int]]] = {
    SEATED: {
        "prizes:panels": (200, 405),
        "prizes:panel": (200, 405),
        "prizes:next-entry": (302, 405),
        "prizes:review": (200, 409),  # the experts are done: people vote
        "prizes:conflict": (405, 302),
        "prizes:delegate": (200, 302),  # the experts are done
        "prizes:decision": (200, 409),
    },
    CONFLICTED: {
        "prizes:panels": (200, 405),
        "prizes:next-entry": (302, 405),
        "prizes:panel": (200, 405),
        "prizes:decision": (200, 409),
    },
}


def expected(state: str, name: str, place: int, row: dict[str, int]) -> set[int]:
    """The statuses that are right for this state at an address, by GET (0) or POST (1)."""
    if state == DISABLED:
        return {row["anonymous"]}
    if state == KEY:
        return key_of_staff(name, row)
    if state == COEDITS:
        return {COEDITOR[name][place]} if name in COEDITOR else {row["member"]}
    if state in PANEL:
        return {PANEL[state][name][place]} if name in PANEL[state] else {row["expert"]}
    factor = STAFF_STATES[state][1]
    if factor == SecondFactor.ENROLLED and name in ENROLLED:
        return ENROLLED[name]
    led_on = row["member"] == 403 and not name.startswith("api:")
    if name == "prizes:panels":  # open to any expert, so not behind a role
        led_on = False
    return {302} if led_on else {row["member"]}


def key_of_staff(name: str, row: dict[str, int]) -> set[int]:
    """A key is known by the API only, and there it is a member's; it writes within its scopes."""
    if not name.startswith("api:"):
        return {row["anonymous"], 403}  # 403: a form without its token
    return {row["member"], 403} if row["member"] >= 400 else {row["member"]}
