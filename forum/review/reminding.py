"""Reviewers whose reviews are missing are reminded: by staff, or before a phase ends."""

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction
from django.db.models.functions import Now

from accounts.user.models import User
from common.mail.outbox import send
from forum.edition.models import Edition, today
from forum.review.models import (
    PAUSE,
    Review,
    Reviewer,
    ReviewPhase,
    reviewable_by,
)

BEFORE_THE_END = datetime.timedelta(days=4)  # of a phase: then the portal reminds


class Late(NamedTuple):
    reviewer: User
    missing: int


def late(edition: Edition, people: Iterable[User]) -> list[Late]:
    """Those of these people who have proposals without a submitted review, and how many."""
    lines = []
    for user in people:
        done = Review.objects.filter(reviewer=user).handed_in().values("submission")
        missing = reviewable_by(user, edition).exclude(pk__in=done).count()
        if missing:
            lines.append(Late(user, missing))
    return lines


@transaction.atomic
def remind(phase: ReviewPhase) -> int:
    """One mail to each reviewer whose reviews are missing in a phase that takes reviews, and none
    within three days of the last. Safe to repeat; returns how many were reminded."""
    if not phase.takes_reviews:
        return 0
    edition = phase.edition
    seats = Reviewer.objects.seated().filter(edition=edition, user__is_active=True)
    list(seats.select_for_update().order_by("pk").values_list("pk"))  # one at a time
    lately = seats.filter(reminded_at__gt=Now() - PAUSE).order_by().values("user")
    people = User.objects.filter(pk__in=seats.order_by().values("user"))
    rows = late(edition, people.exclude(pk__in=lately).order_by("pk"))
    for row in rows:
        context = {"edition": edition, "phase": phase, "missing": row.missing}
        send("forum/reviewer_reminder", row.reviewer, context)
    reminded = seats.filter(user__in=[row.reviewer for row in rows])
    reminded.update(reminded_at=Now())
    return len(rows)


def ending() -> list[ReviewPhase]:
    """The phases that take reviews and end in the next days."""
    end = today()
    rows = ReviewPhase.objects.select_related("edition").filter(
        takes_reviews=True, opens_on__lte=today(), closes_on__gte=end
    )
    return list(rows.filter(closes_on__lte=end + BEFORE_THE_END).order_by("pk"))
