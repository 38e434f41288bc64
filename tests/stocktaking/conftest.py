"""An entry not yet sent, one that everybody reads, and somebody who decides about entries."""

import pytest

from accounts.roles import Role
from stocktaking.workflow import Status
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
