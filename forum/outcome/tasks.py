"""Background tasks of the outcome; safe to run twice."""

from collections import defaultdict

from celery import shared_task
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.user.models import User
from common.jobs.rows import one_by_one
from common.mail import outbox
from forum.outcome.calls import PURSUED, ReportCall, ReportReminder, owed
from forum.people.models import Participation, Role
from forum.session.models import Session


@shared_task(name="forum.remind_of_reports", soft_time_limit=240, time_limit=270)
def remind_of_reports() -> int:
    """Ask organizers and rapporteurs for reports of sessions that are over; returns for how many
    editions somebody was asked."""
    calls = ReportCall.objects.filter(due_at__gt=timezone.now() - PURSUED)
    pks = list(calls.values_list("pk", flat=True))
    return one_by_one(pks, remind, "forum.remind_of_reports")


@transaction.atomic
def remind(pk: int) -> int:
    """One mail to each person for all their sessions; returns how many.

    The row of the call is locked, and each reminder is a unique row: nobody is asked twice.
    """
    calls = ReportCall.objects.select_related("edition")
    call = calls.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    kind = call.kind_of_reminder() if call else ""
    if call is None or not kind:
        return 0
    sessions = {row.pk: row for row in owed(call.edition).select_related("edition")}
    made = ReportReminder.objects.filter(session__in=sessions, kind=kind)
    asked = set(made.values_list("user", "session"))
    sent = 0
    for user, own in writers_of(sessions).items():
        new = [row for row in own if (user.pk, row.pk) not in asked]
        if not new:
            continue
        ReportReminder.objects.bulk_create(
            ReportReminder(session=row, user=user, kind=kind) for row in new
        )
        context = {"call": call, "sessions": new, "kind": kind}
        sent += outbox.send("forum/report_reminder", user, context) is not None
    return sent


def writers_of(sessions: dict[int, Session]) -> dict[User, list[Session]]:
    """Account → the sessions whose report it writes, in the order of the sessions."""
    pairs = set()
    rows = Session.objects.filter(pk__in=sessions)
    for path in ("owner", "submissions__owner"):
        kinds = Q(submissions__kind__proposes_session=True) if "__" in path else Q()
        pairs |= set(rows.filter(kinds).values_list(path, "pk"))
    reporting = Participation.objects.filter(session__in=sessions, role=Role.RAPPORTEUR)
    pairs |= set(reporting.values_list("person__user", "session"))
    users = User.objects.filter(is_active=True).in_bulk({user for user, _pk in pairs})
    found: dict[User, list[Session]] = defaultdict(list)
    for user, pk in sorted(pair for pair in pairs if pair[0] in users):
        found[users[user]].append(sessions[pk])
    return found
