"""What the mails about held votes are told (tests/mail/letters.py)."""

from tests.prizes.records import ContestFactory, EntryFactory, held_vote


def held(user):
    row = held_vote(EntryFactory(contest=ContestFactory()))
    return {"contest": row.contest, "held": row, "token": row.add_link()}


HELD_LETTERS = {
    "prizes/votes_held": held,
    "prizes/votes_lapsed": held,
    "prizes/votes_released": held,
}
