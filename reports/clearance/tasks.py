"""Publishes what is scheduled, at its minute; safe to run twice."""

import contextlib

from celery import shared_task

from common.jobs.rows import one_by_one
from common.moves.workflow import NOTE_MAX_LENGTH, MoveRefused
from reports.publication.models import Publication
from reports.publication.workflow import CLOCK

AT_ONCE = 100


@shared_task(name="reports.publish_due")
def publish_due() -> int:
    """Publish what is due; what has an error by now is held, and the secretariat is told why."""
    due = Publication.objects.due()[:AT_ONCE]
    return one_by_one(due, _publish, "reports.publish_due")


def _publish(publication: Publication) -> bool:
    try:
        return bool(publication.move("release", CLOCK))
    except MoveRefused as refused:
        # refused again when another worker published it, or a person chose a later time
        with contextlib.suppress(MoveRefused):
            publication.move("hold", CLOCK, str(refused.message)[:NOTE_MAX_LENGTH])
    return False
