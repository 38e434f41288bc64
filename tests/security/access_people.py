"""Organizations, members, imports and my data: who gets which answer; see access_table.py."""

from typing import Any

from django.core import signing

from common.mail.outbox import SALT
from tests.factories import MemberFactory, OrganizationFactory
from tests.security.access_rules import (
    ALL,
    API_READ_ONLY,
    ELSEWHERE,
    NO_SUCH_METHOD,
    PROVE_AGAIN,
    READ_ONLY,
    rule,
    signed_in,
)
from tests.stocktaking.people import ImportJobFactory, OrganizationRoleFactory

OWN = signed_in(200)

TABLE: dict[str, Any] = {
    "stocktaking:organizations": READ_ONLY,
    "stocktaking:organization": READ_ONLY,
    "stocktaking:members": (OWN, NO_SUCH_METHOD),
    "stocktaking:member": (OWN, NO_SUCH_METHOD),
    "stocktaking:member-figures": READ_ONLY,
    "stocktaking:my-profile": (OWN, OWN),
    "stocktaking:my-roles": (OWN, NO_SUCH_METHOD),
    "stocktaking:role-ask": (OWN, OWN),
    "stocktaking:role-move": (
        signed_in(405),
        signed_in(404),
    ),  # of somebody else's role
    "api:organization-list": API_READ_ONLY,
    "api:organization-detail": API_READ_ONLY,
}

PARAMETERS: dict[str, Any] = {
    "stocktaking:organization": lambda project: {"pk": project.organization_id},
    "stocktaking:member": lambda project: {"pk": MemberFactory(listed=True).pk},
    "stocktaking:role-ask": lambda project: {"pk": OrganizationFactory().pk},
    "stocktaking:role-move": lambda project: {"pk": OrganizationRoleFactory().pk},
    "api:organization-detail": lambda project: {"pk": project.organization_id},
}

TABLE |= {
    "my-pages": (OWN, NO_SUCH_METHOD),
    "my-data": (OWN, NO_SUCH_METHOD),
    "my-data-export": (NO_SUCH_METHOD, signed_in(302)),
    "my-data-file": (signed_in(404), NO_SUCH_METHOD),
    "my-data-erase": (PROVE_AGAIN, PROVE_AGAIN),
    "my-data-keep": (NO_SUCH_METHOD, signed_in(302)),
    "consent": (OWN, signed_in(302)),
    "session-end": (NO_SUCH_METHOD, signed_in(404)),  # of somebody else's session
    "factor-lost": (
        ELSEWHERE,
        ELSEWHERE,
    ),  # only between the password and the second step
    "factor-reset-stop": (rule(404), rule(404)),  # a forged link
}
PARAMETERS |= {
    "session-end": lambda project: {"pk": 10**9},
    "factor-reset-stop": lambda project: {"token": "forged"},
}

IMPORTERS = signed_in(403, agency=200, secretariat=200, administrator=200)
NOBODY_ELSE = signed_in(
    403, agency=404, secretariat=200, administrator=200
)  # of somebody else's import
TABLE |= {
    "imports:list": (IMPORTERS, IMPORTERS),
    "imports:job": (NOBODY_ELSE, NO_SUCH_METHOD),
    "imports:act": (
        NO_SUCH_METHOD,
        signed_in(403, agency=404, secretariat=404, administrator=404),  # not theirs
    ),
    "imports:errors": (NOBODY_ELSE, NO_SUCH_METHOD),
}
PARAMETERS["imports:list"] = lambda project: {"kind": "projects"}
PARAMETERS |= dict.fromkeys(
    ["imports:job", "imports:act"],
    lambda project: {"kind": "projects", "pk": ImportJobFactory().pk},
)
PARAMETERS["imports:errors"] = lambda project: {
    "kind": "projects",
    "pk": ImportJobFactory().pk,
    "form": "csv",
}

TABLE |= {
    "api-keys": (OWN, NO_SUCH_METHOD),
    "api-key-new": (PROVE_AGAIN, PROVE_AGAIN),
    "api-key-revoke": (NO_SUCH_METHOD, signed_in(404)),  # of somebody else's key
    "notifications": (OWN, OWN),
    "unsubscribe": (ALL, ALL),  # the signature of the link is the proof
}
PARAMETERS["unsubscribe"] = lambda project: {
    "token": signing.dumps([project.owner_id, "news"], salt=SALT)
}
