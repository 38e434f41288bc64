"""People by their role towards a project, and no limits but where a test sets them."""

import pytest

from accounts.role.roles import Role
from tests import factories, restoring
from tests.api import demonstration


@pytest.fixture(autouse=True)
def no_limits(settings):
    settings.LIMITS = dict.fromkeys(settings.LIMITS, (10**6, 60))


@pytest.fixture
def owner():
    return factories.UserFactory()


@pytest.fixture
def people(owner):
    return {
        "anonymous": None,
        "owner": owner,
        "stranger": factories.UserFactory(),
        "expert": factories.UserFactory(role=Role.EXPERT),
        "secretariat": factories.UserFactory(role=Role.SECRETARIAT),
    }


@pytest.fixture(scope="module")
def all_demo_data(django_db_setup, django_db_blocker):
    """What the portal ships with and its demonstration, committed, for all tests of a file."""
    yield from restoring.for_one_file(django_db_blocker, demonstration.load)
