"""What waits for the staff of the reports."""

from django.urls import reverse
from django.utils.translation import gettext as _

from common.overview.staff_desk import (
    ROWS_AT_MOST,
    Deadline,
    Job,
    Running,
    Waiting,
    Work,
    coming_days,
    coming_moments,
)
from reports.build.models import Build
from reports.publication.models import Publication
from reports.publication.workflow import Status
from reports.schedule.models import Schedule

PUBLICATIONS = "reports.change_publication"
SCHEDULES = "reports.change_schedule"


def work() -> Work:
    return Work(
        title=_("Reports"),
        waiting=_waiting(),
        jobs=_jobs(),
        deadlines=_deadlines(),
        running=_running(),
    )


def _waiting() -> list[Waiting]:
    publications = reverse("admin:reports_publication_changelist")
    kinds = [
        (_("Reports requested and not built"), Status.DRAFT),
        (_("Reports to approve"), Status.READY),
        (_("Reports in review"), Status.IN_REVIEW),
        (_("Reports approved and not published"), Status.APPROVED),
        (_("Reports that could not be built"), Status.FAILED),
    ]
    return [
        Waiting(
            text,
            f"{publications}?status__exact={status}",
            Publication.objects.filter(status=status),
            "created_at",
            PUBLICATIONS,
        )
        for text, status in kinds
    ]


def _jobs() -> list[Job]:
    return [
        Job(_("Request a report"), reverse("reports:new"), PUBLICATIONS),
        Job(_("Reports"), reverse("reports:publications"), PUBLICATIONS),
        Job(
            _("Schedule of reports"),
            reverse("admin:reports_schedule_changelist"),
            SCHEDULES,
        ),
    ]


def _deadlines() -> list[Deadline]:
    """Dates on which the schedule drafts reports, and on which reports are published."""
    return [*_drafted(), *_published()]


def _published() -> list[Deadline]:
    scheduled = Publication.objects.filter(
        status=Status.SCHEDULED, publish_at__range=coming_moments()
    )
    text = _("Report is published")
    return [
        Deadline(
            publication.publish_at,
            text,
            publication,
            publication.get_absolute_url(),
            PUBLICATIONS,
        )
        for publication in scheduled.order_by("publish_at", "pk")[:ROWS_AT_MOST]
    ]


def _drafted() -> list[Deadline]:
    schedules = Schedule.objects.filter(is_active=True, next_on__range=coming_days())
    text = _("Report is drafted")
    return [
        Deadline(
            schedule.next_on,
            text,
            schedule,
            reverse("admin:reports_schedule_change", args=[schedule.pk]),
            SCHEDULES,
        )
        for schedule in schedules.select_related("region").order_by("next_on", "pk")[
            :ROWS_AT_MOST
        ]
    ]


def _running() -> list[Running]:
    builds = (
        Build.objects.live()
        .select_related("publication")
        .prefetch_related("steps")
        .order_by("created_at", "pk")
    )
    return [
        Running(
            build.publication,
            build.under_way or build.get_state_display(),
            build.percent,
            build.publication.get_absolute_url(),
            "reports.view_build",
        )
        for build in builds[:ROWS_AT_MOST]
    ]
