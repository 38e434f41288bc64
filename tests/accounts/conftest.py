import itertools
import re

import pytest
from django.test import Client

from common.mail.models import OutgoingMail

ADDRESSES = (f"10.{a}.{b}.{c}" for a, b, c in itertools.product(range(256), repeat=3))


@pytest.fixture
def visitor():
    """A browser of its own at an address of its own: limits of other tests do not touch it."""
    return lambda: Client(REMOTE_ADDR=next(ADDRESSES))


@pytest.fixture
def guest(visitor):
    return visitor()


@pytest.fixture
def mail_to():
    """The newest mail to an address."""

    def newest(email):
        return OutgoingMail.objects.filter(to=email).latest("pk")

    return newest


@pytest.fixture
def code_in(mail_to):
    """The code in the newest mail to an address."""

    def find(email):
        return re.search(
            r"^[A-Z0-9]{3,}(-[A-Z0-9]+)*$", mail_to(email).body, re.M
        ).group()

    return find
