"""Building reports in the background; safe to run twice."""

from celery import shared_task
from django.utils import translation
from django.utils.translation import gettext as _

from reports.build.job import work_at
from reports.build.models import Build

BELL_EXPIRES = 60  # seconds; a queue without workers does not fill up


SOFT_LIMIT, HARD_LIMIT = (
    600,
    660,
)  # seconds; 11,872 entries took 191 s on two busy cores


@shared_task(
    name="reports.build",
    acks_late=True,
    soft_time_limit=SOFT_LIMIT,
    time_limit=HARD_LIMIT,
)
def build_report(build_id: int) -> str:
    return work_at(build_id)


@shared_task(name="reports.sweep", soft_time_limit=30, time_limit=40)
def sweep() -> int:
    """Ring the bell for builds that nobody works at; give up those that were tried too often.

    A bell too many is harmless: the lease lets one worker in.
    """
    for build in Build.objects.worn_out().select_related("publication"):
        with translation.override(build.publication.language):
            build.give_up(
                _(
                    "The build was interrupted several times and was stopped. Try again, or "
                    "contact the secretariat."
                )
            )
    waiting = list(Build.objects.waiting().values_list("pk", flat=True))
    for pk in waiting:
        build_report.apply_async((pk,), expires=BELL_EXPIRES)
    return len(waiting)


def ring() -> None:
    """Have what waits taken up once this transaction is in, not only at the next sweep.

    When the queue is down nothing is lost and nobody is told: the sweep will find the row.
    """
    sweep.delay_on_commit()  # type: ignore[attr-defined]  # Celery's Django task
