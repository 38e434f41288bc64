"""Background tasks of held votes; safe to run twice."""

from celery import shared_task

from prizes.checking.figures import count_days
from prizes.checking.sweeping import forget_signals, sweep
from prizes.checking.telling import tell_voters
from prizes.hold.steps import lapse


@shared_task(name="prizes.check_votes", soft_time_limit=300, time_limit=330)
def check_votes() -> int:
    """Hold votes that fit a rule, let those lapse that nobody confirmed in time, and tell their
    voters; returns how many mails were written."""
    sweep()
    lapse()
    told = tell_voters()
    forget_signals()
    return told


@shared_task(name="prizes.count_held_votes", soft_time_limit=300, time_limit=330)
def count_held_votes() -> int:
    """The figures of the public page, by category and day."""
    return count_days()
