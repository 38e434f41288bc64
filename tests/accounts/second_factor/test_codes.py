"""Codes are taken from every keyboard, in each of the five boxes where one is typed."""

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.urls import reverse

from accounts.second_factor.codes import plain_code, plain_number
from accounts.user.models import User
from tests.accounts.keyboards import ZEROS, in_digits_of, spellings
from tests.accounts.second_factor.test_two_steps import activate, code_of, sign_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
MAILED = "account_email_verification_sent"
MANY = range(len(list(spellings("1234-5678"))))


@pytest.fixture(autouse=True)
def _codes_outlive_their_half_minute(settings):
    settings.MFA_TOTP_TOLERANCE = 1


def typed(code, number):
    return list(spellings(code))[number]


@pytest.mark.parametrize("spelling", list(spellings("9070-3512")))
def test_every_spelling_is_the_same_number(spelling):
    assert plain_number(spelling) == "90703512"


@pytest.mark.parametrize(
    "text",
    [
        "BKMH-TXPC",
        "bkmh txpc",
        "ВКМН-ТХРС",
        "вкмн тхрс",
        "ＢＫＭＨ－ＴＸＰＣ",
        "\u200fBKMH\u2011TXPC",
    ],
)
def test_letters_that_look_alike_are_the_same(text):
    assert plain_code(text) == "BKMHTXPC"


@pytest.mark.parametrize("number", MANY)
def test_the_code_of_a_sign_up(guest, code_in, number):
    email = f"typed.{number}@example.org"
    guest.post(reverse("account_signup"), {"email": email, "password1": PASSWORD})
    code = code_in(email)

    guest.post(reverse(MAILED), {"code": typed(code, number)})

    assert re.fullmatch(r"\d{4}-\d{4}", code)
    assert guest.session["_auth_user_id"] == str(User.objects.get(email=email).pk)


@pytest.mark.parametrize("zero", ZEROS[:4])
def test_the_code_for_a_new_address(guest, code_in, zero):
    user = UserFactory()
    new = f"moved.{user.pk}@example.org"
    sign_in(guest, user)
    guest.post(reverse("account_email"), {"email": new, "action_add": ""})

    guest.post(reverse(MAILED), {"code": in_digits_of(zero, code_in(new))})

    user.refresh_from_db()
    assert user.email == new


@pytest.mark.parametrize("number", MANY)
def test_the_code_that_switches_an_authenticator_app_on(guest, number):
    user = UserFactory()
    sign_in(guest, user)
    page = guest.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page).group(1)

    guest.post(reverse("mfa_activate_totp"), {"code": typed(code_of(secret), number)})

    assert Authenticator.objects.filter(user=user, type="totp").exists()


@pytest.mark.parametrize("number", MANY)
def test_the_code_of_the_second_step(guest, visitor, number):
    user = UserFactory()
    secret = activate(guest, user)
    second, third = visitor(), visitor()
    sign_in(second, user)
    sign_in(third, user)
    code = code_of(secret)

    second.post(reverse("mfa_authenticate"), {"code": typed(code, number)})
    third.post(reverse("mfa_authenticate"), {"code": code})

    assert second.session["_auth_user_id"] == str(user.pk)
    assert (
        "_auth_user_id" not in third.session
    )  # in another spelling it is still the same code


@pytest.mark.parametrize("number", MANY)
def test_a_recovery_code(guest, visitor, number):
    user = UserFactory()
    activate(guest, user)
    recovery = Authenticator.objects.get(user=user, type="recovery_codes").wrap()
    code = recovery.get_unused_codes()[0]
    second = visitor()
    sign_in(second, user)

    second.post(reverse("mfa_authenticate"), {"code": typed(code, number)})

    assert second.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize("zero", ZEROS[:4])
def test_the_code_that_proves_again_who_one_is(guest, zero):
    user = UserFactory()
    secret = activate(guest, user)
    with time_machine.travel(time.time() + 3600, tick=False):
        asked = guest.get(reverse("my-data-erase"))
        code = in_digits_of(zero, code_of(secret))
        guest.post(reverse("mfa_reauthenticate"), {"code": code})
        after = guest.get(reverse("my-data-erase"))

    assert (asked.status_code, after.status_code) == (302, 200)


def test_the_boxes_ask_for_digits_and_read_from_left_to_right(guest, visitor):
    user = UserFactory()
    activate(guest, user)
    second = visitor()
    sign_in(second, user)
    newcomer = visitor()
    newcomer.post(
        reverse("account_signup"), {"email": "boxes@example.org", "password1": PASSWORD}
    )
    pages = [
        second.get(reverse("mfa_authenticate")),
        newcomer.get(reverse(MAILED)),
        guest.get(reverse("mfa_reauthenticate")),
    ]

    for page in pages:
        box = re.search(r'<input[^>]*name="code"[^>]*>', page.content.decode()).group()
        for attribute in (
            'inputmode="numeric"',
            'dir="ltr"',
            'autocomplete="one-time-code"',
        ):
            assert attribute in box


def test_codes_and_new_secrets_are_not_readable_in_the_table_of_sessions(
    guest, code_in
):
    email = "sealed@example.org"
    guest.post(reverse("account_signup"), {"email": email, "password1": PASSWORD})
    code = code_in(email)

    stored = Session.objects.get(session_key=guest.session.session_key)

    assert code not in str(
        super(type(guest.session), guest.session).decode(stored.session_data)
    )
    assert guest.session["account_email_verification_code"]["code"] == code


def test_an_expired_code_says_so(guest, code_in):
    email = "late@example.org"
    guest.post(reverse("account_signup"), {"email": email, "password1": PASSWORD})
    code = code_in(email)

    with time_machine.travel(time.time() + 601, tick=False):
        page = guest.post(reverse(MAILED), {"code": code}, follow=True).content.decode()

    assert "The code has expired: it was valid for 10 minutes." in page
    assert "_auth_user_id" not in guest.session
