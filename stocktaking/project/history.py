"""The public history of a project, latest first."""

import datetime
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from common.moves.models import StatusChange
from stocktaking.project.models import Project

EVENTS_SHOWN = 50


class Event(NamedTuple):
    at: datetime.datetime
    text: str
    url: str  # "" where there is nothing more to read


def lifeline(project: Project) -> list[Event]:
    """Versions with their changes, and confirmations. Two queries. Nobody is named."""
    found = [_version(project, n, at) for n, at in _versions(project)]
    confirmed = StatusChange.objects.filter(
        record_kind="stocktaking.project", record_id=project.pk, move="confirm"
    ).order_by("-at")
    text = _("The owner confirmed that the project is still correct")
    found += [
        Event(at, text, "")
        for at in confirmed.values_list("at", flat=True)[:EVENTS_SHOWN]
    ]
    return sorted(found, reverse=True)[:EVENTS_SHOWN]


def _versions(project: Project) -> Any:
    rows = project.versions.values_list("version", "at")
    return rows[:EVENTS_SHOWN]


def _version(project: Project, number: int, at: datetime.datetime) -> Event:
    if number == 1:
        return Event(at, _("Added to the Stocktaking database"), "")
    address = reverse("stocktaking:versions", args=[project.pk])
    text = _("Changed: version %(number)d") % {"number": number}
    return Event(at, text, f"{address}?from={number - 1}&to={number}")
