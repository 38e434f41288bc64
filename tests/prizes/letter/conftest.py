"""Two officers and a contest whose outcomes are told by letters."""

import pytest
from django.test import Client

from accounts.role.roles import Role
from prizes.letter.models import LetterTemplate
from tests.factories import UserFactory
from tests.prizes.records import ContestFactory


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


def officer(**more):
    browser = Client()
    browser.person = UserFactory(role=Role.SECRETARIAT, **more)
    browser.force_login(browser.person)
    return browser


@pytest.fixture
def one(db):
    return officer()


@pytest.fixture
def two(db):
    return officer()


@pytest.fixture
def contest(db):
    found = ContestFactory(now="voting", title="WSIS Prizes 2044", slug="2044")
    LetterTemplate.objects.create(
        contest=found,
        outcome="not_nominated",
        subject_en="{contest}: {title}",
        text_en="Dear {name},\n\n{reason}\n\nThe category was {category}.",
        subject_ar="{contest}",
        text_ar="{name}، {reason}",
    )
    return found
