"""Who gets which answer where: one row per address; an address without a row fails the test.

Each rule names the status for every role. "owner" owns the project that the addresses point at,
"member" is any other member. A refusal to strangers is 404: to them the page does not exist.
"""

from collections.abc import Callable
from typing import Any

from reports.report.arranging import last_position
from tests.reports.report.records import report as report_of
from tests.security import (
    access_desk,
    access_forum,
    access_inputs,
    access_people,
    access_prizes,
    access_roadmap,
    access_search,
    access_submit,
)
from tests.security.access_rules import (
    ALL,
    API_READ_ONLY,
    ASKS_STAFF,
    AWAY_IF_SIGNED_IN,
    ELSEWHERE,
    NO_SUCH_METHOD,
    NOT_SET_UP,
    OWN,
    PROVE_AGAIN,
    READ_ONLY,
    ROLES,
    STAFF_AREA,
    STAFF_PROVE_AGAIN,
    rule,
    signed_in,
)

__all__ = ["ADMIN", "ALL", "DRAFT", "PARAMETERS", "ROLES", "TABLE"]

# name → (GET, POST with an empty form)
ACCOUNT = {
    "account-profile": (OWN, OWN),
    "account_login": (AWAY_IF_SIGNED_IN, AWAY_IF_SIGNED_IN),
    "account_logout": (OWN, ELSEWHERE),
    "account_inactive": READ_ONLY,
    "account_signup": (AWAY_IF_SIGNED_IN, AWAY_IF_SIGNED_IN),
    "account_signup_by_passkey": (AWAY_IF_SIGNED_IN, AWAY_IF_SIGNED_IN),
    "account_reauthenticate": (OWN, OWN),
    "account_email": (OWN, PROVE_AGAIN),
    "account_email_verification_sent": (ELSEWHERE, ELSEWHERE),
    "account_change_password": (OWN, OWN),
    "account_set_password": (PROVE_AGAIN, PROVE_AGAIN),
    "account_reset_password": (ALL, ALL),
    "account_confirm_login_code": (ELSEWHERE, ELSEWHERE),
    "account_reset_password_done": READ_ONLY,
    "account_reset_password_from_key": (ALL, ALL),  # says that the link is not valid
    "account_reset_password_from_key_done": READ_ONLY,
    "mfa_index": (OWN, signed_in(405)),
    "mfa_authenticate": (ELSEWHERE, ELSEWHERE),
    "mfa_reauthenticate": (ASKS_STAFF, ASKS_STAFF),
    "mfa_activate_totp": (PROVE_AGAIN, PROVE_AGAIN),
    "mfa_deactivate_totp": (STAFF_PROVE_AGAIN, STAFF_PROVE_AGAIN),
    "mfa_view_recovery_codes": (NOT_SET_UP, signed_in(405)),
    "mfa_generate_recovery_codes": (PROVE_AGAIN, PROVE_AGAIN),
    "mfa_download_recovery_codes": (NOT_SET_UP, NOT_SET_UP),
    "mfa_list_webauthn": (OWN, signed_in(405)),
    "mfa_add_webauthn": (PROVE_AGAIN, PROVE_AGAIN),
    "mfa_reauthenticate_webauthn": (PROVE_AGAIN, PROVE_AGAIN),
    "mfa_remove_webauthn": (PROVE_AGAIN, PROVE_AGAIN),
    "mfa_edit_webauthn": (PROVE_AGAIN, PROVE_AGAIN),
    "mfa_login_webauthn": (ELSEWHERE, ELSEWHERE),
    "mfa_signup_webauthn": (ELSEWHERE, ELSEWHERE),
    "usersessions_list": (OWN, PROVE_AGAIN),
}

PORTAL = dict.fromkeys(
    ["home", "search", "help", "data", "accessibility", "privacy", "terms"], READ_ONLY
)

# Of a published project.
OWNER_LEFT = signed_in(
    404, owner=302
)  # published work is changed by moves, not by the form
STOCKTAKING = {
    "stocktaking:projects": READ_ONLY,
    "stocktaking:project": READ_ONLY,
    "stocktaking:project-image": (rule(404), NO_SUCH_METHOD),  # this one has none
    "stocktaking:project-new": (
        ALL,
        ELSEWHERE,
    ),  # explained to all; a draft is begun by members
    "stocktaking:project-edit": (OWNER_LEFT, signed_in(405)),
    "stocktaking:project-check": (OWNER_LEFT, OWNER_LEFT),
    "stocktaking:project-done": (signed_in(404, owner=200), signed_in(405)),
    "stocktaking:project-move": (signed_in(405), signed_in(404)),
    "stocktaking:my-projects": (OWN, signed_in(405)),
    "stocktaking:organization-names": (OWN, signed_in(405)),
    "stocktaking:suggested-sdgs": (OWN, signed_in(405)),
    "api:docs": READ_ONLY,
    "api:openapi": READ_ONLY,
    "api:change-list": API_READ_ONLY,
    "api:codelist-list": API_READ_ONLY,
    "api:codelist-detail": API_READ_ONLY,
    "reference:matrix": READ_ONLY,
    "api:project-detail": API_READ_ONLY,
    "api:project-list": (ALL, rule(400, anonymous=401)),
    "api:project-moves": (ALL, rule(400, anonymous=401)),
}

# Of a publication that does not exist: what follows of its state is tested in tests/reports.
MISSING = (rule(404), NO_SUCH_METHOD)
HIDDEN_BUILD = signed_in(403, secretariat=404, administrator=404)
WRONG_METHOD = signed_in(403, secretariat=405, administrator=405)
# Of a report that the owner of the project edits.
EDITORS = signed_in(404, owner=200, secretariat=200, administrator=200)
EDITORS_SAVE = signed_in(404, owner=302, secretariat=302, administrator=302)
EDITORS_ASK = signed_in(404, owner=400, secretariat=400, administrator=400)
REPORTS = {
    "reports:edit": (EDITORS, EDITORS_SAVE),
    "reports:edit-section": (EDITORS, EDITORS_SAVE),
    "reports:edit-preview": (EDITORS, signed_in(405)),
    "reports:edit-pdf": (EDITORS, signed_in(405)),
    "reports:edit-earlier": (EDITORS, signed_in(405)),
    "reports:edit-picture": (signed_in(404), signed_in(405)),  # there is none
    "reports:contributions": (EDITORS, EDITORS_ASK),
    "reports:contribution": (EDITORS, EDITORS_SAVE),
    "reports:boxes": (EDITORS, EDITORS_SAVE),
    "reports:box-answer": (rule(404), rule(404)),  # of a link that nobody has
    "reports:contribute": (rule(404), rule(404)),  # of a link that nobody has
    "reports:subscribe": (ALL, rule(400)),
    "reports:subscription-end": (signed_in(405), signed_in(404)),
    "reports:subscription-confirm": (rule(404), rule(404)),  # of a forged link
    "reports:subscription-stop": (rule(404), rule(404)),
    "reports:publications": READ_ONLY,
    "reports:archive": READ_ONLY,
    "reports:edition": MISSING,
    "reports:publication": MISSING,
    "reports:chapter": MISSING,
    "reports:index": MISSING,
    "reports:sources": MISSING,
    "reports:version": MISSING,
    "reports:page": MISSING,
    "reports:search": MISSING,
    "reports:download": MISSING,
    "reports:volume": MISSING,
    "reports:volume-part": MISSING,
    "reports:figure": MISSING,
    "reports:table": MISSING,
    "reports:table-file": MISSING,
    "reports:figure-embedded": MISSING,
    "reports:figure-file": MISSING,
    "reports:picture": MISSING,
    "reports:changes": MISSING,
    "reports:new": (STAFF_AREA, STAFF_AREA),
    "reports:compile-outcome": (
        WRONG_METHOD,
        signed_in(403, secretariat=302, administrator=302),  # no session is released
    ),
    "reports:build": (HIDDEN_BUILD, WRONG_METHOD),
    "reports:move": (WRONG_METHOD, HIDDEN_BUILD),
    "reports:feedback": (rule(404), rule(404)),
    "reports:methodology": READ_ONLY,
    "reports:clearance": (HIDDEN_BUILD, HIDDEN_BUILD),
    "reports:review": (signed_in(404), signed_in(404)),
    "reports:early": MISSING,
    "reports:early-file": MISSING,
    "reports:early-picture": MISSING,
    "api:report-list": API_READ_ONLY,
    "api:archived-edition-list": API_READ_ONLY,
    "api:archived-edition-detail": (rule(404), rule(405, anonymous=401)),
    "api:report-detail": (rule(404), rule(405, anonymous=401)),
    "api:report-changes": (rule(404), rule(405, anonymous=401)),
    "api:report-text": (rule(404), rule(405, anonymous=401)),
}

TABLE = {
    **ACCOUNT,
    **PORTAL,
    **STOCKTAKING,
    **access_people.TABLE,
    **access_prizes.TABLE,
    **access_forum.TABLE,
    **access_inputs.TABLE,
    **access_roadmap.TABLE,
    **access_search.TABLE,
    **access_submit.TABLE,
    **access_desk.TABLE,
    **REPORTS,
}


def block_of(text: Any, kind: str, **settings: Any) -> int:
    """A block of this kind in the first section."""
    blocks = text.sections.first().blocks
    block = blocks.filter(kind=kind).first()
    if block is None:
        position = last_position(blocks) + 1
        block = blocks.create(kind=kind, position=position, settings=settings)
    return block.pk


def edited(*names: str) -> Callable[[Any], dict[str, Any]]:
    """The address of a report of which the project's owner is an editor."""

    def values(project: Any) -> dict[str, Any]:
        text = report_of()
        text.editorships.get_or_create(user=project.owner)
        known = {
            "pk": lambda: text.pk,
            "section": lambda: text.sections.first().pk,
            "block": lambda: block_of(text, "contribution"),
            "boxes": lambda: block_of(text, "boxes", by="country", count=3),
            "name": lambda: "none",
        }
        return {name.replace("boxes", "block"): known[name]() for name in names}

    return values


PARAMETERS = {
    "reports:edit": edited("pk"),
    "reports:edit-section": edited("pk", "section"),
    "reports:edit-preview": edited("pk", "section"),
    "reports:edit-pdf": edited("pk", "section"),
    "reports:edit-earlier": edited("pk", "section"),
    "reports:edit-picture": edited("pk", "name"),
    "reports:contributions": edited("pk"),
    "reports:contribution": edited("pk", "section", "block"),
    "reports:boxes": edited("pk", "section", "boxes"),
    "reports:box-answer": lambda _project: {"token": "nothing"},
    "reports:contribute": lambda _project: {"token": "nothing"},
    "reports:subscription-end": lambda _project: {"pk": 1},
    "reports:subscription-confirm": lambda _project: {"token": "nothing"},
    "reports:subscription-stop": lambda _project: {"token": "nothing"},
    **access_people.PARAMETERS,
    **access_prizes.PARAMETERS,
    **access_forum.PARAMETERS,
    **access_inputs.PARAMETERS,
    **access_roadmap.PARAMETERS,
    **access_search.PARAMETERS,
    **access_submit.PARAMETERS,
    **access_desk.PARAMETERS,
}

# The same addresses of a draft: it does not exist for anybody but its owner and staff.
HIDDEN = rule(404, owner=200, secretariat=200, administrator=200)
DRAFT = {
    "stocktaking:project": HIDDEN,
    "stocktaking:project-edit": signed_in(404, owner=200),
    "stocktaking:project-check": signed_in(404, owner=200),
    "api:project-detail": HIDDEN,
    "api:project-moves": HIDDEN,
}

# The admin by kind of page (last word of its name) instead of one row per model.
STAFF_PAGE = signed_in(403, secretariat=(200, 403), administrator=(200, 403))
STAFF_RECORD = signed_in(
    403, secretariat=(302, 403, 404), administrator=(302, 403, 404)
)
ADMIN = {
    "index": STAFF_AREA,
    "password_change": STAFF_AREA,
    "changelist": STAFF_PAGE,
    "add": STAFF_PAGE,
    "change": STAFF_RECORD,
    "delete": STAFF_RECORD,
    "history": STAFF_RECORD,
    **access_desk.ADMIN,
}
