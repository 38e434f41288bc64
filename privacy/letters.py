"""The classes of letters about outcomes of the Prizes."""

from privacy.classes import Erase, Record

LETTERS = {
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
