"""The classes of what planners of the Forum keep: who plans, who can come when, who moved what,
who registers a delegation."""

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
    "forum.focalpoint": Record(
        "id delegation", personal="user", person="user", erase=Erase.DELETE
    ),
    "forum.followup": Record(
        "id registration reminded_at",
        personal="visa_letter passport_name passport_number nationality hotel arrives_on"
        " departs_on interpretation accessibility filled_at",
        person="registration__user",
        erase=Erase.DELETE,
    ),
    "forum.signup": Record(
        "id list",
        personal="registration at held_at",
        person="registration__user",
        erase=Erase.DELETE,
    ),
    "forum.planchange": Record(
        "id edition at sessions state", personal="by", person="by"
    ),
    "forum.releasejob": Record(
        "id edition name note early_reason agenda state step percent error log attempts token"
        " lease_until created_at started_at finished_at",
        personal="by",
        person="by",
    ),
    "forum.suggestion": Record(
        "id edition kind since until grid variants stood unknown_zones state step percent error log"
        " attempts token lease_until created_at started_at finished_at accepted accepted_at",
        personal="by accepted_by",
        person="by accepted_by",
    ),
}
