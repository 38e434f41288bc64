"""Background tasks of the results; safe to run twice."""

from celery import shared_task
from django.utils.translation import gettext as _

from common.jobs.rows import one_by_one
from prizes.ballot.removal import tell_voters
from prizes.ballot.views import send_lists
from prizes.ballot.voiding import tell_of_voids
from prizes.entry.announcing import announce, tell_of_deadlines
from prizes.result.files import RecordFile, write_files
from prizes.result.verification import Verification, work_at


@shared_task(name="prizes.announce", soft_time_limit=300, time_limit=330)
def announce_outcomes() -> int:
    """Log and mail what has become public: nominees, champions, winners; write to voters whose
    votes do not count any more, to those who wished for the list of theirs, and to people with
    drafts when the deadline was changed."""
    told = tell_voters() + tell_of_voids() + send_lists()
    return announce() + told + tell_of_deadlines()


@shared_task(name="prizes.verify", soft_time_limit=1800, time_limit=1860)
def work_on_verifications() -> int:
    """Take up verifications that nobody works at, also those whose worker was lost; returns how
    many."""
    for job in Verification.objects.worn_out():
        job.give_up(_("The work broke off several times. Start it again."))
    waiting = Verification.objects.waiting().order_by("pk")
    rows = list(waiting.values_list("pk", flat=True))
    return one_by_one(rows, work_at, "prizes.verify")


@shared_task(name="prizes.write_files", soft_time_limit=1800, time_limit=1860)
def write_record_files() -> int:
    """Make the public files of votes that were counted; returns how many."""
    return one_by_one(RecordFile.objects.due(), _written, "prizes.write_files")


def _written(record: RecordFile) -> bool:
    write_files(record)
    return True
