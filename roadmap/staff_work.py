"""What waits for the staff of the roadmap."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from common.overview.staff_desk import (
    ROWS_AT_MOST,
    Deadline,
    Job,
    Waiting,
    Work,
    coming_days,
)
from roadmap.meeting.models import Meeting
from roadmap.milestone.models import Milestone
from roadmap.milestone.workflow import Status
from roadmap.position.models import PositionVersion
from roadmap.position.workflow import PositionStatus

MILESTONES = "roadmap.change_milestone"
MEETINGS = "roadmap.change_meeting"
POSITIONS = "roadmap.view_positionversion"


def work() -> Work:
    return Work(
        title=_("Roadmap"),
        waiting=_waiting(),
        jobs=_jobs(),
        deadlines=[*_milestones(), *_meetings()],
    )


def _list(model: str) -> str:
    return reverse(f"admin:roadmap_{model}_changelist")


def _waiting() -> list[Waiting]:
    positions, milestones = _list("positionversion"), _list("milestone")
    return [
        Waiting(
            _("Milestones that are past their date and not done"),
            f"{milestones}?due=late",
            Milestone.objects.late(),
            "ends_on",
            MILESTONES,
        ),
        Waiting(
            _("Milestones in draft"),
            f"{milestones}?status__exact={Status.DRAFT}",
            Milestone.objects.filter(status=Status.DRAFT),
            "created_at",
            MILESTONES,
        ),
        Waiting(
            _("Positions in draft at an agency"),
            f"{positions}?status__exact={PositionStatus.DRAFT}",
            PositionVersion.objects.filter(status=PositionStatus.DRAFT),
            "created_at",
            POSITIONS,
        ),
        Waiting(
            _("Positions cleared and not published"),
            f"{positions}?status__exact={PositionStatus.CLEARED}",
            PositionVersion.objects.filter(status=PositionStatus.CLEARED),
            "created_at",
            POSITIONS,
        ),
    ]


def _jobs() -> list[Job]:
    return [
        Job(_("Milestones"), _list("milestone"), MILESTONES),
        Job(
            _("Import milestones"),
            reverse("imports:list", args=["milestones"]),
            MILESTONES,
        ),
        Job(_("Meetings"), _list("meeting"), MEETINGS),
        Job(_("Resolutions"), _list("resolution"), "roadmap.change_resolution"),
        Job(_("Agencies and their accounts"), _list("agency"), "roadmap.change_agency"),
        Job(_("Positions of agencies"), _list("positionversion"), POSITIONS),
        Job(
            _("Texts by action line"),
            _list("actionlinereview"),
            "roadmap.change_actionlinereview",
        ),
    ]


def _milestones() -> Iterator[Deadline]:
    """Last days of milestones that are under way."""
    milestones = Milestone.objects.unfinished().filter(ends_on__range=coming_days())
    yield from _dates(milestones, _("Milestone is due"), "milestone", MILESTONES)


def _meetings() -> Iterator[Deadline]:
    meetings = Meeting.objects.filter(starts_on__range=coming_days())
    yield from _dates(meetings, _("Meeting"), "meeting", MEETINGS)


def _dates(
    rows: QuerySet, text: str, model: str, permission: str
) -> Iterator[Deadline]:
    """The nearest date of each record; a month stands for its last day."""
    for record in rows.order_by("starts_on", "pk").only(
        "title", "starts_on", "ends_on"
    )[:ROWS_AT_MOST]:
        day = record.ends_on if model == "milestone" else record.starts_on
        url = reverse(f"admin:roadmap_{model}_change", args=[record.pk])
        yield Deadline(day, text, record, url, permission)
