"""The classes of what the Forum keeps about proposals: who is named, what staff decided of them."""

from privacy.classes import Erase, Record

PROPOSALS = {
    # speakers without an account: their data end with the author's, or with the draft
    "forum.proposedspeaker": Record(
        "id submission",
        personal="name organization country stakeholder_type gender is_youth name_key",
        person="submission__owner",
        erase=Erase.DELETE,
    ),
    "forum.waiver": Record(
        "id submission rule at ended_at",
        personal="reason by ended_by",
        person="by ended_by",
    ),
}
