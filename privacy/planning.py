"""The classes of what planners of the Forum keep: who plans, who can come when, who moved what."""

from privacy.classes import Erase, Record

PLANNING = {
    "forum.coordinator": Record(
        "id edition track", personal="user", person="user", erase=Erase.DELETE
    ),
    "forum.availability": Record(
        "id edition",
        personal="person day since until",
        person="person__user",
        erase=Erase.DELETE,
    ),
    "forum.sessiontranslation": Record(
        "id session language kind engine title description status approved original created_at"
        " updated_at",
        personal="by",
        person="by",
    ),
    "forum.planchange": Record(
        "id edition at sessions state", personal="by", person="by"
    ),
}
