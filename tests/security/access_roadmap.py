"""Who gets which answer in the roadmap app; access_table.py says how to read a row."""

from typing import Any

from tests.roadmap import records
from tests.security.access_rules import (
    API_READ_ONLY,
    NO_SUCH_METHOD,
    OWN,
    READ_ONLY,
    rule,
    signed_in,
)

# None of the people in the table belongs to an agency; tests/roadmap looks at those who do.
LANE = signed_in(404)
MISSING = (rule(404), rule(405, anonymous=401))

# name → (GET, POST with an empty form), each a role → status
TABLE: dict[str, Any] = {
    **dict.fromkeys(
        [
            f"roadmap:{name}"
            for name in (
                "timeline",
                "export",
                "calendar",
                "updates",
                "resolutions",
                "resolution",
                "meetings",
                "bodies",
                "body",
                "figures",
                "state",
                "milestone",
                "action-lines",
                "action-line",
            )
        ],
        READ_ONLY,
    ),
    "roadmap:feed": READ_ONLY,
    "roadmap:evidence": (rule(404), NO_SUCH_METHOD),
    "roadmap:my-positions": (OWN, signed_in(405)),
    "roadmap:position": (LANE, LANE),
    "roadmap:position-move": (signed_in(405), LANE),
    "roadmap:reconcile": (
        signed_in(403, secretariat=405, administrator=405),
        signed_in(403, secretariat=400, administrator=400),
    ),
    **dict.fromkeys(
        [
            f"api:{name}-{kind}"
            for name in ("roadmap", "agency", "body", "milestone", "resolution")
            for kind in ("list", "detail")
        ],
        API_READ_ONLY,
    ),
    **dict.fromkeys(
        [
            f"api:{name}-list"
            for name in (
                "position",
                "meeting",
                "figure",
                "document",
                "action-line-review",
            )
        ],
        API_READ_ONLY,
    ),
    **dict.fromkeys(
        [
            f"api:{name}-detail"
            for name in (
                "position",
                "meeting",
                "figure",
                "document",
                "action-line-review",
            )
        ],
        MISSING,
    ),
    "api:milestone-positions": (rule(200), rule(400, anonymous=401)),
    "api:position-moves": (rule(405), rule(400, anonymous=401)),
}


def milestone(project):
    return {"pk": records.MilestoneFactory().pk}


def by_code(factory):
    return lambda project: {"code": factory().pk}


def by_pk(factory):
    return lambda project: {"pk": factory().pk}


# name → function (project) → the parameters of its address; a project's id where it is absent
PARAMETERS: dict[str, Any] = {
    "roadmap:milestone": milestone,
    "roadmap:reconcile": milestone,
    "roadmap:position": lambda project: milestone(project) | {"code": "ITU"},
    "roadmap:resolution": by_code(records.ResolutionFactory),
    "roadmap:body": by_code(records.BodyFactory),
    "roadmap:action-line": lambda project: {"code": "C2"},
    "api:milestone-detail": milestone,
    "api:milestone-positions": milestone,
    "api:resolution-detail": by_pk(records.ResolutionFactory),
    "api:body-detail": by_pk(records.BodyFactory),
    "api:roadmap-detail": by_pk(records.RoadmapFactory),
    "api:agency-detail": by_pk(records.AgencyFactory),
}
