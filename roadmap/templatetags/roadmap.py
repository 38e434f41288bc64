"""Marks and rows of the time line in Python: as templates they took nine tenths of the page's
time."""

from collections.abc import Iterable

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _

from roadmap.milestone.models import Milestone
from roadmap.position.models import PositionVersion
from roadmap.timeline.drawing import Lane, Mark

register = template.Library()


@register.filter
def rows(milestones: Iterable[Milestone]) -> SafeString:
    """The rows of the table: date, title, roadmap, lead, progress with the agencies' result."""
    progress = {code: escape(text) for code, text in Milestone.Progress.choices}
    completion = {
        code: escape(text) for code, text in PositionVersion.Completion.choices
    }
    tracks: dict[str, str] = {}
    periods: dict[tuple[str, str], str] = {}
    base, first, disagreement = (
        reverse("roadmap:timeline"),
        _("first: %(date)s"),
        _("disagreement"),
    )
    lines = []
    for milestone in milestones:
        if milestone.roadmap_id not in tracks:
            tracks[milestone.roadmap_id] = escape(milestone.roadmap)
        period = (milestone.start, milestone.end)
        if period not in periods:
            periods[period] = escape(milestone.when)
        when = periods[period]
        if milestone.has_moved:
            planned = escape(first % {"date": milestone.baseline})
            when += f'<br><span class="small muted">{planned}</span>'
        state = progress.get(milestone.progress, "")
        standing = getattr(milestone, "standing", None)
        if standing and standing.completion:
            state += f'<br><span class="tag">{completion[standing.completion]}</span>'
            if standing.disagreement:
                state += (
                    f' <span class="tag tag-returned">{escape(disagreement)}</span>'
                )
        lead = escape(milestone.lead.short) if milestone.lead else ""
        lines.append(
            f'<tr><td class="when">{when}</td><th scope="row" lang="en" dir="auto">'
            f'<a href="{base}{milestone.pk}/">{escape(milestone.title)}</a></th>'
            f'<td>{tracks[milestone.roadmap_id]}</td><td lang="en"><bdi>{lead}</bdi></td>'
            f"<td>{state}</td></tr>\n"
        )
    return SafeString("".join(lines))


@register.filter
def marks(lane: Lane) -> SafeString:
    """The marks of a track with their names, as parts of an SVG."""
    return SafeString("".join(_mark(mark) for mark in lane.marks))


def _mark(mark: Mark) -> str:
    kind, exact = slugify(mark.milestone.progress), mark.milestone.is_exact
    parts = []
    if mark.planned_x:
        parts.append(
            f'<circle class="baseline" cx="{mark.planned_x}" cy="{mark.y}" r="4"/>'
        )
    if mark.width == "0.00%":
        parts.append(f'<circle class="{kind}" cx="{mark.x}" cy="{mark.y}" r="5"/>')
    else:
        parts.append(
            f'<rect class="{kind}{"" if exact else " vague"}" x="{mark.x}" y="{mark.y - 5}"'
            f' width="{mark.width}" height="10" rx="5"/>'
        )
    if mark.label:
        parts.append(
            f'<text x="{mark.label_x}" dx="{mark.label_dx}" y="{mark.y + 4}"'
            f' text-anchor="{mark.anchor}">{escape(mark.label)}</text>'
        )
    return "".join([*parts, "\n"])
