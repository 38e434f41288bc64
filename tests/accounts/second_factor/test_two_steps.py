"""Signing in with an authenticator app and with recovery codes."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import override_settings
from django.urls import reverse

from accounts.role.roles import Role
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _codes_outlive_their_half_minute(settings):
    """A code may be made in one half minute and typed in the next."""
    settings.MFA_TOTP_TOLERANCE = 1


def code_of(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def sign_in(guest, user):
    return guest.post(
        reverse("account_login"), {"login": user.email, "password": PASSWORD}
    )


def activate(guest, user):
    """Sign in, give the password again, type the app's code; returns the secret."""
    sign_in(guest, user)
    guest.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = guest.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page).group(1)
    guest.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    return secret


def test_the_secret_is_sealed_in_the_database(guest):
    user = UserFactory()

    secret = activate(guest, user)

    stored = Authenticator.objects.get(user=user, type="totp").data["secret"]
    assert stored != secret
    assert Authenticator.objects.filter(user=user, type="recovery_codes").count() == 1


def test_the_password_alone_no_longer_opens_the_account(guest, visitor):
    user = UserFactory()
    activate(guest, user)
    second = visitor()

    response = sign_in(second, user)

    assert response["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in second.session


@pytest.mark.parametrize("disguise", ["{0}{1}", "{0}{1} ", " {0}{1}", "{0} {1}"])
def test_a_code_opens_the_account_once_in_whatever_spelling(guest, visitor, disguise):
    user = UserFactory()
    code = code_of(activate(guest, user))
    second, third = visitor(), visitor()
    sign_in(second, user)
    sign_in(third, user)

    second.post(reverse("mfa_authenticate"), {"code": code})
    third.post(
        reverse("mfa_authenticate"), {"code": disguise.format(code[:3], code[3:])}
    )

    assert second.session["_auth_user_id"] == str(user.pk)
    assert "_auth_user_id" not in third.session


def test_a_recovery_code_opens_the_account_once(guest, visitor):
    user = UserFactory()
    activate(guest, user)
    recovery = Authenticator.objects.get(user=user, type="recovery_codes").wrap()
    code = recovery.get_unused_codes()[0]
    second, third = visitor(), visitor()
    sign_in(second, user)
    sign_in(third, user)

    second.post(reverse("mfa_authenticate"), {"code": code})
    third.post(reverse("mfa_authenticate"), {"code": code})

    assert second.session["_auth_user_id"] == str(user.pk)
    assert "_auth_user_id" not in third.session


def test_a_password_reset_does_not_skip_the_second_step(guest, visitor, mail_to):
    user = UserFactory()
    activate(guest, user)
    other = visitor()
    other.post(reverse("account_reset_password"), {"email": user.email})
    link = re.search(r"http://testserver(/\S+)", mail_to(user.email).body).group(1)
    form = other.get(link)["Location"]
    other.post(form, {"password1": "another-Horse-77", "password2": "another-Horse-77"})

    other.post(
        reverse("account_login"), {"login": user.email, "password": "another-Horse-77"}
    )

    assert "_auth_user_id" not in other.session


@override_settings(REQUIRE_STAFF_MFA=True)
def test_staff_reach_the_admin_only_with_a_second_factor(guest):
    user = UserFactory(role=Role.SECRETARIAT)
    sign_in(guest, user)

    before = guest.get(reverse("admin:index"))
    activate(guest, user)
    after = guest.get(reverse("admin:index"))

    assert (before.status_code, before["Location"]) == (302, reverse("mfa_index"))
    assert after.status_code == 200
