"""Experts whose reviews are missing are reminded."""

import datetime

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import Now

from accounts.user.models import User
from common.mail.outbox import send
from prizes.contest.models import Contest, Phase
from prizes.panel.decision import Assignment
from prizes.panel.models import PanelMember

PAUSE = datetime.timedelta(days=3)  # between two reminders to one expert


@transaction.atomic
def remind(contest: Contest, experts: list[int] | None = None) -> int:
    """Remind experts whose reviews are missing while the experts are at work: one mail for all
    panels of the contest, and none within three days of the last. Safe to repeat.

    `experts`: only these; returns how many were reminded.
    """
    missing = Assignment.objects.filter(entry__contest=contest).without_review()
    seats = PanelMember.objects.filter(panel__category__contest=contest)
    if experts is not None:
        seats = seats.filter(expert__in=experts)
    list(seats.select_for_update().order_by("pk").values_list("pk"))  # one at a time
    lately = seats.filter(reminded_at__gt=Now() - PAUSE).order_by().values("expert")
    late = (
        User.objects.filter(
            is_active=True,
            pk__in=seats.order_by().values("expert"),
            prize_assignments__in=missing,
        )
        .exclude(pk__in=lately)
        .annotate(missing=Count("prize_assignments", distinct=True))
        .order_by("pk")
    )
    work = contest.phase(Phase.Kind.NOMINATION)
    people = list(late)
    for person in people:
        context = {"contest": contest, "missing": person.missing, "work": work}
        send("prizes/panel_reminder", person, context)
    seats.filter(expert__in=people).update(reminded_at=Now())
    return len(people)
