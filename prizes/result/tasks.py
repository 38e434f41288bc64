"""Background tasks of the results; safe to run twice."""

from celery import shared_task

from prizes.ballot.removal import tell_voters
from prizes.ballot.views import send_lists
from prizes.ballot.voiding import tell_of_voids
from prizes.entry.announcing import announce


@shared_task(name="prizes.announce", soft_time_limit=300, time_limit=330)
def announce_outcomes() -> int:
    """Log and mail what has become public: nominees, champions, winners; write to voters whose
    votes do not count any more, and to those who wished for the list of theirs."""
    return announce() + tell_voters() + tell_of_voids() + send_lists()
