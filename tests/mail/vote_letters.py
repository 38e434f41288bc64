"""What the mails about votes are told of their readers; the rest is in `letters.py`."""

from prizes.ballot.models import Vote
from prizes.ballot.views import Ballot
from prizes.public_record.models import publish_root
from tests.prizes.records import ContestFactory, EntryFactory


def votes(user):
    contest = EntryFactory(contest=ContestFactory()).contest
    assert not Vote.objects.exists()
    return {"contest": contest, "ballot": Ballot(contest, user)}


def vote_lost(user):
    """A nominee was removed; the category has another one."""
    contest = ContestFactory()
    removed, _left = EntryFactory.create_batch(2, contest=contest)
    return {"entry": removed, "again": True, "voting": contest.phase("voting")}


def root(user):
    """This person keeps the roots of a vote."""
    contest = EntryFactory(contest=ContestFactory()).contest
    return {"contest": contest, "root": publish_root(contest)}


VOTE_LETTERS = {
    "prizes/root": root,
    "prizes/vote_lost": vote_lost,
    "prizes/votes": votes,
}
