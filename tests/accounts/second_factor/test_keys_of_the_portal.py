"""SECRET_KEY can be replaced: what earlier keys have sealed opens, and is then sealed anew."""

import io
import os
import subprocess
import sys

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import call_command

from accounts.second_factor.seals import unseal
from prizes.ballot.voter import voter_key
from tests.factories import UserFactory
from tests.portal import ROOT

OLD, NEW = "old-" + "k" * 50, "new-" + "k" * 50


def test_the_environment_names_earlier_keys_and_that_of_voters():
    show = (
        "from django.conf import settings as s;"
        " print(s.SECRET_KEY, s.SECRET_KEY_FALLBACKS, s.BALLOT_KEY)"
    )
    named = {
        "SECRET_KEY": NEW,
        "SECRET_KEY_FALLBACKS": f"{OLD},older",
        "BALLOT_KEY": OLD,
    }

    said = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "--command", show],
        cwd=ROOT,
        env=os.environ | named | {"DJANGO_SETTINGS_MODULE": "wsis_portal.settings"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert said.strip() == f"{NEW} ['{OLD}', 'older'] {OLD}"


@pytest.mark.django_db
def test_two_step_verification_outlives_a_change_of_the_key(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    user = UserFactory()
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    codes = _codes(user)
    voter = voter_key(1, user.pk)

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    said = io.StringIO()
    call_command("seal_again", stdout=said)
    settings.SECRET_KEY_FALLBACKS = []

    row = Authenticator.objects.get(user=user, type="totp")
    assert said.getvalue() == "2 sealed with the present key.\n"
    assert unseal(row.data["secret"]) == secret
    assert _codes(user) == codes
    assert voter_key(1, user.pk) == voter


@pytest.mark.django_db
def test_what_no_key_opens_is_told_and_stops_nothing(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    TOTP.activate(UserFactory(), "JBSWY3DPEHPK3PXP")
    settings.SECRET_KEY = NEW
    TOTP.activate(UserFactory(), "JBSWY3DPEHPK3PXP")
    said, complaint = io.StringIO(), io.StringIO()

    call_command("seal_again", stdout=said, stderr=complaint)

    assert said.getvalue() == "1 sealed with the present key.\n"
    assert complaint.getvalue().startswith("1 open with no key that is set")


def _codes(user):
    return RecoveryCodes(
        Authenticator.objects.get(user=user, type="recovery_codes")
    ).generate_codes()
