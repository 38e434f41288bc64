"""Passwords, codes and reset links stay out of the logs, also when something breaks."""

import io
import json
import logging
import re
import secrets

import pytest
from django.db import OperationalError
from django.db.backends.utils import CursorWrapper
from django.test import Client
from django.urls import get_resolver, reverse

from common.mail.models import OutgoingMail
from tests.factories import UserFactory
from tests.security.urls import walk
from wsis_portal.logs import json_lines

pytestmark = pytest.mark.django_db


@pytest.fixture
def canary():
    return f"Canary-{secrets.token_hex(8)}"


def test_secrets_stay_out_of_the_logs(canary, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    user = UserFactory(password=canary)
    browser = Client(REMOTE_ADDR="10.252.0.1")

    browser.post(
        reverse("account_login"), {"login": user.email, "password": canary + "-wrong"}
    )
    browser.post(reverse("account_login"), {"login": user.email, "password": canary})
    browser.post(reverse("account_reset_password"), {"email": user.email})
    reset = re.search(
        r"/key/(\S+)/", OutgoingMail.objects.filter(to=user.email).latest("pk").body
    )

    logged = caplog.text + "".join(capfd.readouterr())
    assert browser.session["_auth_user_id"] == str(user.pk)
    assert canary not in logged
    assert reset.group(1) not in logged


def test_a_fault_does_not_log_what_was_sent(canary, caplog, capfd, monkeypatch):
    caplog.set_level(logging.DEBUG)
    browser = Client(raise_request_exception=False, REMOTE_ADDR="10.252.0.2")
    monkeypatch.setattr(
        "accounts.sign_in.adapters.AccountAdapter.authenticate",
        lambda *args, **kwargs: 1 / 0,
    )

    response = browser.post(
        reverse("account_login"), {"login": "a@b.example", "password": canary}
    )

    assert response.status_code == 500
    assert canary not in caplog.text + "".join(capfd.readouterr())


@pytest.fixture
def lines():
    """The lines of the log as they are written on a server, as objects."""
    stream, root = io.StringIO(), logging.getLogger()
    configured = json_lines.configuration("INFO")
    formatter = configured["formatters"]["json"]
    handler = logging.StreamHandler(stream)
    maker = formatter.pop("()")
    handler.setFormatter(maker(**formatter))
    told = logging.getLogger("django.request")
    outages, level, levels = json_lines.WithoutOutages(), root.level, (told.level,)
    told.addFilter(outages)
    told.setLevel("ERROR")
    root.addHandler(handler)
    root.setLevel("INFO")
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)
    told.removeFilter(outages)
    told.setLevel(levels[0])


def test_no_route_with_a_key_shows_it(lines, canary):
    """Every address of which a part is a text: what stands there is in no line."""
    routes = [
        route
        for _name, route, _known in walk(get_resolver().url_patterns)
        if re.search(r"<(str|slug):", route)
        and "admin/" not in route
        and "^" not in route
    ]
    routes += [
        "en/account/password/reset/key/1-<key>/",
        "en/account/confirm-email/<key>/",
    ]
    browser = Client(raise_request_exception=False)
    for route in routes:
        browser.get(
            "/" + re.sub(r"<int:\w+>", "1", re.sub(r"<(?!int)[^>]+>", canary, route))
        )

    written = lines()
    assert len(routes) >= 8
    assert [line["event"] for line in written].count("request") == len(routes)
    assert canary not in json.dumps(written)


def test_a_line_has_route_duration_and_size_and_no_person(lines):
    browser = Client(REMOTE_ADDR="192.0.2.9")
    user = UserFactory()
    browser.force_login(user)
    answer = browser.get("/en/account/profile/")
    browser.get("/static/css/site.css").close()

    [line] = [line for line in lines() if line["event"] == "request"]
    assert line["route"] == "en/account/profile/"
    assert (line["method"], line["status"], line["ip"]) == ("GET", 200, "192.0.2.9")
    assert line["request_id"] == answer["X-Request-ID"]
    assert line["ms"] > 0
    assert line["bytes"] == len(answer.content)
    assert {"user_id", "user", "request"} & set(line) == set()


def test_a_vote_cannot_be_found_by_its_time(lines):
    """Pages of the Prizes leave the address of the network out."""
    for path in ("/en/prizes/", "/ar/prizes/2025/ballot/C4/", "/en/projects/"):
        Client(REMOTE_ADDR="192.0.2.9").get(path)

    found = [
        ("ip" in line, line["route"]) for line in lines() if line["event"] == "request"
    ]
    assert [has for has, route in found if "prizes/" in route] == [False, False]
    assert [has for has, route in found if "prizes/" not in route] == [True]


def test_a_fault_writes_one_traceback_without_its_path(lines, canary, monkeypatch):
    monkeypatch.setattr("stocktaking.coeditor.views.CoEditor", None)
    browser = Client(raise_request_exception=False)
    browser.force_login(UserFactory())

    response = browser.post(f"/en/projects/invitations/{canary}/")

    written = lines()
    assert response.status_code == 500
    assert sum("Traceback" in json.dumps(line) for line in written) == 1
    assert canary not in json.dumps(written)


@pytest.mark.parametrize(
    "path", ["/en/forum/calendar/{}.ics", "/api/v1/projects/?q={}"]
)
def test_a_database_that_is_away_is_a_line_and_an_answer_with_a_time(
    lines, canary, monkeypatch, path
):
    def away(*args, **kwargs):
        raise OperationalError("connection failed: Connection refused")

    monkeypatch.setattr(CursorWrapper, "execute", away)
    response = Client(raise_request_exception=False).get(path.format(canary))

    written = lines()
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "cannot reach its database" in response.content.decode()
    assert [line["part"] for line in written if line["event"] == "out of order"] == [
        "database"
    ]
    assert "Traceback" not in json.dumps(written)
    assert canary not in json.dumps(written)
