"""Pages of the action lines: what all parts of the portal know about each."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language_bidi
from django.views.decorators.http import require_safe

from common.lists.facets import FacetValue
from forum.session.models import Session
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from reference.action_line.models import ActionLine
from roadmap.milestone.models import Milestone
from roadmap.resolution.models import Resolution
from roadmap.review.models import ActionLineReview
from stocktaking.project.models import Project
from wsis_portal.pages.charts import columns

SHOWN = 100  # milestones of one line
YEARS = 12  # columns that a phone can still show


@require_safe
def action_lines(request: HttpRequest) -> HttpResponse:
    done = Q(
        milestones__status="published", milestones__progress=Milestone.Progress.DONE
    )
    lines = ActionLine.objects.annotate(
        reached=Count("milestones", filter=done, distinct=True)
    )
    return render(request, "roadmap/line/action_lines.html", {"lines": lines})


@require_safe
def action_line(request: HttpRequest, code: str) -> HttpResponse:
    """Facilitators, their reviews, milestones, resolutions, Goals and projects of one line.

    Its prizes and its sessions of the Forum come from their apps.
    """
    line: ActionLine = get_object_or_404(
        ActionLine.objects.select_related("parent"), pk=code
    )
    milestones = Milestone.objects.published().filter(action_lines=line).for_list()
    reviews = ActionLineReview.objects.filter(action_line=line).select_related("agency")
    reached = milestones.filter(progress=Milestone.Progress.DONE)
    context = {
        "line": line,
        "sections": _reviews(list(reviews), list(reached[:SHOWN])),
        "milestones": milestones.exclude(progress=Milestone.Progress.DONE)[:SHOWN],
        "resolutions": Resolution.objects.filter(action_lines=line).for_list()[:SHOWN],
        "cells": line.cells.select_related("sdg"),
        "years": columns(_years(line)),
        "parts": line.parts.all(),
        "entries": _honoured(line),
        "sessions": _sessions(line),
    }
    return render(request, "roadmap/line/action_line.html", context)


def _reviews(
    reviews: list[ActionLineReview], reached: list[Milestone]
) -> list[tuple[Any, list[ActionLineReview], list[Milestone]]]:
    """Each section of a review with its texts, and what was done under “milestones reached”; an
    empty one says that nothing was reported."""
    first = ActionLineReview.Section.REACHED
    return [
        (
            label,
            [review for review in reviews if review.section == section],
            reached if section == first else [],
        )
        for section, label in ActionLineReview.Section.choices
    ]


def _years(line: ActionLine) -> list[FacetValue]:
    """Published projects of the line by year of entry, the last years in order of time."""
    of_line = Q(main_action_line=line) | Q(other_action_lines=line)
    rows = (
        Project.objects.published()
        .filter(of_line)
        .order_by("-year")
        .values_list("year")
        .annotate(count=Count("pk", distinct=True))[:YEARS]
    )
    years = [FacetValue(str(year), str(year), count, False) for year, count in rows]
    return years if get_language_bidi() else years[::-1]  # time runs with the language


def _honoured(line: ActionLine) -> list[tuple[Entry, Any]]:
    """Winners and champions of the line with the name of the award."""
    entries: Any = Entry.objects.of_action_line(line.pk).honoured()[:SHOWN]
    return [(entry, Status(entry.outcome).label) for entry in entries]


def _sessions(line: ActionLine) -> Any:
    sessions = Session.objects.visible_to(AnonymousUser()).of_action_line(line.pk)
    return sessions.select_related("edition").order_by(
        "-edition__first_year", "day", "pk"
    )[:SHOWN]
