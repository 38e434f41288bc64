"""Telling voters that their votes are held, have lapsed or were released, by mail.

The ballot knows voters by their keys only, so the keys of all accounts are computed, the newest
first, to find whom to write to; no row says who it was.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F

from common.mail import outbox
from prizes.ballot.voter import keys_of
from prizes.contest.models import Contest
from prizes.hold.models import Hold

ACCOUNTS_AT_ONCE = 2000


LETTERS = {
    Hold.State.HELD: "prizes/votes_held",
    Hold.State.LAPSED: "prizes/votes_lapsed",
    Hold.State.RELEASED: "prizes/votes_released",
}


def tell_voters() -> int:
    """Returns how many mails were written. Safe to run twice: what was told is stored with the
    mails, in one transaction."""
    untold = Hold.objects.filter(state__in=LETTERS).exclude(told=F("state"))
    contests = Contest.objects.filter(pk__in=untold.values("contest")).order_by("pk")
    return sum(_tell(contest) for contest in contests)


def _tell(contest: Contest) -> int:
    told, before = 0, None
    while True:
        people = _people(before)
        told += _tell_some(contest, people)
        waiting = _untold(contest)
        if not people:  # accounts that were erased meanwhile
            waiting.update(told=F("state"))
        if not people or not waiting.exists():
            return told
        before = people[-1].pk


def _people(before: int | None) -> list[Any]:
    accounts = get_user_model().objects.order_by("-pk")
    if before:
        accounts = accounts.filter(pk__lt=before)
    return list(accounts[:ACCOUNTS_AT_ONCE])


def _untold(contest: Contest) -> Any:
    rows = Hold.objects.filter(contest=contest, state__in=LETTERS)
    return rows.exclude(told=F("state"))


@transaction.atomic
def _tell_some(contest: Contest, people: list[Any]) -> int:
    keys = keys_of(contest.pk, [(person.pk, person.email) for person in people])
    rows = _untold(contest).filter(voter__in=set(keys.values()))
    rows = rows.select_related("rule").select_for_update(of=("self",), skip_locked=True)
    by_voter = {row.voter: row for row in rows}
    for person in people:
        held = by_voter.pop(keys[person.pk], None)
        if held:
            send_letter(contest, held, person)
    return len(rows)


def send_letter(contest: Contest, held: Hold, person: Any) -> None:
    """The letter of the state; one that asks to confirm has a link of its own."""
    token = held.add_link() if held.is_held else ""
    context = {"contest": contest, "held": held, "token": token}
    letter = LETTERS[Hold.State(held.state)]
    outbox.send(letter, person, context, leaves_no_trace=True)
    Hold.objects.filter(pk=held.pk).update(told=held.state)
