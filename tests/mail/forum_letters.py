"""What the mails of the Forum's review are told of their readers; the rest is in `letters.py`."""

import datetime

from django.utils import timezone

from forum.review.asking import context_of
from forum.review.models import Reviewer, ReviewPhase
from tests.forum import records as forum


def asked_again(user):
    """This person is asked to review a track again."""
    forum.reviewing(user=user, track=forum.TrackFactory())
    seat = Reviewer.objects.get(user=user)
    long_ago = timezone.now() - datetime.timedelta(days=9)
    Reviewer.objects.update(accepted=None, asked_at=long_ago)
    return context_of(seat.edition, user, [seat])


def proposals_wait(user):
    """Five reviews of this person are missing."""
    forum.reviewing(user=user)
    phase = ReviewPhase.objects.get()
    return {"edition": phase.edition, "phase": phase, "missing": 5}


def grouped(user):
    """An input of this person stands in a group with another one."""
    mine = forum.SubmissionFactory(owner=user, status="submitted")
    other = forum.SubmissionFactory(status="submitted")
    group = forum.grouped_inputs(mine, other)
    group.ask()
    return {
        "group": group,
        "submission": mine,
        "others": [other],
        "token": mine.grouped.add_link(),
    }


FORUM_LETTERS = {
    "forum/group_asked": grouped,
    "forum/reviewer_asked": asked_again,
    "forum/reviewer_reminder": proposals_wait,
}
