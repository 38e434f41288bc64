"""Sessions come from one plain question; what is over or unknown is an empty one."""

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.session.store import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def key():
    session = SessionStore()
    session["colour"] = "blue"
    session.save()
    return session.session_key


def test_session_comes_back(key):
    found = SessionStore(key)

    assert (found.load(), found.session_key) == ({"colour": "blue"}, key)


def test_session_that_is_over_is_empty(key):
    Session.objects.update(expire_date=timezone.now())
    found = SessionStore(key)

    assert (found.load(), found.session_key) == ({}, None)


def test_unknown_and_forged_sessions_are_empty(key):
    Session.objects.update(session_data="forged")

    assert [SessionStore(one).load() for one in ("0" * 32, key)] == [{}, {}]
