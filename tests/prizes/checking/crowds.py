"""Crowds that vote over HTTP: scripts, and people who share a network or an employer."""

import datetime
import random
import re

import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.user.models import User
from prizes.ballot.models import Vote
from prizes.ballot.voter import voter_of
from prizes.contest.models import Category
from prizes.hold.models import Hold
from prizes.hold.rules import make_rules
from prizes.hold.signals import opened_now
from tests.prizes.records import ContestFactory, EntryFactory, voter

CATEGORIES, NOMINEES = 10, 3
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36"
PHONE = "Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/140.0 Mobile Safari/537.36"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"
)
CHROMEBOOK = "Mozilla/5.0 (X11; CrOS x86_64 16093.0) Chrome/140.0 Safari/537.36"


def contest_with_nominees():
    """A contest with the usual rules and ten categories of three nominees."""
    contest = ContestFactory()
    make_rules(contest)
    for category in contest.categories.order_by("number")[:CATEGORIES]:
        EntryFactory.create_batch(NOMINEES, contest=contest, category=category)
    return contest


def nominees_of(contest):
    """Code of each category → the ids of its nominees."""
    rows = Category.objects.filter(contest=contest, entries__isnull=False)
    return {
        row.code: sorted(row.entries.values_list("pk", flat=True))
        for row in rows.distinct()
    }


def account(address, days_old=400):
    """Somebody who signed up so many days ago."""
    user = voter(user__email=address)
    joined = timezone.now() - datetime.timedelta(days=days_old)
    User.objects.filter(pk=user.pk).update(date_joined=joined)
    return user


def browser(user, network, agent):
    client = Client(REMOTE_ADDR=network, HTTP_USER_AGENT=agent)
    client.force_login(user)
    return client


def fill_in(client, contest, choices, seconds, **profile):
    """Open the ballot, choose for so many seconds, send it with what the page asks of a new
    voter; the page that follows."""
    address = reverse("prizes:ballot", args=[contest.slug])
    start = timezone.now() - datetime.timedelta(seconds=seconds)
    with time_machine.travel(start, tick=False):
        page = client.get(address).content.decode()
    opened = re.search(r'name="opened" value="([^"]+)"', page)[1]
    form = {f"vote-{code}": entry for code, entry in choices.items()}
    return client.post(address, form | profile | {"opened": opened}, follow=True)


def send(client, user, contest, choices, seconds):
    """The same without opening the page again: quicker for the tests, and for scripts."""
    start = timezone.now() - datetime.timedelta(seconds=seconds)
    with time_machine.travel(start, tick=False):
        opened = opened_now(user.pk)
    form = {f"vote-{code}": entry for code, entry in choices.items()}
    address = reverse("prizes:ballot", args=[contest.slug])
    answer = client.post(address, form | {"opened": opened})
    assert answer.status_code == 302
    return answer


def at_random(nominees, dice, codes=None):
    return {code: dice.choice(nominees[code]) for code in codes or nominees}


def dice():
    """The same throws in each run."""
    return random.Random(14)  # noqa: S311  (no secret)


def held_of(contest, users):
    """How many of these people have votes that are held."""
    keys = [voter_of(contest.pk, user) for user in users]
    return Hold.objects.open().filter(contest=contest, voter__in=keys).count()


def voters_of(contest):
    rows = Vote.objects.filter(category__contest=contest)
    return rows.values("voter").distinct().count()
