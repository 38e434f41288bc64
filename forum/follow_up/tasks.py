"""Background tasks of the follow-up form; safe to run twice."""

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from common.jobs.rows import one_by_one
from common.mail import outbox
from forum.follow_up.models import FollowUp, to_remind
from forum.registration.models import Registration

AT_ONCE = 500
LETTER = "forum/follow_up"


@shared_task(name="forum.remind_of_follow_ups", soft_time_limit=300, time_limit=330)
def remind_of_follow_ups() -> int:
    """Write once to people whose form is due within a week; returns how many mails."""
    return one_by_one(to_remind()[:AT_ONCE], remind, "forum.remind_of_follow_ups")


@transaction.atomic
def remind(registration: Registration) -> bool:
    """One mail, unless another process has written it meanwhile."""
    locked = to_remind().select_for_update(of=("self",), skip_locked=True)
    if not locked.filter(pk=registration.pk).exists():
        return False
    context = {"registration": registration}
    if registration.user:
        outbox.send(LETTER, registration.user, context)
    else:
        outbox.send_to_address(
            LETTER,
            registration.email,
            settings.LANGUAGE_CODE,
            context | {"to": registration.name},
        )
    FollowUp.objects.update_or_create(
        registration=registration, defaults={"reminded_at": timezone.now()}
    )
    return True
