"""A real browser reads every page as three people, in two directions: nothing is blocked."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from accounts.role.roles import Role
from tests.factories import ProjectFactory, UserFactory
from tests.security.urls import all_urls, values

pytestmark = pytest.mark.django_db(transaction=True)
NOT_PAGES = {
    "account_logout",
    "admin:logout",
}  # signing out half-way would end the walk
LISTENER = """
window.blocked = [];
document.addEventListener('securitypolicyviolation', (event) =>
    window.blocked.push(event.violatedDirective + ' ' + event.blockedURI));
"""
# What was blocked, and from where everything came that was not.
SEEN = """() => [window.blocked, performance.getEntriesByType('resource').map((one) => one.name)]"""


def addresses(language, project):
    """Name and address of all that may be a page."""
    for name, parameters in sorted(all_urls().items()):
        if (
            name in NOT_PAGES or "object_id" in parameters
        ):  # records of the admin: forms like add
            continue
        try:
            with translation.override(language):
                yield name, reverse(name, kwargs=values(name, project))
        except (
            NoReverseMatch
        ):  # parts of the admin that have no name, or ask for an app's label
            continue


def pages(client, language, project, staff):
    """The addresses that answer with a page; of each kind of refusal, which all look alike, one.
    That staff find the lists and forms of the admin need not be tried first."""
    refusals = set()
    for name, here in addresses(language, project):
        if (
            staff
            and name.startswith("admin:")
            and name.endswith(("_changelist", "_add"))
        ):
            yield here
            continue
        answer = client.get(here)
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        if answer.status_code == 200 or answer.status_code not in refusals | {
            301,
            302,
            405,
        }:
            refusals.add(answer.status_code)
            yield here


@pytest.mark.parametrize(
    ("role", "language"),
    [(None, "en"), (None, "ar"), (Role.MEMBER, "ar"), (Role.ADMINISTRATOR, "en")],
)
def test_nothing_is_blocked_and_nothing_is_foreign(
    context, live_server, settings, role, language
):
    project, client = ProjectFactory(), Client()
    if role:
        client.force_login(UserFactory(role=role))
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": value,
                    "url": live_server.url,
                }
            ]
        )
    page, faults, here = context.new_page(), [], ""
    own = (live_server.url + "/", "data:")
    page.add_init_script(LISTENER)
    page.on(
        "console",
        lambda message: (
            "Content Security Policy" in message.text
            and faults.append((here, "console", message.text))
        ),
    )

    visited = 0
    for here in list(pages(client, language, project, role == Role.ADMINISTRATOR)):
        page.goto(live_server.url + here)
        blocked, loaded = page.evaluate(SEEN)
        faults += [(here, "blocked", what) for what in blocked]
        faults += [(here, "foreign", url) for url in loaded if not url.startswith(own)]
        visited += 1

    assert faults == []
    assert visited > 30
