"""A class or a hall signs up from one network; a script from one mailbox is slowed."""

import secrets

import pytest
from django.urls import reverse

from accounts.user.models import User
from tests.factories import PASSWORD
from wsis_portal.settings import LIMITS

pytestmark = pytest.mark.django_db


@pytest.fixture
def network():
    """A network address of this test alone: limits are counted by it."""
    return f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::1"


def sign_up(visitor, network, address):
    form = {"email": address, "password1": PASSWORD}
    return visitor().post(reverse("account_signup"), form, REMOTE_ADDR=network)


def test_a_class_of_forty_signs_up_behind_one_address(visitor, network):
    mark = secrets.token_hex(3)
    pupils = [f"pupil{n}.{mark}@school.example" for n in range(40)]

    answers = {sign_up(visitor, network, pupil).status_code for pupil in pupils}

    assert answers == {302}
    assert User.objects.filter(email__in=pupils).count() == 40


@pytest.mark.parametrize("limit", [(2, 3600), (2, 7200)])
def test_the_page_says_how_long_to_wait(visitor, network, settings, limit):
    settings.LIMITS = settings.LIMITS | {"sign-up": limit}
    for _n in range(2):
        sign_up(visitor, network, f"{secrets.token_hex(4)}@school.example")

    page = sign_up(visitor, network, f"{secrets.token_hex(4)}@school.example")

    wait = int(page["Retry-After"])
    assert page.status_code == 429
    assert limit[1] - 60 < wait <= limit[1]
    assert f"You can try again in {limit[1] // 60} minutes." in page.content.decode()
    assert "Wait a minute" not in page.content.decode()


def test_one_mailbox_signs_up_a_few_times_only(visitor, settings):
    settings.LIMITS = settings.LIMITS | {"sign-up-mailbox": LIMITS["sign-up-mailbox"]}
    name = secrets.token_hex(5)

    answers = [
        sign_up(visitor, f"2001:db8:{n}::1", f"{name}+{n}@mail.example").status_code
        for n in range(8)
    ]

    assert answers == [302] * 5 + [429] * 3
