"""The classes of the fields of held votes. The signals lead to no name and go after the count; the
log stays, as the ballot does, and its voters are keys without an account."""

from privacy.classes import ALL, Record

HELD: dict[str, Record] = {
    "prizes.groupvoid": Record(
        "id pattern reason told proposed_at confirmed_at dismissed_at votes",
        personal="proposed_by confirmed_by dismissed_by",
        person="proposed_by confirmed_by dismissed_by",
    ),
    "prizes.heldday": Record(public=ALL),
    "prizes.holdrule": Record(public=ALL),
    "prizes.pattern": Record("id contest rule found_at", secret="shared"),
    "prizes.signalkey": Record("id contest swept_at", secret="key"),
    "prizes.signal": Record(
        "id contest hour device age votes seconds", secret="voter network domain"
    ),
    "prizes.hold": Record(
        "id contest rule pattern state until told", secret="voter tokens"
    ),
    "prizes.holdevent": Record(
        "id contest kind pattern number at reason previous hash",
        personal="by",
        person="by",
        secret="voter",
    ),
}
