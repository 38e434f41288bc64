"""Reviewers of an earlier edition are asked whether they review again: by mail, with a link by
which they answer without signing in."""

from collections import defaultdict
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models.functions import Now

from accounts.user.models import User
from common.mail.outbox import send
from forum.edition.models import Edition
from forum.review.models import ProposalReviewerQuerySet, Reviewer, ReviewPhase

SALT = "forum.review"
LINK_LASTS = 365 * 24 * 3600  # seconds


@transaction.atomic
def ask(chosen: ProposalReviewerQuerySet) -> tuple[int, int]:
    """Ask, or remind: one mail for each person with all tracks of an edition. Safe to repeat:
    whoever was asked in the last three days is left alone.

    Returns how many mails were written, and how many rows were left out.
    """
    asked = chosen.count()
    rows = Reviewer.objects.filter(pk__in=chosen.values("pk")).may_be_asked()
    rows = rows.select_for_update(of=("self",)).order_by("edition", "track", "pk")
    found = list(rows.select_related("edition", "track", "user"))
    by_person: dict[tuple[Edition, Any], list[Reviewer]] = defaultdict(list)
    for row in found:
        by_person[row.edition, row.user].append(row)
    for (edition, user), seats in by_person.items():
        send("forum/reviewer_asked", user, context_of(edition, user, seats))
    Reviewer.objects.filter(pk__in=[row.pk for row in found]).update(asked_at=Now())
    return len(by_person), asked - len(found)


def context_of(edition: Edition, user: User, seats: list[Reviewer]) -> dict[str, Any]:
    """What the mail is told."""
    phases = ReviewPhase.objects.filter(edition=edition, takes_reviews=True)
    return {
        "edition": edition,
        "seats": seats,
        "phases": list(phases.order_by("opens_on")),
        "token": signing.dumps([edition.pk, user.pk], salt=SALT),
    }


def of_link(token: str) -> ProposalReviewerQuerySet | None:
    """The rows that a link is about, answered ones too; None when it was in no mail of ours, or is
    older than a year."""
    try:
        edition, user = signing.loads(token, salt=SALT, max_age=LINK_LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    rows = Reviewer.objects.filter(edition=edition, user=user, user__is_active=True)
    return rows.select_related("edition", "track", "user").exclude(asked_at=None)


def answer(rows: ProposalReviewerQuerySet, *, accepts: bool) -> int:
    """For all tracks that wait for an answer; the first answer stands. Returns for how many."""
    return rows.unanswered().update(accepted=accepts, answered_at=Now())
