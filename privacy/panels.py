"""The classes of what the panels of the Prizes keep about their experts."""

from privacy.classes import Erase, Record

PANELS = {
    "prizes.organizationtie": Record("id organization other kind at"),
    "prizes.panel": Record(
        "id category reviews_per_entry load_cap", personal="experts"
    ),
    "prizes.invitation": Record(
        "id panel is_chair",
        personal="expert asked_at answered_at accepted",
        person="expert",
        erase=Erase.DELETE,
    ),
    "prizes.assignment": Record("id entry at", personal="expert", person="expert"),
    # what was chosen stays, for it decided on the work of others
    "prizes.choice": Record(
        "id panel entry at standing", personal="expert reason", person="expert"
    ),
    "prizes.panelmember": Record(
        "id panel is_chair takes_entries",
        personal="expert reminded_at",
        person="expert",
    ),
    "prizes.conflict": Record(
        "id entry at",
        personal="expert reason by",
        person="expert by",
        erase=Erase.BLANK,
    ),
    "prizes.delegation": Record(
        "id entry asked_at accepted_at sent_at ended_at",
        personal="expert colleague email message",
        secret="token",
        person="expert colleague",
        erase=Erase.DELETE,
    ),
    "prizes.forwarding": Record(
        "id entry source target at confirmed decided_at",
        personal="reason by decided_by",
        person="by decided_by",
    ),
    # what is covered in it are names; the rest is the text of the entry
    "prizes.redactedtext": Record(
        "id entry updated_at", personal="title description", person="entry__owner"
    ),
    "prizes.score": Record(
        "id review criterion", personal="value", person="review__reviewer"
    ),
    "prizes.review": Record(
        # what was handed in stays, for it decided on the work of others
        "id entry state updated_at feedback_approved_at",
        personal="reviewer colleague passes comment feedback",
        person="reviewer",
        drop={"state": "draft"},
    ),
}
