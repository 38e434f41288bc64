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
    "forum.reviewer": Record(
        "id edition track accepted asked_at answered_at reminded_at",
        personal="user",
        person="user",
        erase=Erase.DELETE,
    ),
    "forum.review": Record(
        "id submission phase state created_at updated_at",
        personal="reviewer comment",
        person="reviewer",
        drop={"state": "draft"},
    ),
    "forum.reviewscore": Record(
        "id review criterion", personal="value", person="review__reviewer"
    ),
    "forum.pendingdisposition": Record(
        "id submission move at", personal="remark by", person="by"
    ),
    "forum.dispatch": Record(
        "id edition state step percent error log attempts lease_until created_at started_at"
        " finished_at",
        personal="by",
        secret="token",
        person="by",
    ),
    "forum.dispatchitem": Record(
        "id dispatch submission move outcome sentence mail",
        personal="note",
        person="dispatch__by",
    ),
    "forum.inputgroup": Record(
        "id edition name created_at asked_at object_by settled_at size",
        personal="by settled_by",
        person="by settled_by",
    ),
    "forum.groupedinput": Record(
        "id group submission asked_at objected_at by_link",
        personal="reason",
        secret="tokens",
        person="submission__owner",
    ),
    "forum.joining": Record(
        "id leader other proposed_at answer_by state closed_at",
        personal="note proposed_by",
        person="proposed_by",
    ),
    "forum.consent": Record(
        "id joining submission answer answered_at by_link reminded_at",
        personal="author",
        secret="tokens",
        person="author",
    ),
    "forum.waiver": Record(
        "id submission rule at ended_at",
        personal="reason by ended_by",
        person="by ended_by",
    ),
}
