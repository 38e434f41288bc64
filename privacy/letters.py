"""The classes of amendments of the results of the Prizes, and of letters about outcomes."""

from privacy.classes import Erase, Record

LETTERS = {
    "prizes.amendment": Record(
        "id entry kind note reason proposed_at confirmed_at dismissed_at announced_at",
        personal="proposed_by confirmed_by dismissed_by",
        person="proposed_by confirmed_by dismissed_by",
    ),
    "prizes.certificatejob": Record(
        "id contest language form options printed file state step percent error log attempts"
        " token lease_until created_at started_at finished_at",
        personal="by",
        person="by",
    ),
    "prizes.letterbatch": Record(
        "id contest outcome state step percent error log attempts token lease_until"
        " created_at started_at finished_at",
        personal="by",
        person="by",
    ),
    # the text names its reader; the entry says what became of it
    "prizes.letter": Record(
        "id batch entry outcome language state updated_at",
        personal="subject text sentence bounce mail written_by approved_by",
        person="entry__owner",
        erase=Erase.DELETE,
    ),
}
