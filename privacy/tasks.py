"""Background tasks about personal data; safe to run twice."""

from celery import shared_task
from django.utils.translation import gettext as _

from accounts.personal_data.models import DataExport, Erasure
from common.jobs.rows import one_by_one
from privacy.erasure import erase
from privacy.export import write_export
from privacy.leaving import leave_closed
from privacy.retention import keep_no_longer


@shared_task(name="portal.export_data", soft_time_limit=270, time_limit=300)
def export_data(export_id: int) -> None:
    write_export(export_id)


@shared_task(name="portal.sweep_exports", soft_time_limit=270, time_limit=300)
def sweep_exports() -> int:
    """Take up exports that no worker knows of or lived through; returns how many."""
    for export in DataExport.objects.worn_out():
        export.give_up(_("The copy could not be made. Please try again."))
    waiting = list(DataExport.objects.waiting().values_list("pk", flat=True)[:20])
    return one_by_one(waiting, write_export, "portal.sweep_exports")


@shared_task(name="portal.erase_due", soft_time_limit=270, time_limit=300)
def erase_due() -> int:
    """Erase people whose two weeks are over; returns how many."""
    due = list(Erasure.objects.due().select_related("user")[:100])
    return one_by_one(due, _erase, "portal.erase_due")


def _erase(erasure: Erasure) -> bool:
    erase(erasure.user)
    return True


@shared_task(name="portal.leave_closed", soft_time_limit=270, time_limit=300)
def leave_closed_accounts() -> int:
    """End what waits for closed accounts; returns how many."""
    return leave_closed()


@shared_task(name="portal.retention", soft_time_limit=270, time_limit=300)
def retention() -> dict[str, int]:
    """Called each hour, so that a restart of the scheduler loses no day."""
    return keep_no_longer()
