"""Releases are made in the background; safe to run twice."""

from celery import shared_task
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from common.jobs.models import LeaseLostError
from common.jobs.rows import one_by_one
from common.moves.workflow import MoveRefused
from forum.announcement.mails import tell
from forum.release.models import PERCENT, ReleaseJob, Step


@shared_task(name="forum.release_agendas", soft_time_limit=300, time_limit=330)
def release_agendas() -> int:
    """Take up releases that nobody works at, also those whose worker was lost; returns how
    many."""
    for job in ReleaseJob.objects.worn_out().select_related("by"):
        with translation.override(job.by.language or settings.LANGUAGE_CODE):
            job.give_up(_("The work broke off several times. Start it again."))
    waiting = ReleaseJob.objects.waiting().order_by("pk").values_list("pk", flat=True)
    return one_by_one(list(waiting), work_at, "forum.release_agendas")


def work_at(pk: int) -> bool:
    """One worker's turn at a job; whether it was this worker's."""
    job = ReleaseJob.objects.select_related("edition", "by").acquire(pk)
    if job is None:
        return False
    with translation.override(job.by.language or settings.LANGUAGE_CODE):
        try:
            _do(job)
        except LeaseLostError:  # cancelled, or another worker has it
            return True
        except MoveRefused as error:
            job.fail(str(error.message))
        except BaseException:
            job.release()
            raise
    return True


def _do(job: ReleaseJob) -> None:
    """What is left of it: a release that was made before the last worker broke off is not made
    again, and whoever was told of it is not told again."""
    pk = job.agenda_id
    if pk is None:
        job.advance(PERCENT[Step.COMPARING], Step.COMPARING)
        pk = job.publish().pk
    tell(pk)
    job.finish()
