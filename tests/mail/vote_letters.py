"""What the mails about votes are told of their readers; the rest is in `letters.py`."""

from accounts.role.roles import Role
from prizes.ballot.models import Vote, cast
from prizes.ballot.views import Ballot
from prizes.public_record.models import publish_root
from tests.factories import UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, voiding, voter


def votes(user):
    contest = EntryFactory(contest=ContestFactory()).contest
    assert not Vote.objects.exists()
    return {"contest": contest, "ballot": Ballot(contest, user)}


def vote_lost(user):
    """A nominee was removed; the category has another one."""
    contest = ContestFactory()
    removed, _left = EntryFactory.create_batch(2, contest=contest)
    return {"entry": removed, "again": True, "voting": contest.phase("voting")}


def vote_void(user):
    """Two officers have declared a vote void."""
    cast(EntryFactory(contest=ContestFactory()), voter())
    case = voiding(Vote.objects.get(), UserFactory(role=Role.SECRETARIAT))
    return {
        "contest": case.event.contest,
        "cases": [case],
        "codes": case.event.category.code,
        "again": [case.event.category],
        "voting": case.event.contest.phase("voting"),
    }


def root(user):
    """This person keeps the roots of a vote."""
    contest = EntryFactory(contest=ContestFactory()).contest
    return {"contest": contest, "root": publish_root(contest)}


VOTE_LETTERS = {
    "prizes/root": root,
    "prizes/vote_lost": vote_lost,
    "prizes/vote_void": vote_void,
    "prizes/votes": votes,
}
