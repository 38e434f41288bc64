"""Who gets which answer in the forum app; access_table.py says how to read a row."""

from typing import Any

from forum.agenda.models import CalendarKey
from forum.consultation.workflow import SubmissionStatus
from forum.decision.models import Dispatch
from forum.registration.models import Registration
from forum.release.models import ReleaseJob
from forum.suggestion.models import Suggestion
from tests.forum import records
from tests.security.access_rules import (
    ALL,
    API_READ_ONLY,
    ELSEWHERE,
    NO_SUCH_METHOD,
    OWN,
    READ_ONLY,
    STAFF_AREA,
    rule,
    signed_in,
)

MISSING = (rule(404), NO_SUCH_METHOD)
ACT_OF_ALL = (
    signed_in(405),
    signed_in(302),
)  # a button; what it does leads back to a page
# no such method, for those who may come
PLAN_READ = signed_in(403, secretariat=405, administrator=405)
OWNER_ONLY = signed_in(404, owner=200)
OWNER_ONLY_ACT = signed_in(404)  # no such act
PLAN_ACT = signed_in(403, secretariat=404, administrator=404)  # no such act
OWNER_AND_STAFF = signed_in(404, owner=200, secretariat=200, administrator=200)

MUST_BE_FILLED = signed_in(404, owner=400, secretariat=400, administrator=400)

# name → (GET, POST with an empty form), each a role → status
TABLE: dict[str, Any] = {
    "forum:editions": READ_ONLY,
    "forum:edition": READ_ONLY,
    "forum:agenda": READ_ONLY,
    "forum:agenda-all": READ_ONLY,
    "forum:agenda-offline": READ_ONLY,
    "forum:edition-calendar": READ_ONLY,
    "forum:schedule-xml": READ_ONLY,
    "forum:schedule-json": READ_ONLY,
    "forum:programme-csv": READ_ONLY,
    "forum:print": READ_ONLY,
    "forum:printout": (ELSEWHERE, NO_SUCH_METHOD),  # it is made, and the page says so
    "forum:session": READ_ONLY,
    "forum:session-calendar": READ_ONLY,
    "forum:people": READ_ONLY,
    "forum:person": READ_ONLY,
    "forum:documents": READ_ONLY,
    "forum:document": MISSING,  # this one has no file
    "forum:releases": READ_ONLY,
    "forum:release": READ_ONLY,
    "forum:feed": READ_ONLY,
    "forum:consultation": READ_ONLY,
    "forum:inputs": READ_ONLY,
    "forum:outcome": READ_ONLY,
    "forum:outcome-edit": (
        signed_in(
            404, owner=302, secretariat=200, administrator=200
        ),  # published: staff only
        signed_in(404, owner=302, secretariat=400, administrator=400),  # no language
    ),
    "forum:outcome-versions": (OWNER_AND_STAFF, signed_in(405)),
    "forum:minutes": READ_ONLY,
    "forum:minutes-edit": (
        signed_in(404, owner=302, secretariat=200, administrator=200),
        signed_in(404, owner=302, secretariat=400, administrator=400),
    ),
    "forum:minutes-versions": (OWNER_AND_STAFF, signed_in(405)),
    "forum:reports": (STAFF_AREA, PLAN_READ),
    "forum:poll-new": (OWNER_AND_STAFF, MUST_BE_FILLED),
    "forum:poll": READ_ONLY,
    "forum:poll-answer": (signed_in(405), signed_in(400)),  # nothing is chosen
    "forum:poll-turn": (signed_in(405), signed_in(404)),  # no such turn
    "forum:mailings": (STAFF_AREA, PLAN_READ),
    "forum:mailing-new": (
        STAFF_AREA,
        signed_in(403, secretariat=400, administrator=400),
    ),
    "forum:mailing": (STAFF_AREA, PLAN_READ),
    "forum:mailing-edit": (
        STAFF_AREA,
        signed_in(403, secretariat=400, administrator=400),
    ),
    "forum:mailing-act": (
        PLAN_READ,
        signed_in(403, secretariat=404, administrator=404),  # no such act
    ),
    "forum:reports-sheet": (STAFF_AREA, PLAN_READ),
    "forum:session-texts": (OWNER_AND_STAFF, signed_in(405)),
    "forum:session-text": (
        OWNER_AND_STAFF,
        signed_in(404, owner=400, secretariat=400, administrator=400),  # no kind
    ),
    "forum:session-text-move": (signed_in(405), signed_in(404)),
    "forum:my-agenda": (OWN, signed_in(405)),
    "forum:input-by-link": MISSING,  # of a link that nobody has
    "forum:claim": (rule(404), rule(404)),  # the same
    "forum:own-record": (signed_in(404), signed_in(404)),  # of people who have one
    "forum:my-calendar": READ_ONLY,  # whoever has the secret address
    "forum:calendar-key": ACT_OF_ALL,
    "forum:session-slot": (OWNER_ONLY, OWNER_ONLY_ACT),
    "forum:star": ACT_OF_ALL,
    "forum:sign-up": ACT_OF_ALL,
    "forum:submissions": (OWN, signed_in(405)),
    "forum:submission": (OWNER_AND_STAFF, signed_in(405)),
    "forum:submission-new": (OWN, signed_in(400)),
    "forum:submission-edit": (
        signed_in(404, owner=302),
        signed_in(404, owner=302),
    ),  # handed in
    "forum:submission-move": (signed_in(405), signed_in(404)),  # no such move
    "forum:submission-session": (
        signed_in(405),
        signed_in(404, secretariat=409, administrator=409),  # not accepted yet
    ),
    "forum:submission-speakers": (
        signed_in(404, owner=302),
        signed_in(404, owner=302),
    ),  # handed in
    "forum:submission-screening": (
        OWNER_AND_STAFF,
        signed_in(404, secretariat=400, administrator=400),  # without a reason
    ),
    "forum:review-list": (signed_in(404), signed_in(405)),  # no reviewer
    "forum:review": (signed_in(404), signed_in(404)),
    "forum:reviews": (STAFF_AREA, PLAN_READ),
    "forum:reviews-csv": (STAFF_AREA, PLAN_READ),
    "forum:decisions": (STAFF_AREA, PLAN_READ),
    "forum:decisions-set": (
        PLAN_READ,
        signed_in(403, secretariat=302, administrator=302),  # nothing is ticked
    ),
    "forum:decisions-send": (
        STAFF_AREA,
        signed_in(403, secretariat=409, administrator=409),  # nothing was looked at
    ),
    "forum:dispatch": (
        STAFF_AREA,
        signed_in(403, secretariat=302, administrator=302),
    ),
    "forum:joining-propose": (
        OWNER_AND_STAFF,
        signed_in(404, owner=400, secretariat=400, administrator=400),
    ),
    "forum:joining": (
        OWNER_AND_STAFF,
        signed_in(404, owner=302),  # staff answer for nobody
    ),
    "forum:joining-by-link": (rule(404), rule(404)),  # of a link that nobody has
    "forum:screening": (STAFF_AREA, PLAN_READ),
    "forum:plan": (STAFF_AREA, PLAN_READ),
    "forum:plan-clashes": (STAFF_AREA, PLAN_READ),
    "forum:plan-session": (
        STAFF_AREA,
        signed_in(403, secretariat=404, administrator=404),  # no such act
    ),
    "forum:suggestions": (STAFF_AREA, PLAN_ACT),
    "forum:suggestion": (STAFF_AREA, PLAN_ACT),
    "forum:release-job": (STAFF_AREA, PLAN_ACT),
    "forum:plan-undo": (
        PLAN_READ,
        signed_in(403, secretariat=302, administrator=302),  # there is nothing to undo
    ),
    "forum:register": (ALL, signed_in(400)),
    "forum:badge": (
        OWNER_AND_STAFF,
        signed_in(404),
    ),  # not approved: nothing to replace
    "forum:badge-file": (signed_in(404), signed_in(405)),
    "forum:letters": (OWNER_AND_STAFF, signed_in(404)),
    "forum:letter-file": (signed_in(404), signed_in(405)),
    "forum:letter-check": MISSING,  # of a letter that nobody has
    "forum:letter-preview": (
        signed_in(403, secretariat=404, administrator=404),  # there is no template
        PLAN_READ,
    ),
    "forum:check-in": (
        STAFF_AREA,
        signed_in(403, secretariat=400, administrator=400),  # no badge of this code
    ),
    "forum:check-in-list": (STAFF_AREA, PLAN_READ),
    "forum:check-in-merge": (
        PLAN_READ,
        signed_in(403, secretariat=400, administrator=400),
    ),
    "forum:check-in-log": (
        STAFF_AREA,
        signed_in(403, secretariat=404, administrator=404),
    ),
    "forum:check-in-worker": READ_ONLY,
    "forum:printing": (STAFF_AREA, signed_in(403, secretariat=404, administrator=404)),
    "forum:print-kind": (
        STAFF_AREA,
        signed_in(403, secretariat=400, administrator=400),
    ),
    "forum:printed-file": (
        signed_in(403, secretariat=404, administrator=404),
        PLAN_READ,
    ),
    "forum:registration-move": (signed_in(405), signed_in(404)),  # no such move
    "forum:registration-edit": (
        signed_in(404, owner=200),
        signed_in(404, owner=400),
    ),
    "forum:follow-up": (
        signed_in(404, owner=200),
        signed_in(404, owner=302),
    ),
    "forum:attendees": READ_ONLY,
    "forum:delegation": (
        OWNER_AND_STAFF,
        signed_in(404, owner=400, secretariat=400, administrator=400),
    ),
    # the owner's has an account already
    "forum:registration-claim": (signed_in(405), signed_in(404)),
    "api:forum-edition-list": API_READ_ONLY,
    "api:forum-edition-detail": API_READ_ONLY,
    "api:forum-edition-consultation": API_READ_ONLY,
    "api:forum-edition-releases": API_READ_ONLY,
    "api:forum-session-list": API_READ_ONLY,
    "api:forum-session-detail": API_READ_ONLY,
    "api:forum-person-list": API_READ_ONLY,
    "api:forum-person-detail": API_READ_ONLY,
    "api:forum-document-list": API_READ_ONLY,
    "api:forum-document-detail": API_READ_ONLY,
}


def edition(project: Any) -> dict[str, Any]:
    records.PhaseFactory(takes_submissions=True)
    records.CapacityFactory()
    return {"slug": records.EditionFactory().slug}


def session(project: Any) -> dict[str, Any]:
    return {"pk": records.released(owner=project.owner).pk}


def planned(project: Any) -> dict[str, Any]:
    return {"slug": "2027", "pk": records.scheduled(owner=project.owner).pk}


def suggestion(project: Any) -> dict[str, Any]:
    found = Suggestion.objects.create(
        edition=records.EditionFactory(), kind="repair", state="done"
    )
    return {"slug": found.edition.slug, "pk": found.pk}


def release_job(project: Any) -> dict[str, Any]:
    found = ReleaseJob.objects.create(
        edition=records.EditionFactory(), by=records.officer(), name="First agenda"
    )
    return {"slug": found.edition.slug, "pk": found.pk}


def outcome(project: Any) -> dict[str, Any]:
    return {
        "pk": records.OutcomeFactory(
            session=records.released(owner=project.owner)
        ).session_id
    }


def poll(project: Any) -> dict[str, Any]:
    return {"pk": records.PollFactory().pk}


def mailing(project: Any) -> dict[str, Any]:
    return {"slug": "2027", "pk": records.MailingFactory(by=project.owner).pk}


def minutes(project: Any) -> dict[str, Any]:
    session = records.released(owner=project.owner)
    records.MinutesFactory(session=session)
    return {"pk": session.pk}


def own_session(project: Any) -> dict[str, Any]:
    return {"pk": records.released(owner=project.owner).pk}


def in_french(project: Any) -> dict[str, Any]:
    return own_session(project) | {"language": "fr"}


def person(project: Any) -> dict[str, Any]:
    speaker = records.PersonFactory()
    records.released(speakers=[speaker])
    return {"pk": speaker.pk}


def release(project: Any) -> dict[str, Any]:
    records.scheduled()
    return {"slug": "2027", "number": records.release().number}


def programme(project: Any) -> dict[str, Any]:
    return {"slug": records.released().edition.slug}


def printed(project: Any) -> dict[str, Any]:
    return programme(project) | {"name": "programme"}


def submission(project: Any) -> dict[str, Any]:
    found = records.SubmissionFactory(
        owner=project.owner, status=SubmissionStatus.SUBMITTED
    )
    return {"pk": found.pk}


def dispatch(project: Any) -> dict[str, Any]:
    edition = records.EditionFactory()
    return {"pk": Dispatch.objects.create(edition=edition, by=records.officer()).pk}


def joining(project: Any) -> dict[str, Any]:
    return {"pk": records.asked_to_join(project.owner).pk}


def registration(project: Any) -> dict[str, Any]:
    records.CapacityFactory()
    mine = Registration.objects.filter(user=project.owner).first()
    return {"pk": (mine or records.registered(user=project.owner)).pk}


def follow_up(project: Any) -> dict[str, Any]:
    edition = records.EditionFactory(slug="asked", follow_up_until=records.DAY)
    records.CapacityFactory(edition=edition)
    mine = Registration.objects.filter(edition=edition).first()
    if mine is None:
        mine = records.registered(edition, project.owner)
        mine = mine.move("approve", records.officer())
    return {"pk": mine.pk}


def sign_up(project: Any) -> dict[str, Any]:
    return {"pk": records.sign_up_list().session_id}


def delegation(project: Any) -> dict[str, Any]:
    records.CapacityFactory()
    return {"pk": records.delegation(focal_point=project.owner).pk}


def calendar(project: Any) -> dict[str, Any]:
    return {"token": CalendarKey.objects.get_or_create(user=project.owner)[0].token}


def document(project: Any) -> dict[str, Any]:
    return {"pk": records.DocumentFactory().pk}


# name → function (project) → the parameters of its address; a project's id where it is absent
PARAMETERS: dict[str, Any] = {
    **dict.fromkeys(
        [
            "forum:schedule-xml",
            "forum:schedule-json",
            "forum:programme-csv",
            "forum:print",
        ],
        programme,
    ),
    "forum:printout": printed,
    **dict.fromkeys(
        [
            "forum:edition",
            "forum:agenda",
            "forum:agenda-all",
            "forum:agenda-offline",
            "forum:edition-calendar",
            "forum:documents",
            "forum:reports",
            "forum:reports-sheet",
            "forum:mailings",
            "forum:mailing-new",
            "reports:compile-outcome",
            "forum:releases",
            "forum:consultation",
            "forum:inputs",
            "forum:submission-new",
            "forum:register",
            "forum:attendees",
            "forum:plan",
            "forum:plan-clashes",
            "forum:plan-undo",
            "forum:check-in",
            "forum:check-in-list",
            "forum:check-in-merge",
            "forum:check-in-log",
            "forum:check-in-worker",
            "forum:printing",
            "forum:suggestions",
            "forum:screening",
            "forum:decisions",
            "forum:decisions-set",
            "forum:decisions-send",
            "forum:review-list",
            "forum:reviews",
            "forum:reviews-csv",
            "api:forum-edition-detail",
            "api:forum-edition-consultation",
            "api:forum-edition-releases",
        ],
        edition,
    ),
    **dict.fromkeys(
        [
            "forum:session",
            "forum:session-calendar",
            "forum:session-slot",
            "forum:star",
            "forum:poll-new",
            "api:forum-session-detail",
        ],
        session,
    ),
    **dict.fromkeys(
        [
            "forum:submission",
            "forum:submission-edit",
            "forum:submission-move",
            "forum:submission-session",
            "forum:submission-speakers",
            "forum:submission-screening",
            "forum:review",
            "forum:joining-propose",
        ],
        submission,
    ),
    **dict.fromkeys(
        ["forum:outcome", "forum:outcome-edit", "forum:outcome-versions"], outcome
    ),
    **dict.fromkeys(["forum:poll", "forum:poll-answer", "forum:poll-turn"], poll),
    **dict.fromkeys(
        ["forum:mailing", "forum:mailing-edit", "forum:mailing-act"], mailing
    ),
    **dict.fromkeys(
        ["forum:minutes", "forum:minutes-edit", "forum:minutes-versions"], minutes
    ),
    "forum:session-texts": own_session,
    "forum:session-text": in_french,
    "forum:session-text-move": in_french,  # of a text that nobody has written
    **dict.fromkeys(["forum:person", "api:forum-person-detail"], person),
    "forum:release": release,
    "forum:plan-session": planned,
    "forum:registration-move": registration,
    "forum:badge": registration,
    "forum:letters": registration,
    "forum:letter-file": lambda project: registration(project) | {"kind": "visa"},
    "forum:letter-check": lambda _project: {"code": "NOTHING"},
    "forum:letter-preview": lambda project: edition(project) | {"kind": "visa"},
    "forum:badge-file": lambda project: registration(project) | {"file_type": "pdf"},
    "forum:print-kind": lambda project: edition(project) | {"kind": "badges"},
    "forum:printed-file": lambda project: edition(project) | {"pk": 1},
    "forum:suggestion": suggestion,
    "forum:release-job": release_job,
    **dict.fromkeys(
        [
            "forum:registration-move",
            "forum:registration-edit",
            "forum:registration-claim",
        ],
        registration,
    ),
    "forum:delegation": delegation,
    "forum:sign-up": sign_up,
    "forum:follow-up": follow_up,
    "forum:my-calendar": calendar,
    "forum:dispatch": dispatch,
    "forum:joining": joining,
    "forum:joining-by-link": lambda _project: {"token": "nothing"},
    **dict.fromkeys(
        [
            "forum:input-by-link",
            "forum:claim",
        ],
        lambda _project: {"token": "nothing"},
    ),
    **dict.fromkeys(["forum:document", "api:forum-document-detail"], document),
}
