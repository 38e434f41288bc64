"""Nobody learns from an answer whether an address has an account."""

import itertools
import re
import secrets

import pytest
from django.test import Client
from django.urls import reverse

from common.mail.models import OutgoingMail
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
ADDRESSES = (f"10.251.{a}.{b}" for a, b in itertools.product(range(256), repeat=2))


def unknown():
    return f"nobody.{secrets.token_hex(4)}@example.org"


def seen(response, email):
    """What the asker sees, without the tokens and the address typed in."""
    body = re.sub(
        r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode()
    )
    own = {"Content-Length", "Expires", "X-Request-ID"}  # of this answer alone
    headers = {
        name: value for name, value in response.headers.items() if name not in own
    }
    return response.status_code, headers, body.replace(email, "E")


def ask(name, email, form):
    """Post a form in a browser of its own, then read the page it leads to."""
    browser = Client(REMOTE_ADDR=next(ADDRESSES))
    response = browser.post(reverse(name), form(email))
    steps = [seen(response, email)]
    if response.status_code == 302:
        steps.append(seen(browser.get(response["Location"]), email))
    return steps, sorted(browser.cookies), OutgoingMail.objects.filter(to=email).count()


@pytest.mark.parametrize(
    ("name", "form", "mails"),
    [
        ("account_signup", lambda email: {"email": email, "password1": PASSWORD}, 1),
        ("account_signup_by_passkey", lambda email: {"email": email}, 1),
        ("account_reset_password", lambda email: {"email": email}, 1),
        (
            "account_login",
            lambda email: {"login": email, "password": "wrong-Horse-77"},
            0,
        ),
    ],
)
def test_known_and_unknown_addresses_get_the_same_answer(name, form, mails):
    known, stranger = UserFactory().email, unknown()

    answer, cookies, sent = ask(name, known, form)
    other_answer, other_cookies, other_sent = ask(name, stranger, form)

    assert answer == other_answer
    assert cookies == other_cookies
    assert (sent, other_sent) == (mails, mails)


def test_a_disabled_account_looks_like_any_other_when_the_password_is_wrong():
    disabled, active = UserFactory(is_active=False).email, UserFactory().email
    form = lambda email: {"login": email, "password": "wrong-Horse-77"}  # noqa: E731  (as above)

    assert ask("account_login", disabled, form) == ask("account_login", active, form)
