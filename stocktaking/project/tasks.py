"""Publishes approved projects on their date; safe to run twice."""

import contextlib

from celery import shared_task

from common.jobs.rows import one_by_one
from common.moves.workflow import MoveRefused
from stocktaking.project.models import Project
from stocktaking.project.workflow import BY_DATE

RELEASED_AT_ONCE = 500


@shared_task(name="stocktaking.release_approved")
def release_approved() -> int:
    """Publish approved projects whose date has come; returns how many."""
    due = Project.objects.to_be_released()[:RELEASED_AT_ONCE]
    return one_by_one(due, _release, "stocktaking.release_approved")


def _release(project: Project) -> bool:
    with contextlib.suppress(MoveRefused):  # another worker, or the owner, was first
        return bool(project.move("release", BY_DATE))
    return False
