"""Every address × every role × method against the table; an address without a row is a fault."""

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.roles import Role
from stocktaking.workflow import Status
from tests.factories import ProjectFactory, UserFactory
from tests.security.access_table import ADMIN, DRAFT, ROLES, TABLE
from tests.security.urls import all_urls, is_admin, values

pytestmark = pytest.mark.django_db
URLS = all_urls()
PAGES = sorted(name for name in URLS if not is_admin(name))
# Django's form views take PUT for POST; the forms are the same, and so is the check of the token.
PUT_IS_POST = {"account_change_password", "account_reauthenticate", "account_reset_password"}
SAYS_LINK_IS_BAD = {"account_reset_password_from_key"}
ADMIN_PAGES = sorted(name for name in URLS if name.startswith("admin:"))


@pytest.fixture
def world():
    """One person per role, and records that the addresses can point at."""
    people = {role: UserFactory(role=Role(role)) for role in ROLES if role in Role.values}
    people["owner"] = UserFactory()
    people["anonymous"] = None
    return people, ProjectFactory(owner=people["owner"])


def answers(client, world, name, method):
    """Role → status; what one role changed is undone before the next one tries."""
    people, project = world
    url = reverse(name, kwargs=values(name, project))
    found = {}
    for role in ROLES:
        client.logout()
        with transaction.atomic():
            if people[role]:
                client.force_login(people[role])
            found[role] = client.generic(method, url).status_code
            transaction.set_rollback(True)
    return found


def test_every_address_has_its_row():
    assert sorted(TABLE) == PAGES


@pytest.mark.parametrize("name", sorted(TABLE))
def test_reading(client, world, name):
    assert answers(client, world, name, "GET") == TABLE[name][0]


@pytest.mark.parametrize("name", sorted(TABLE))
def test_sending_an_empty_form(client, world, name):
    assert answers(client, world, name, "POST") == TABLE[name][1]


@pytest.mark.parametrize("name", sorted(DRAFT))
def test_reading_a_draft(client, world, name):
    people, _published = world
    draft = ProjectFactory(owner=people["owner"], status=Status.DRAFT)

    assert answers(client, (people, draft), name, "GET") == DRAFT[name]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_pages_know_no_other_method(client, world, method):
    """Nothing but a refusal: 405, or one that comes before it (sign in, not found)."""
    people, project = world
    client.force_login(people["administrator"])

    accepted = {
        name: status
        for name in sorted(TABLE)
        if not name.startswith("api:")
        and name not in SAYS_LINK_IS_BAD | PUT_IS_POST
        and (
            status := client.generic(
                method, reverse(name, kwargs=values(name, project))
            ).status_code
        )
        not in {302, 403, 404, 405}
    }

    assert accepted == {}


@pytest.mark.parametrize("name", ADMIN_PAGES)
def test_the_admin_is_not_there_for_others(client, world, name):
    statuses = answers(client, world, name, "GET")

    outsiders = {role: statuses[role] for role in ROLES[:5]}
    if name in {"admin:login", "admin:jsi18n", "admin:logout"}:
        outsiders.pop("anonymous")
    assert set(outsiders.values()) <= {302, 404, 405}
    assert {role: outsiders[role] for role in ROLES[1:5]} == dict.fromkeys(ROLES[1:5], 404)


@pytest.mark.parametrize("name", ADMIN_PAGES)
def test_the_admin_by_kind_of_page(client, world, name):
    page = name.removeprefix("admin:")
    expected = ADMIN.get(page) or ADMIN.get(page.rpartition("_")[2])
    if expected is None:
        return

    statuses = answers(client, world, name, "GET")

    wrong = {
        role: status
        for role, status in statuses.items()
        if status
        not in (expected[role] if isinstance(expected[role], tuple) else (expected[role],))
    }
    assert wrong == {}
