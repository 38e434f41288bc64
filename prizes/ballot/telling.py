"""Finding the people behind votes, in order to write to them.

The ballot knows voters by their keys only, so the keys of all accounts are computed, some at a
time. An account is found by the key of its mailbox and by its own: who has changed the address
since the vote is reached as well.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common.mail import outbox
from prizes.ballot.voter import keys_of, voter_key

ACCOUNTS_AT_ONCE = 2000


class Telling(models.Model):
    """People who have to be written to about their votes, and how far that has come."""

    at = models.DateTimeField(_("at"), auto_now_add=True)
    reached = models.BigIntegerField(_("last account looked at"), default=0)
    told = models.PositiveIntegerField(_("voters told"), default=0)
    done_at = models.DateTimeField(_("all were told at"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def contest_id(self) -> int:
        raise NotImplementedError

    def concerned(self, keys: set[str]) -> dict[str, list[Any]]:
        """Those of these keys whose votes this is about → what each of them is told of."""
        raise NotImplementedError

    def letter(self, news: list[Any]) -> tuple[str, dict[str, Any]]:
        """The template of the mail to one person who is told of this, and what stands in it."""
        raise NotImplementedError

    @classmethod
    def tell(cls, *together: str) -> int:
        """Write to everybody who waits for it; returns to how many. `together` names relations to
        read along.

        Safe to run twice: the progress is stored with the mails, in one transaction.
        """
        told = 0
        waiting = cls._default_manager.filter(done_at=None).order_by("pk")
        for pk in waiting.values_list("pk", flat=True):
            while (done := _tell_some(cls, pk, together)) is not None:
                told += done
        return told


@transaction.atomic
def _tell_some(kind: type[Telling], pk: int, together: tuple[str, ...]) -> int | None:
    """Process the next accounts; None when there are no more or another worker is at it."""
    waiting = kind._default_manager.select_for_update(of=("self",), skip_locked=True)
    telling = waiting.select_related(*together).filter(done_at=None, pk=pk).first()
    if telling is None:
        return None
    accounts = get_user_model().objects.filter(pk__gt=telling.reached).order_by("pk")
    people: list[Any] = list(accounts[:ACCOUNTS_AT_ONCE])
    if not people:
        kind._default_manager.filter(pk=pk).update(done_at=Now())
        return None
    keys = keys_by_account(telling.contest_id, people)
    by_key = telling.concerned(set().union(*keys.values()))
    told = 0
    for person in people:
        # both keys of an account may have voted: it is one mail all the same
        news = [row for key in sorted(keys[person.pk]) for row in by_key.get(key, ())]
        if news:
            template, context = telling.letter(news)
            outbox.send(template, person, context, leaves_no_trace=True)
            told += 1
    telling.told += told
    telling.reached = people[-1].pk
    telling.save(update_fields=["told", "reached"])
    return told


def keys_by_account(contest_id: int, people: list[Any]) -> dict[int, set[str]]:
    """Account → the keys under which its votes may stand."""
    bound = keys_of(contest_id, [(person.pk, person.email) for person in people])
    return {
        person.pk: {bound[person.pk], voter_key(contest_id, person.pk)}
        for person in people
    }
