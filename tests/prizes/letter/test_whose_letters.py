"""Who has a say in a letter: nobody whom its entry concerns, and nobody twice."""

import datetime

import pytest
from django.utils import timezone

from prizes.letter.models import Letter, LetterTemplate
from stocktaking.coeditor.models import CoEditor
from tests.prizes.letter.conftest import officer
from tests.prizes.letter.test_letters import (
    approved,
    drafted,
    letters_sent,
    page,
    passed_over,
    said,
)
from tests.prizes.records import ContestFactory

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def contest(settings):
    settings.REQUIRE_STAFF_MFA = False
    found = ContestFactory(now="voting")
    LetterTemplate.objects.create(
        contest=found, outcome="not_nominated", subject_en="News", text_en="Dear {name}"
    )
    return found


def test_an_officer_who_edits_the_project_has_no_say_in_its_letter(contest):
    one, two = officer(), officer()
    entry = passed_over(contest)
    CoEditor.objects.create(
        project=entry.project,
        email=one.person.email,
        user=one.person,
        token="t",
        by=entry.owner,
        expires_at=timezone.now() + HOUR,
        accepted_at=timezone.now(),
    )

    one.post(page(contest), {"outcome": "not_nominated"})
    assert not Letter.objects.exists()
    batch = drafted(two, contest)

    letter = batch.letters.get()
    assert one.get(letter.get_absolute_url()).status_code == 404
    assert said(approved(one, batch)) == [
        "A second person must approve what you have written yourself."
    ]


def test_two_accounts_of_one_mailbox_are_one_officer(contest):
    one = officer()
    passed_over(contest)
    batch = drafted(one, contest)
    name, _at, domain = one.person.email.partition("@")
    twin = officer(email=f"{name}+2@{domain}")

    assert said(approved(twin, batch)) == [
        "A second person must approve what you have written yourself."
    ]
    assert letters_sent() == []
