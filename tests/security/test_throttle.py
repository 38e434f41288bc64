"""Limits hold exactly when everybody calls at once, against the real Valkey."""

import secrets
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
from django.http import HttpResponse
from django.test import override_settings
from django.urls import reverse

from common.limits import throttle
from tests.factories import PASSWORD, UserFactory

LIMIT = 10
CALLERS = 20


@pytest.fixture
def scope():
    return secrets.token_hex(6)


@pytest.fixture
def valkey_down(monkeypatch):
    """A port where nobody listens."""
    nobody = redis.Redis(host="127.0.0.1", port=9, socket_connect_timeout=1)
    monkeypatch.setattr(
        throttle, "_counter", lambda: nobody.register_script(throttle.COUNT)
    )


@pytest.mark.parametrize("_attempt", range(3))
def test_exactly_the_limit_is_accepted(scope, _attempt):
    start = threading.Barrier(CALLERS)

    def call(_caller):
        start.wait()
        return [
            throttle.allow(scope, "key", LIMIT, 60).allowed for _call in range(LIMIT)
        ]

    with ThreadPoolExecutor(CALLERS) as pool:
        answers = [
            answer for answers in pool.map(call, range(CALLERS)) for answer in answers
        ]

    assert len(answers) == CALLERS * LIMIT
    assert sum(answers) == LIMIT


def test_a_refusal_says_when_to_come_back(scope):
    throttle.allow(scope, "key", 1, 30)

    verdict = throttle.allow(scope, "key", 1, 30)

    assert verdict.allowed is False
    assert verdict.retry_after in {29, 30}


def test_keys_and_scopes_are_counted_apart(scope):
    throttle.allow(scope, "key", 1, 60)

    assert throttle.allow(scope, "other", 1, 60).allowed is True
    assert throttle.allow(scope + "-2", "key", 1, 60).allowed is True


@pytest.mark.usefixtures("valkey_down")
def test_with_valkey_down_reading_stays_open_and_guessing_is_closed(scope):
    assert throttle.allow(scope, "key", 1, 60) == (True, 0)
    assert throttle.allow(scope, "key", 1, 60, closed_when_down=True) == (False, 60)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (
            0,
            "1.2.3.4",
            "10.0.0.1",
        ),  # nobody in front: the header is the reader's own invention
        (1, "1.2.3.4", "1.2.3.4"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 5.6.7.8", "1.2.3.4"),
        (1, "rubbish", ""),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
    ],
)
def test_only_our_own_proxies_are_believed(rf, settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", HTTP_X_FORWARDED_FOR=forwarded, REMOTE_ADDR="10.0.0.1")

    assert throttle.client_ip(request) == address


def test_a_throttled_page_answers_429_with_retry_after(rf, scope):
    page = throttle.throttled(scope, 1, 60)(lambda request: HttpResponse("fine"))

    first, second = page(rf.get("/en/")), page(rf.get("/en/"))

    assert (first.status_code, second.status_code) == (200, 429)
    assert int(second["Retry-After"]) in {59, 60}


def test_a_page_may_count_only_what_is_sent(rf, scope):
    page = throttle.throttled(scope, 1, 60, methods="POST")(
        lambda request: HttpResponse("fine")
    )

    statuses = [
        page(rf.generic(method, "/en/")).status_code for method in ["GET", "POST"] * 2
    ]

    assert statuses == [200, 200, 200, 429]


@pytest.mark.django_db
def test_five_wrong_passwords_close_the_account_for_a_while(client):
    user = UserFactory()
    page = reverse("account_login")
    for _try in range(5):
        client.post(
            page, {"login": user.email, "password": "wrong"}, REMOTE_ADDR="10.250.0.1"
        )

    client.post(
        page, {"login": user.email, "password": PASSWORD}, REMOTE_ADDR="10.250.0.2"
    )

    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_many_accounts_tried_from_one_address_are_answered_429(client):
    page = reverse("account_login")

    statuses = [
        client.post(
            page,
            {"login": f"p{n}@example.org", "password": "x"},
            REMOTE_ADDR="10.250.0.3",
        ).status_code
        for n in range(61)
    ]

    assert statuses == [200] * 60 + [429]


@pytest.mark.django_db
def test_with_valkey_down_signing_in_waits_and_says_so(client):
    user = UserFactory()
    dead = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:9/0",
        }
    }

    with override_settings(CACHES=dead):
        response = client.post(
            reverse("account_login"), {"login": user.email, "password": PASSWORD}
        )

    assert (response.status_code, response["Retry-After"]) == (503, "30")
