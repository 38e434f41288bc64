"""Background tasks of the results; safe to run twice."""

from celery import shared_task

from prizes.ballot.removal import tell_voters
from prizes.entry.announcing import announce, tell_of_deadlines


@shared_task(name="prizes.announce", soft_time_limit=300, time_limit=330)
def announce_outcomes() -> int:
    """Log and mail what has become public: nominees, champions, winners; write to voters who
    lost their nominee, and to people with drafts when the deadline was changed."""
    return announce() + tell_voters() + tell_of_deadlines()
