"""Who gets which answer in the prizes app; access_table.py says how to read a row.

The contest is one in which people vote; its entry is nominated and belongs to the project's owner.
"""

from typing import Any

from django.utils import timezone

from common.mail.links import digest
from prizes.entry.models import Entry
from prizes.invitation.models import Invitation, token_of
from prizes.panel.delegation import Delegation
from prizes.panel.models import Panel
from tests.factories import UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, held_vote
from tests.security.access_rules import (
    ALL,
    API_READ_ONLY,
    NO_SUCH_METHOD,
    OWN,
    READ_ONLY,
    rule,
    signed_in,
)

POST_ONLY = signed_in(405)
OWNER_AND_STAFF = signed_in(404, owner=200, secretariat=200, administrator=200)

# name → (GET, POST with an empty form), each a role → status
TABLE: dict[str, Any] = {
    "prizes:contests": READ_ONLY,
    "prizes:feed": READ_ONLY,
    "prizes:contest": READ_ONLY,
    "prizes:category": READ_ONLY,
    "prizes:compare": READ_ONLY,
    "prizes:nominee": READ_ONLY,
    "prizes:results": READ_ONLY,
    "prizes:results-csv": READ_ONLY,
    "prizes:record": READ_ONLY,
    "prizes:roots": READ_ONLY,
    "prizes:root": (rule(404), NO_SUCH_METHOD),  # no root was written
    "prizes:record-verifier": READ_ONLY,
    "prizes:record-archive": (rule(404), NO_SUCH_METHOD),  # nothing was counted
    "prizes:record-file": (rule(404), NO_SUCH_METHOD),
    "prizes:certificate": (rule(404), NO_SUCH_METHOD),  # of a nominee: there is none
    "prizes:statistics": (
        rule(404, secretariat=200, administrator=200),
        NO_SUCH_METHOD,
    ),
    "prizes:statistics-csv": (
        rule(404, secretariat=200, administrator=200),
        NO_SUCH_METHOD,
    ),
    "api:prize-contest-statistics": API_READ_ONLY,
    "prizes:certificate-pdf": (rule(404), NO_SUCH_METHOD),
    "prizes:certificate-badge": (rule(404), NO_SUCH_METHOD),
    "prizes:verify": (ALL, rule(400)),  # four words have to be typed
    "prizes:my-entries": (OWN, POST_ONLY),
    "prizes:enter": (OWN, signed_in(409)),  # submission is over
    "prizes:entry": (signed_in(404, owner=302), signed_in(404, owner=409)),
    "prizes:entry-texts": (OWNER_AND_STAFF, POST_ONLY),
    "prizes:entry-text": (
        OWNER_AND_STAFF,
        signed_in(404, owner=409, secretariat=400, administrator=400),  # no kind
    ),
    "prizes:entry-text-move": (POST_ONLY, signed_in(404)),  # of one that nobody wrote
    "prizes:kit": (signed_in(404, owner=200), POST_ONLY),
    "prizes:kit-file": (signed_in(404, owner=200), POST_ONLY),
    "prizes:entry-move": (POST_ONLY, signed_in(404)),
    "prizes:ballot": (OWN, signed_in(400)),
    "prizes:ballot-category": (OWN, signed_in(400)),
    "prizes:my-votes": (OWN, POST_ONLY),
    "prizes:mail-votes": (POST_ONLY, signed_in(302)),
    "prizes:vote-list-wish": (POST_ONLY, signed_in(302)),
    "prizes:withdraw-vote": (POST_ONLY, signed_in(302)),
    "prizes:panels": (signed_in(403, secretariat=200, administrator=200), POST_ONLY),
    "prizes:panel": (signed_in(404, secretariat=200, administrator=200), POST_ONLY),
    "prizes:panel-scores": (
        signed_in(404, secretariat=200, administrator=200),
        POST_ONLY,
    ),
    "prizes:entry-reviews": (
        signed_in(404, secretariat=200, administrator=200),
        signed_in(404, secretariat=200, administrator=200),  # no button was pressed
    ),
    "prizes:panel-remind": (
        POST_ONLY,
        signed_in(404, secretariat=302, administrator=302),
    ),
    "prizes:next-entry": (
        signed_in(404, secretariat=302, administrator=302),
        POST_ONLY,
    ),
    "prizes:decision": (
        signed_in(404, secretariat=200, administrator=200),
        signed_in(404, secretariat=409, administrator=409),  # staff have no voice
    ),
    "prizes:review": (signed_in(404), signed_in(404)),  # nobody here has a seat
    "prizes:conflict": (POST_ONLY, signed_in(404)),
    "prizes:delegate": (signed_in(404), signed_in(404)),
    # the token of the link is the permission; no button was pressed
    "prizes:delegation": (ALL, ALL),
    "prizes:delegated-review": (signed_in(404), signed_in(404)),  # somebody else's
    # the signature of the link is the permission; an answer has to be chosen
    "prizes:checking": READ_ONLY,
    "prizes:checking-csv": READ_ONLY,
    "prizes:held-again": (POST_ONLY, signed_in(302)),
    "prizes:held": (ALL, rule(302)),
    "prizes:invitation": (ALL, rule(400)),
    "api:prize-contest-list": API_READ_ONLY,
    "api:prize-contest-detail": API_READ_ONLY,
    "api:prize-entry-list": API_READ_ONLY,
    "api:prize-entry-detail": API_READ_ONLY,
    "api:prize-contest-held-votes": API_READ_ONLY,
    "api:prize-result-list": API_READ_ONLY,
    "api:prize-result-detail": (rule(404), rule(405, anonymous=401)),
}


def entry_of(project: Any) -> Entry:
    """The nominated entry of the project, made when it is first asked for."""
    found = Entry.objects.filter(project=project).first()
    if found is None:
        found = EntryFactory(contest=ContestFactory(slug="access"), project=project)
        Panel.objects.create(category=found.category)
    return found


def invited(project: Any) -> dict[str, Any]:
    """The link of an invitation that waits for its answer."""
    panel, person = entry_of(project).category.panel, UserFactory()
    Invitation.objects.create(panel=panel, expert=person, asked_at=timezone.now())
    return {"token": token_of(panel.category.contest_id, person.pk)}


def held(project: Any) -> dict[str, Any]:
    """The link by which somebody confirms held votes."""
    return {"token": held_vote(entry_of(project)).add_link()}


def delegated(project: Any) -> Delegation:
    """A review that is handed to somebody who has not answered."""
    entry = entry_of(project)
    return Delegation.objects.get_or_create(
        entry=entry,
        token=digest(f"link {entry.pk}"),
        defaults={"email": "a@b.example", "expert_id": UserFactory().pk},
    )[0]


def by_link(project: Any) -> dict[str, Any]:
    return {"token": f"link {delegated(project).entry_id}"}


def of_contest(project: Any) -> dict[str, Any]:
    return {"edition": entry_of(project).contest.slug}


def of_line(project: Any) -> dict[str, Any]:
    return of_contest(project) | {"line": "C7-EGOV"}


def of_entry(project: Any) -> dict[str, Any]:
    return of_contest(project) | {"pk": entry_of(project).pk}


def in_french(project: Any) -> dict[str, Any]:
    return of_entry(project) | {"language": "fr"}


# name → function (project) → the parameters of its address; a project's id where it is absent
PARAMETERS: dict[str, Any] = {
    **dict.fromkeys(
        [
            "prizes:contest",
            "prizes:enter",
            "prizes:results",
            "prizes:results-csv",
            "prizes:statistics",
            "prizes:statistics-csv",
            "prizes:verify",
            "prizes:record",
            "prizes:roots",
            "prizes:record-verifier",
            "prizes:record-archive",
            "prizes:ballot",
            "prizes:my-votes",
            "prizes:checking",
            "prizes:checking-csv",
            "prizes:held-again",
            "prizes:mail-votes",
            "prizes:vote-list-wish",
            "prizes:panels",
        ],
        of_contest,
    ),
    **dict.fromkeys(
        [
            "prizes:category",
            "prizes:compare",
            "prizes:ballot-category",
            "prizes:withdraw-vote",
            "prizes:panel",
            "prizes:panel-scores",
            "prizes:panel-remind",
            "prizes:next-entry",
            "prizes:decision",
        ],
        of_line,
    ),
    **dict.fromkeys(
        [
            "prizes:nominee",
            "prizes:entry",
            "prizes:entry-move",
            "prizes:entry-texts",
            "prizes:kit",
            "prizes:review",
            "prizes:conflict",
            "prizes:delegate",
        ],
        of_entry,
    ),
    **dict.fromkeys(["prizes:entry-text", "prizes:entry-text-move"], in_french),
    "prizes:held": held,
    "api:prize-contest-held-votes": lambda project: {
        "slug": entry_of(project).contest.slug
    },
    "prizes:entry-reviews": lambda project: of_line(project) | of_entry(project),
    "prizes:root": lambda project: of_contest(project) | {"number": 1},
    "prizes:record-file": lambda project: of_contest(project) | {"name": "results.txt"},
    "prizes:invitation": invited,
    "prizes:delegation": by_link,
    "prizes:delegated-review": lambda project: {"pk": delegated(project).pk},
    "prizes:kit-file": lambda project: of_entry(project) | {"name": "badge.svg"},
    "prizes:certificate": lambda project: {"code": entry_of(project).code},
    "prizes:certificate-pdf": lambda project: {"code": entry_of(project).code},
    "prizes:certificate-badge": lambda project: {
        "code": entry_of(project).code,
        "picture": "svg",
    },
    "api:prize-contest-detail": lambda project: {
        "slug": entry_of(project).contest.slug
    },
    "reports:compile-stories": lambda project: {"slug": entry_of(project).contest.slug},
    "api:prize-contest-statistics": lambda project: {
        "slug": entry_of(project).contest.slug
    },
    "api:prize-entry-detail": lambda project: {"pk": entry_of(project).pk},
    "api:prize-result-detail": lambda project: {"pk": entry_of(project).pk},
}
