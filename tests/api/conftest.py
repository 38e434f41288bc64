"""People by their role towards a project, and no limits but where a test sets them."""

import pytest

from accounts.roles import Role
from tests import factories


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
