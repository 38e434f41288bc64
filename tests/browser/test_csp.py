"""A real browser reads every page as three people in two languages: nothing is blocked."""

from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from accounts.roles import Role
from tests.factories import ProjectFactory, UserFactory
from tests.security.urls import all_urls, values

pytestmark = pytest.mark.django_db(transaction=True)
NOT_PAGES = {"account_logout", "admin:logout"}  # signing out half-way would end the walk
LISTENER = """
window.blocked = [];
document.addEventListener('securitypolicyviolation', (event) =>
    window.blocked.push(event.violatedDirective + ' ' + event.blockedURI));
"""


def addresses(language, project):
    for name, parameters in sorted(all_urls().items()):
        if name in NOT_PAGES or "object_id" in parameters:  # records of the admin: forms like add
            continue
        try:
            with translation.override(language):
                yield reverse(name, kwargs=values(name, project))
        except NoReverseMatch:  # parts of the admin that have no name, or ask for an app's label
            continue


def sign_in(context, live_server, settings, user):
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}]
    )


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("role", [None, Role.MEMBER, Role.ADMINISTRATOR])
def test_nothing_is_blocked_and_nothing_is_foreign(context, live_server, settings, role, language):
    project = ProjectFactory()
    if role:
        sign_in(context, live_server, settings, UserFactory(role=role))
    page, faults, here = context.new_page(), [], ""
    page.add_init_script(LISTENER)
    own = urlsplit(live_server.url).netloc
    page.on(
        "request",
        lambda request: (
            urlsplit(request.url).netloc != own
            and not request.url.startswith("data:")
            and faults.append((here, "foreign", request.url))
        ),
    )
    page.on(
        "console",
        lambda message: (
            "Content Security Policy" in message.text
            and faults.append((here, "console", message.text))
        ),
    )

    visited = 0
    for here in addresses(language, project):
        response = context.request.get(live_server.url + here)
        if "text/html" in response.headers.get("content-type", "") and response.status != 405:
            page.goto(live_server.url + here)
            faults += [(here, "blocked", what) for what in page.evaluate("window.blocked")]
            visited += 1

    assert faults == []
    assert visited > 30
