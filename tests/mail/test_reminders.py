"""Reminders: at most one at once, in the owner's language, none to closed accounts; and the daily
mail to staff about what waits."""

import datetime
import re

import pytest
from django.utils import timezone

from accounts.role.roles import Role
from accounts.user.models import User
from common.mail.models import OutgoingMail
from privacy.retention import remind_of_drafts
from stocktaking.project.models import Project
from stocktaking.reminder.models import Reminder
from stocktaking.reminder.tasks import remind_of_returned
from stocktaking.upkeep.tasks import ask_whether_correct
from tests.factories import ProjectFactory, UserFactory
from tests.stocktaking.records import ownership_request_for, text_of
from wsis_portal.pages.tasks import tell_staff_what_waits

pytestmark = pytest.mark.django_db
LINK = re.compile(r"https?://[^/\s]+/([\w-]+)/projects/confirm/")


def days_ago(days):
    return timezone.now() - datetime.timedelta(days=days)


def returned(days, **owner):
    project = ProjectFactory(status="returned", owner=UserFactory(**owner))
    Project.objects.filter(pk=project.pk).update(returned_at=days_ago(days))
    return project


def mails():
    return OutgoingMail.objects.count()


def test_after_a_month_without_a_clock_one_reminder_comes_not_two():
    returned(30)

    assert (remind_of_returned(), mails()) == (1, 1)
    assert (remind_of_returned(), mails()) == (0, 1)


def test_in_time_both_come_each_once():
    project = returned(8)
    first = (remind_of_returned(), remind_of_returned())
    earlier = days_ago(
        22
    )  # the clock is the database's: what it looks at moves instead
    Project.objects.filter(pk=project.pk).update(returned_at=earlier)
    Reminder.objects.update(about=earlier)

    assert (first, remind_of_returned(), remind_of_returned(), mails()) == (
        (1, 0),
        1,
        0,
        2,
    )


def test_a_draft_in_its_last_week_gets_one_reminder():
    draft = ProjectFactory(status="draft")
    Project.objects.filter(pk=draft.pk).update(updated_at=days_ago(362), version=0)

    assert (remind_of_drafts(), remind_of_drafts(), mails()) == (1, 0, 1)


def test_closed_accounts_are_not_reminded():
    returned(8, is_active=False)
    draft = ProjectFactory(status="draft", owner=UserFactory(is_active=False))
    Project.objects.filter(pk=draft.pk).update(updated_at=days_ago(362), version=0)

    assert (remind_of_returned(), remind_of_drafts(), mails()) == (0, 0, 0)


@pytest.mark.parametrize("language", ["ar", "zh-hans", "ru", "es", "fr"])
def test_the_links_of_the_yearly_question_are_in_the_owners_language(language):
    project = ProjectFactory(owner=UserFactory(language=language))
    project.versions.update(at=days_ago(800))
    Project.objects.filter(pk=project.pk).update(published_at=days_ago(800))

    ask_whether_correct()

    (sent,) = OutgoingMail.objects.filter(to=project.owner.email)
    assert LINK.findall(sent.body) == [language]


def test_staff_learn_once_a_day_what_waits(time_machine):
    time_machine.move_to(
        datetime.datetime(2026, 12, 1, 6, tzinfo=datetime.UTC), tick=False
    )
    officer = UserFactory(role=Role.SECRETARIAT, language="en")
    UserFactory(role=Role.SECRETARIAT, is_active=False)
    UserFactory()
    nothing = tell_staff_what_waits()
    ProjectFactory(status="submitted")
    text_of(status="submitted")
    ownership_request_for()

    told = (tell_staff_what_waits(), tell_staff_what_waits())
    time_machine.move_to(
        datetime.datetime(2026, 12, 2, 6, tzinfo=datetime.UTC), tick=False
    )
    tomorrow = tell_staff_what_waits()

    assert (nothing, told, tomorrow) == (0, (1, 0), 1)
    sent = OutgoingMail.objects.filter(to=officer.email).first()
    assert sent.subject == "3 submissions wait for the secretariat"
    for line in (
        "Review queue: 1",
        "Texts in other languages: 1",
        "Ownership requests: 1",
    ):
        assert line in sent.body
    assert "/en/admin/stocktaking/project/desk/" in sent.body
    assert User.objects.filter(email=officer.email).exists()
