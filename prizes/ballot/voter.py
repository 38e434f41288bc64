"""Voters as the ballot knows them: keys instead of names, one for every mailbox."""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from common.mail.addresses import mailbox_of
from common.moves.actors import AnyUser
from prizes.contest.models import Contest


def voter_key(contest_id: int, user_id: int) -> str:
    """The key of an account in a contest: an HMAC with the ballot key, not a name.

    It differs from contest to contest. The ballot key can compute it; that key is separate where
    SECRET_KEY was changed, because a new one would let everybody vote again.
    """
    return _digest("prizes.ballot", f"{contest_id}:{user_id}")


def voter_keys(contest_id: int, accounts: Iterable[int]) -> Iterator[str]:
    """The same for many accounts: the key of the HMAC is derived once, not for each of them."""
    secret = hashlib.sha256(f"prizes.ballot{settings.BALLOT_KEY}".encode()).digest()
    for account in accounts:
        text = f"{contest_id}:{account}".encode()
        yield hmac.digest(secret, text, "sha256").hex()


def mailbox_digest(contest_id: int, address: str) -> str:
    """The mailbox behind an address, as an HMAC that differs from contest to contest."""
    return _digest("prizes.mailbox", f"{contest_id}:{mailbox_of(address)}")


def _digest(purpose: str, text: str) -> str:
    mac = salted_hmac(purpose, text, secret=settings.BALLOT_KEY, algorithm="sha256")
    return mac.hexdigest()


class Voter(models.Model):
    """The number of events of a voter. The trigger of the events counts them here as well, so
    that removed events are noticed."""

    contest = models.ForeignKey(
        Contest,
        models.PROTECT,
        related_name="voters",
        verbose_name=_("contest"),
        db_index=False,
    )
    key = models.CharField(_("voter"), max_length=64)
    events = models.PositiveIntegerField(_("events"), default=0)

    class Meta:
        verbose_name = _("voter")
        verbose_name_plural = _("voters")
        ordering = ["contest", "key"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "key"], name="voter_once")
        ]

    def __str__(self) -> str:
        return f"{self.contest_id}: {self.key[:8]}"


class Mailbox(models.Model):
    """The key under which a mailbox votes: that of the account that voted from it first.

    So name+1@… and name+2@… have one vote, and erasing the account and registering again gives no
    second one. `prize_vote` writes these rows; they are deleted when the votes are counted.
    """

    contest = models.ForeignKey(
        Contest,
        models.PROTECT,
        related_name="mailboxes",
        verbose_name=_("contest"),
        db_index=False,
    )
    digest = models.CharField(_("mailbox"), max_length=64)
    key = models.CharField(_("voter"), max_length=64)

    class Meta:
        verbose_name = _("mailbox of a voter")
        verbose_name_plural = _("mailboxes of voters")
        ordering = ["contest", "digest"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "digest"], name="mailbox_once")
        ]

    def __str__(self) -> str:
        return f"{self.contest_id}: {self.digest[:8]}"


def voter_of(contest_id: int, user: Any) -> str:
    """The key under which this person votes: that of their mailbox, else of their account."""
    return keys_of(contest_id, [(user.pk, user.email)])[user.pk]


def keys_of(contest_id: int, accounts: Iterable[tuple[int, str]]) -> dict[int, str]:
    """Account → key under which it votes, for pairs of account and e-mail address; one query."""
    digests = {pk: mailbox_digest(contest_id, address) for pk, address in accounts}
    bound = dict(
        Mailbox.objects.filter(
            contest=contest_id, digest__in=set(digests.values())
        ).values_list("digest", "key")
    )
    return {
        pk: bound.get(digest) or voter_key(contest_id, pk)
        for pk, digest in digests.items()
    }


def seed_of(contest: Contest, user: AnyUser) -> str:
    """The seed of the order: the voter's own; for readers who are not signed in, the day's."""
    if user.is_authenticated:
        return voter_key(contest.pk, user.pk)[:16]
    return timezone.now().date().isoformat()
