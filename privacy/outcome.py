"""The classes of what is written about sessions of the Forum, who was asked for it, and who was
written to."""

from privacy.classes import Erase, Record

OUTCOME = {
    "forum.outcomereport": Record(
        "id session language summary outcomes challenges outlook action_lines sdgs attended"
        " on_site on_site_women on_site_men remote remote_women remote_men by_machine source"
        " created_at updated_at published_at handed_in_at",
        personal="by updated_by",
        person="by updated_by",
    ),
    "forum.minutes": Record(
        "id session language text by_machine created_at updated_at published_at",
        personal="by updated_by",
        person="by updated_by",
    ),
    "forum.sessiontextversion": Record(
        "id report minutes number content began_at at", personal="by", person="by"
    ),
    "forum.reportcall": Record(
        "id edition due_at asked required session_types guidance created_at updated_at"
    ),
    "forum.chairsummary": Record(
        "id edition language text by_machine created_at updated_at"
    ),
    "forum.mailing": Record(
        "id edition segments countries tags state step percent error log attempts token"
        " lease_until created_at started_at finished_at updated_at",
        personal="by",
        person="by",
    ),
    "forum.mailingtext": Record("id mailing language subject text"),
    "forum.recipient": Record(
        "id mailing outcome",
        personal="user address mail",
        person="user",
        erase=Erase.DELETE,
    ),
    "forum.poll": Record(
        "id session question several anonymous audience results created_at opened_at"
        " closed_at",
        personal="by",
        person="by",
    ),
    "forum.choice": Record("id poll text order anonymous_votes"),
    "forum.voter": Record(
        "id poll", personal="user", person="user", erase=Erase.DELETE
    ),
    "forum.namedvote": Record(
        "id choice", personal="user", person="user", erase=Erase.DELETE
    ),
    "forum.reportreminder": Record(
        "id session kind at", personal="user", person="user", erase=Erase.DELETE
    ),
}
