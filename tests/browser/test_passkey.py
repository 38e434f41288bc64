"""A passkey is added and then opens the account, without a password, in a real browser."""

import pytest
from allauth.mfa.models import Authenticator

from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page_with_key(page):
    """A page whose browser holds an authenticator with a fingerprint that always fits."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return page


ENDS_WITH_THE_BROWSER = -1  # how a browser names the end of a cookie that has no date


def test_a_passkey_opens_the_account_until_the_browser_is_closed(
    page_with_key, live_server, settings
):
    page, user = page_with_key, UserFactory()
    base = live_server.url.replace("127.0.0.1", "localhost")
    page.goto(f"{base}/en/account/login/")
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/en/account/")

    page.goto(
        f"{base}/en/account/2fa/webauthn/add/"
    )  # the password was given a moment ago
    page.fill("[name=name]", "Laptop")
    page.check("[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(lambda url: not url.endswith("/add/"))
    page.context.clear_cookies()
    page.goto(f"{base}/en/account/login/")
    page.click("#passkey_login")
    page.wait_for_url("**/en/account/")

    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert cookies[settings.SESSION_COOKIE_NAME]["expires"] == ENDS_WITH_THE_BROWSER
    assert Authenticator.objects.filter(user=user, type="webauthn").count() == 1
    assert user.email in page.content()
