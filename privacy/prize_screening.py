"""The classes of what staff keep about prize entries: screening, winners of earlier contests."""

from privacy.classes import ALL, Record

PRIZE_SCREENING = {
    "prizes.screeningcheck": Record(public=ALL),
    "prizes.entryreason": Record(public=ALL),
    "prizes.entryreasontext": Record(public=ALL),
    "prizes.finding": Record("id screening screening_check answer note"),
    # the entry is screened still when a screener has left
    "prizes.screening": Record(
        "id entry state note updated_at",
        personal="screener updated_by",
        person="screener updated_by",
    ),
    "prizes.winneranswer": Record(
        "id entry project is_same at", personal="by", person="by"
    ),
    "prizes.screeningbatchitem": Record("id batch entry outcome sentence"),
    "prizes.screeningbatch": Record(
        "id contest move query previewed_at undo_at state step percent error log attempts token"
        " lease_until created_at started_at finished_at",
        personal="by",
        person="by",
    ),
}
