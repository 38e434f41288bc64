"""The classes of what is written about sessions of the Forum, and who was asked for it."""

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
    "forum.reportreminder": Record(
        "id session kind at", personal="user", person="user", erase=Erase.DELETE
    ),
}
