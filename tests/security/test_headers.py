"""The headers of each kind of answer, compared with the file; and no cookie for readers.

After a wanted change: `WRITE_HEADERS=1 pytest tests/security/test_headers.py` and read the diff.
"""

import os
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts.role.roles import Role
from tests.factories import ProjectFactory, UserFactory
from tests.reports.records import frozen
from tests.security.access_table import ALL, TABLE
from tests.security.urls import all_urls

pytestmark = pytest.mark.django_db
STORED = Path(__file__).with_name("headers.txt")
CHANGING = {
    "Content-Length",
    "Expires",
    "Last-Modified",
    "ETag",
    "Set-Cookie",
    "X-Request-ID",
}
URLS = all_urls()


def headers(response):
    lines = [
        f"{name}: {'; '.join(sorted(value.split('; ')))}"
        for name, value in sorted(response.headers.items())
        if name not in CHANGING
    ]
    return f"{response.status_code}\n" + "\n".join(lines)


def answers():
    """Kind of answer → the headers of one such answer."""
    reader, member, staff = Client(), Client(), Client()
    member.force_login(UserFactory())
    staff.force_login(UserFactory(role=Role.ADMINISTRATOR))
    found = {
        "public page": reader.get("/en/privacy/"),
        "public page in Arabic": reader.get("/ar/privacy/"),
        "sign-in form": reader.get("/en/account/login/"),
        "personal page": member.get("/en/account/profile/"),
        "admin": staff.get("/en/admin/"),
        "admin for strangers": reader.get("/en/admin/"),
        "card for other sites": reader.get(
            reverse("stocktaking:project-card", args=[ProjectFactory().pk])
        ),
        "figure for other sites": reader.get(
            reverse("reports:figure-embedded", args=[frozen().pk, 1, "region"])
        ),
        "static file for a member": member.get("/static/css/site.css"),
        "not found": reader.get("/en/nothing/"),
        "not found in the API": reader.get("/api/nothing/"),
        "bad bytes": reader.get("/en/?q=%00"),
        "forged form": Client(enforce_csrf_checks=True).post("/en/account/login/"),
    }
    found["static file for a member"].close()
    return "\n\n".join(f"## {kind}: {headers(found[kind])}" for kind in found) + "\n"


def test_headers_are_the_stored_ones(settings):
    settings.DEBUG = False

    seen = answers()

    if os.environ.get("WRITE_HEADERS"):
        STORED.write_text(seen, encoding="utf-8")
    assert seen == STORED.read_text(encoding="utf-8")


FORMS = {"reports:subscribe"}  # nothing but a form, whose token needs a cookie


READABLE = sorted(
    name
    for name, (read, _send) in TABLE.items()
    if read == ALL and not URLS.get(name) and name not in FORMS
)


@pytest.mark.parametrize("name", [n for n in READABLE if not n.startswith("account_")])
def test_readers_get_no_cookie(client, name):
    response = client.get(reverse(name))

    assert dict(response.cookies) == {}


def test_cookies_of_a_secure_site_cannot_be_set_by_another(settings, client):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True

    client.get("/en/account/login/", secure=True)

    cookie = client.cookies[settings.CSRF_COOKIE_NAME]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (
        True,
        True,
        "Lax",
    )
    assert (cookie["path"], cookie["domain"]) == ("/", "")
