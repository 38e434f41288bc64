"""What the solver found, in words."""

from typing import Any

from django.utils.translation import gettext, gettext_lazy, ngettext

TITLES = {
    "parallel": gettext_lazy("Least at the same time"),
    "rooms": gettext_lazy("Fewest changes of room"),
    "night": gettext_lazy("Fairest nights"),
    "repair": gettext_lazy("Fewest moves"),
}
ABOUT = {
    "parallel": gettext_lazy(
        "Sessions of one track, of the same action lines, or starred by the same people are at "
        "different times."
    ),
    "rooms": gettext_lazy("The sessions of a track stay in as few rooms as possible."),
    "night": gettext_lazy(
        "Sessions that can be followed remotely avoid the night of those who are registered, and "
        "no region carries it alone."
    ),
    "repair": gettext_lazy("All other sessions stay where they are."),
}
RULES = {
    "session": gettext_lazy("“%(name)s” has to be placed too."),
    "fixed": gettext_lazy("“%(name)s” stays where it is."),
    "person": gettext_lazy("%(name)s cannot be in two sessions at a time."),
    "namesake": gettext_lazy(
        "%(name)s may be one person in two records, and cannot be in two sessions at a time."
    ),
    "available": gettext_lazy("%(name)s can come only at certain hours."),
    "hours": gettext_lazy("“%(name)s” is open only at certain hours."),
    "break": gettext_lazy("“%(name)s” is a break or a blocked time."),
    "seats": gettext_lazy("“%(name)s” wants more seats than some rooms have."),
    "booths": gettext_lazy("“%(name)s” wants more booths than some rooms have."),
    "captions": gettext_lazy("“%(name)s” wants captioning, which some rooms lack."),
    "teams": gettext_lazy("There are only so many interpretation teams."),
    "units": gettext_lazy("There are only so many captioning units."),
    "walk": gettext_lazy("The walk between the buildings takes its time."),
    "day": gettext_lazy("Sessions may be put only into the hours that were entered."),
}


def rule(row: dict[str, Any]) -> str:
    """One rule of a blocking set."""
    return str(RULES[row["kind"]]) % {"name": row["name"]}


def reason(variant: str, row: dict[str, Any]) -> list[str]:
    """Why a session is where a variant puts it."""
    if not row["after"]["is_placed"]:
        return [gettext("No place is left for it.")]
    sentences = list(row["why"])
    if variant == "repair" and not sentences:
        sentences.append(gettext("It makes room for another session."))
    if row["slots"] <= 1:
        only = gettext(
            "The only slot in which its people and a suitable room are free."
        )
        return [*sentences, only]
    slots = ngettext(
        "One of %(slots)d slot in which its people and a suitable room are free.",
        "One of %(slots)d slots in which its people and a suitable room are free.",
        row["slots"],
    ) % {"slots": row["slots"]}
    rooms = ngettext(
        "%(rooms)d room has what it needs.",
        "%(rooms)d rooms have what it needs.",
        row["rooms"],
    ) % {"rooms": row["rooms"]}
    return [*sentences, slots, rooms]
