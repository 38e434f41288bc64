"""Whom to ask for a text on an action line: the people who write for its facilitators."""

from typing import NamedTuple

from django.db.models import Q

from reference.action_line.models import ActionLine
from roadmap.agency.models import AgencyMembership


class Suggestion(NamedTuple):
    name: str
    email: str
    agency: str
    language: str


def names_of(line: ActionLine) -> list[str]:
    """The agencies that facilitate the line, the leading ones first; a part without its own has
    those of the whole."""
    written = f"{line.lead_facilitator};{line.partners}"
    names = [name.strip() for name in written.split(";") if name.strip()]
    return names or (names_of(line.parent) if line.parent else [])


def suggested(line: ActionLine | None) -> list[Suggestion]:
    """Focal points of the facilitators, in the order in which the line names their agencies."""
    if line is None:
        return []
    names = names_of(line)
    named = Q(agency__short__in=names) | Q(agency__name__in=names)
    people = AgencyMembership.objects.filter(named, user__is_active=True)
    order = {name: place for place, name in enumerate(names)}
    rows = sorted(
        people.select_related("user", "agency").order_by("pk"),
        key=lambda row: order.get(row.agency.short, len(order)),
    )
    return [
        Suggestion(str(row.user), row.user.email, row.agency.short, row.user.language)
        for row in rows
    ]
