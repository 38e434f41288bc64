"""Background work about people's data; safe to run twice."""

import datetime
from typing import Any

from celery import shared_task
from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone

from accounts.models import DataExport, Erasure, User
from accounts.roles import Role
from common import mail
from common.gathering import gather
from common.rows import one_by_one
from wsis_portal.leaving import leave_closed
from wsis_portal.my_data import erase, write_export
from wsis_portal.retention import keep_no_longer
from wsis_portal.views.my_pages import APPS

STAFF_TOLD = "staff-told:{day}:{user}"  # in the cache: each officer once a day
A_DAY = 24 * 3600
WORKED_AT = datetime.timedelta(minutes=10)  # longer than a task may take


@shared_task(name="portal.export_data", soft_time_limit=270, time_limit=300)
def export_data(export_id: int) -> None:
    export = DataExport.objects.filter(pk=export_id).select_related("user").first()
    if export:
        write_export(export)


@shared_task(name="portal.sweep_exports", soft_time_limit=270, time_limit=300)
def sweep_exports() -> int:
    """Take up exports whose bell, or whose worker, was lost; returns how many."""
    lost = Q(state=DataExport.State.RUNNING, created_at__lte=timezone.now() - WORKED_AT)
    waiting = list(
        DataExport.objects.filter(Q(state=DataExport.State.QUEUED) | lost)[:20]
    )
    one_by_one(waiting, write_export, "portal.sweep_exports")
    return len(waiting)


@shared_task(name="portal.erase_due", soft_time_limit=270, time_limit=300)
def erase_due() -> int:
    """Forget those whose two weeks are over; returns how many."""
    due = list(Erasure.objects.due().select_related("user")[:100])
    return one_by_one(due, _erase, "portal.erase_due")


def _erase(erasure: Erasure) -> bool:
    erase(erasure.user)
    return True


@shared_task(name="portal.leave_closed", soft_time_limit=270, time_limit=300)
def leave_closed_accounts() -> int:
    """End what waits on accounts that were closed; returns how many."""
    return leave_closed()


@shared_task(name="portal.retention", soft_time_limit=270, time_limit=300)
def retention() -> dict[str, int]:
    """Called each hour, so that a beat that was restarted loses no day."""
    return keep_no_longer()


@shared_task(name="portal.gather_digests", soft_time_limit=120, time_limit=150)
def gather_digests() -> int:
    """Daily and weekly mails that are due, one for each reader; the sweep delivers them."""
    return gather()


@shared_task(name="portal.tell_staff_what_waits", soft_time_limit=270, time_limit=300)
def tell_staff_what_waits() -> int:
    """Once a day, a mail to each officer with what waits in every app; none when nothing does."""
    officers = User.objects.filter(is_active=True, groups__name=Role.SECRETARIAT.value)
    return sum(tell(officer) for officer in officers.distinct().order_by("pk"))


def tell(officer: User) -> bool:
    """Whether this officer was written to, today and for the first time."""
    if not waiting_for(officer)["total"]:
        return False
    mark = STAFF_TOLD.format(day=timezone.now().date(), user=officer.pk)
    if not cache.add(mark, 1, A_DAY):
        return False
    return (
        mail.send("portal/waiting", officer, lambda: waiting_for(officer)) is not None
    )


def waiting_for(officer: User) -> dict[str, Any]:
    """The lines of the desk with something behind them, as “My pages” shows them."""
    lines = [line for app in APPS for line in app.section(officer).desk if line.count]
    return {"lines": lines, "total": sum(line.count for line in lines)}
