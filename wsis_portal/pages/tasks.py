"""Tells staff once a day what waits; safe to run twice."""

from typing import Any

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from accounts.role.roles import Role
from accounts.user.models import User
from common.mail import outbox
from wsis_portal.pages.my_pages import APPS

STAFF_TOLD = "staff-told:{day}:{user}"  # in the cache: each officer once a day


A_DAY = 24 * 3600


@shared_task(name="portal.tell_staff_what_waits", soft_time_limit=270, time_limit=300)
def tell_staff_what_waits() -> int:
    """Once a day, a mail to each officer about waiting work of all apps; none when nothing
    waits."""
    officers = User.objects.filter(is_active=True, groups__name=Role.SECRETARIAT.value)
    return sum(tell(officer) for officer in officers.distinct().order_by("pk"))


def tell(officer: User) -> bool:
    """Write to this officer unless it was done today; returns whether it wrote."""
    if not waiting_for(officer)["total"]:
        return False
    mark = STAFF_TOLD.format(day=timezone.now().date(), user=officer.pk)
    if not cache.add(mark, 1, A_DAY):
        return False
    return (
        outbox.send("portal/waiting", officer, lambda: waiting_for(officer)) is not None
    )


def waiting_for(officer: User) -> dict[str, Any]:
    """The lines with waiting work, as “My pages” shows them."""
    lines = [line for app in APPS for line in app.section(officer).desk if line.count]
    return {"lines": lines, "total": sum(line.count for line in lines)}
