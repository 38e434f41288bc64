"""An entry not yet sent, one that everybody reads, and somebody who decides about entries."""

import pytest

from accounts.role.roles import Role
from stocktaking.base.workflow import Status
from tests.factories import ProjectFactory, UserFactory


@pytest.fixture
def draft():
    return ProjectFactory(status=Status.DRAFT)


@pytest.fixture
def published():
    return ProjectFactory(status=Status.PUBLISHED)


@pytest.fixture
def staff():
    return UserFactory(role=Role.SECRETARIAT)
