"""Becoming a member: address, code, signed in; and the bounds of a password."""

import re
import secrets

import pytest
from django.urls import reverse

from accounts.user.models import User
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def address():
    """Limits are counted per address, too: each test has its own."""
    return f"new.person.{secrets.token_hex(3)}@example.org"


def sign_up(guest, email, password=PASSWORD):
    return guest.post(
        reverse("account_signup"), {"email": email, "password1": password}
    )


def test_a_visitor_becomes_a_member_by_the_mailed_code(guest, address, code_in):
    sign_up(guest, address)
    confirm = reverse("account_email_verification_sent")

    response = guest.post(confirm, {"code": code_in(address)})

    user = User.objects.get(email=address)
    assert response.status_code == 302
    assert guest.session["_auth_user_id"] == str(user.pk)
    assert user.emailaddress_set.get().verified is True
    assert user.roles == {"member"}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Asia/Kathmandu", "Asia/Kathmandu"),
        ("Asia/Calcutta", "Asia/Calcutta"),
        ("UTC", "UTC"),
        ("", ""),
        ("Mars/Olympus", ""),
        ("../../etc/passwd", ""),
        ("x" * 500, ""),
    ],
)
def test_a_new_profile_takes_the_zone_of_the_browser(guest, address, sent, kept):
    page = guest.get(reverse("account_signup")).content.decode()
    form = {"email": address, "password1": PASSWORD, "time_zone": sent}

    answer = guest.post(reverse("account_signup"), form)

    assert "data-browser-zone" in page
    assert answer.status_code == 302
    assert User.objects.get(email=address).time_zone == kept


def test_a_wrong_code_opens_nothing(guest, address, code_in):
    sign_up(guest, address)
    wrong = "XXX-XXX" if code_in(address) != "XXX-XXX" else "YYY-YYY"

    response = guest.post(reverse("account_email_verification_sent"), {"code": wrong})

    assert response.status_code == 200
    assert "_auth_user_id" not in guest.session


def test_without_the_code_the_password_does_not_open_the_account(
    guest, address, visitor
):
    sign_up(guest, address)
    other = visitor()

    other.post(reverse("account_login"), {"login": address, "password": PASSWORD})

    assert "_auth_user_id" not in other.session


def test_the_language_of_the_sign_up_page_is_kept(guest, address):
    guest.post("/fr/account/signup/", {"email": address, "password1": PASSWORD})

    assert User.objects.get(email=address).language == "fr"


@pytest.mark.parametrize(
    ("password", "accepted"),
    [
        ("k7#pQz!m2Lx", False),  # 11 characters
        ("k7#pQz!m2LxW", True),  # 12
        ("aB3$" * 32, True),  # 128
        ("aB3$" * 32 + "x", False),  # 129
        ("1q2w3e4r5t6y", False),  # on the list of common ones
        ("849302758193", False),  # digits only
        ("new.person.x@example", False),  # like the address
    ],
)
def test_password_bounds(guest, address, password, accepted):
    response = sign_up(guest, address, password)

    assert User.objects.filter(email=address).exists() == accepted
    assert response.status_code == (302 if accepted else 200)


def test_an_address_is_taken_in_any_case(guest, address):
    UserFactory(email=address)

    sign_up(guest, address.upper())

    assert User.objects.filter(email__iexact=address).count() == 1


@pytest.mark.parametrize("path", ["/en/account/signup/", "/ar/account/signup/"])
def test_the_rules_of_a_password_are_one_paragraph(guest, path):
    page = guest.get(path).content.decode()

    hint = re.search(r'id="id_password1_helptext">(.*?)</div>', page, re.S).group(1)
    assert "12" in hint
    assert "<li>" not in hint


def test_an_error_keeps_the_address_that_was_typed(guest, address):
    page = sign_up(guest, address, "short").content.decode()

    assert f'value="{address}"' in page
    assert "There is a problem" in page
    assert 'value="short"' not in page  # a password is never written into a page
