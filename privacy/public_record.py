"""The classes of the public record of a vote: its roll, its witnesses, who verified it."""

from privacy.classes import Record

PUBLIC_RECORD = {
    # accounts by their numbers, so that the published hash over their keys can be computed again
    "prizes.roll": Record("id event through", secret="numbers"),
    # what the count left out, by the pseudonyms of the ballot
    "prizes.recordfile": Record(
        "id contest file sha256 size lines withheld made_at", secret="barred"
    ),
    "prizes.verification": Record(
        "id contest root events roots place problem hour votes totals state step percent error"
        " log attempts token lease_until created_at started_at finished_at",
        personal="by",
        person="by",
    ),
    # whom the secretariat chose to keep the roots outside the portal
    "prizes.witness": Record("id contest", personal="address"),
}
