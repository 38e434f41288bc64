"""Building reports in the background; safe to run twice."""

from celery import shared_task
from django.db.models import Exists, OuterRef
from django.utils import translation
from django.utils.translation import gettext as _

from reports.build.job import work_at
from reports.build.models import NEEDS, Step, StepQuerySet

REPORTS, VOLUMES = "reports", "volumes"  # the queues
MESSAGE_EXPIRES = 60  # seconds; a queue without workers does not fill up

SOFT_LIMIT, HARD_LIMIT = 600, 660  # seconds of one step


@shared_task(
    name="reports.build",
    acks_late=True,
    soft_time_limit=SOFT_LIMIT,
    time_limit=HARD_LIMIT,
)
def build_step(step_id: int) -> str:
    outcome = work_at(step_id)
    hand_out_next(step_id)
    return outcome


def hand_out_next(step_id: int) -> None:
    """The steps that waited for this one, without waiting for the sweep."""
    step = Step.objects.filter(pk=step_id).first()
    if step is not None and step.state == Step.State.DONE:
        kinds = [kind for kind, needed in NEEDS.items() if step.kind in needed]
        hand_out(Step.objects.ready().filter(build=step.build_id, kind__in=kinds))


def hand_out(steps: StepQuerySet) -> int:
    """Starting one twice is harmless: the lease admits one worker only.

    What follows the snapshot of a large report has workers of its own, so that no small report
    waits for it.
    """
    volumes = Step.objects.filter(build=OuterRef("build"), kind=Step.Kind.VOLUME)
    waiting = list(
        steps.annotate(is_large=Exists(volumes)).values_list("pk", "is_large")
    )
    for pk, is_large in waiting:
        queue = VOLUMES if is_large else REPORTS
        build_step.apply_async((pk,), expires=MESSAGE_EXPIRES, queue=queue)
    return len(waiting)


@shared_task(name="reports.sweep", soft_time_limit=30, time_limit=40)
def sweep() -> int:
    """Start steps that no worker has; give up those that were tried too often."""
    worn_out = Step.objects.ready().worn_out()
    for step in worn_out.select_related("build__publication"):
        with translation.override(step.build.publication.language):
            step.give_up(why_given_up(step))
    return hand_out(Step.objects.ready())


def why_given_up(step: Step) -> str:
    if step.fault:
        return _(
            "This step failed because of a fault in the program; it was logged under "
            "%(reference)s. Try it again, or tell your administrator."
        ) % {"reference": step.fault}
    return _(
        "The build was interrupted several times and was stopped. Try again, or "
        "contact the secretariat."
    )


def start_builds() -> None:
    """Start waiting builds after the commit, not only at the next sweep.

    When the queue is down nothing is lost: the next sweep finds the row.
    """
    sweep.delay_on_commit()  # type: ignore[attr-defined]  # Celery's Django task
