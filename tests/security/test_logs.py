"""Passwords, codes and reset links stay out of the logs, also when something breaks."""

import logging
import re
import secrets

import pytest
from django.test import Client
from django.urls import reverse

from common.models import OutgoingMail
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def canary():
    return f"Canary-{secrets.token_hex(8)}"


def test_secrets_stay_out_of_the_logs(canary, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    user = UserFactory(password=canary)
    browser = Client(REMOTE_ADDR="10.252.0.1")

    browser.post(reverse("account_login"), {"login": user.email, "password": canary + "-wrong"})
    browser.post(reverse("account_login"), {"login": user.email, "password": canary})
    browser.post(reverse("account_reset_password"), {"email": user.email})
    reset = re.search(r"/key/(\S+)/", OutgoingMail.objects.filter(to=user.email).latest("pk").body)

    logged = caplog.text + "".join(capfd.readouterr())
    assert browser.session["_auth_user_id"] == str(user.pk)
    assert canary not in logged
    assert reset.group(1) not in logged


def test_a_fault_does_not_log_what_was_sent(canary, caplog, capfd, monkeypatch):
    caplog.set_level(logging.DEBUG)
    browser = Client(raise_request_exception=False, REMOTE_ADDR="10.252.0.2")
    monkeypatch.setattr(
        "accounts.adapters.AccountAdapter.authenticate", lambda *args, **kwargs: 1 / 0
    )

    response = browser.post(reverse("account_login"), {"login": "a@b.example", "password": canary})

    assert response.status_code == 500
    assert canary not in caplog.text + "".join(capfd.readouterr())
