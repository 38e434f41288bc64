"""Mails about a release: one to each person whose sessions it changed, once."""

import pytest

from accounts.notification.models import MailChoice
from common.mail.models import OutgoingMail
from forum.agenda.models import AgendaRelease, Star
from forum.agenda.tasks import tell_of_releases
from forum.session.models import Session
from tests.factories import UserFactory
from tests.forum.records import (
    PersonFactory,
    SubmissionFactory,
    officer,
    release,
    released,
    scheduled,
)

pytestmark = pytest.mark.django_db


def starred(session, **values):
    user = UserFactory(**values)
    Star.objects.create(user=user, session=session)
    return user


def tell():
    """Address → mail, of the releases that were not told yet."""
    OutgoingMail.objects.all().delete()
    count = tell_of_releases()
    mails = {mail.to: mail for mail in OutgoingMail.objects.all()}
    assert len(mails) == OutgoingMail.objects.count() == count
    return mails


def test_each_person_gets_one_mail_of_all_changes_that_concern_them():
    owner, speaker = UserFactory(), UserFactory()
    first = released(title="First", owner=owner, speakers=[PersonFactory(user=speaker)])
    second, third = released(title="Second"), released(title="Third")
    asked = SubmissionFactory(status="used", session=second)
    both = starred(first)
    Star.objects.create(user=both, session=second)
    starred(third)
    tell_of_releases()  # of the three releases that showed them first
    Session.objects.filter(pk=first.pk).update(title="First, renamed")
    second.move("postpone", officer(), "The room is flooded.")
    release(name="Changes of Monday")

    mails = tell()

    assert set(mails) == {user.email for user in (owner, speaker, both, asked.owner)}
    body = mails[both.email].body
    assert mails[both.email].subject == "Forum 2027: 2 of your sessions have changed"
    assert (
        "Changed: First, renamed\nMonday, 5 July 2027, 10:00–11:00 (Geneva time)"
        in body
    )
    assert "- Title: First → First, renamed" in body
    assert "Postponed, new time to follow: Second\nThe room is flooded." in body
    assert f"{second.get_absolute_url()}?sign-in\n" in body
    assert mails[owner.email].subject == "Forum 2027: 1 of your sessions has changed"
    assert "Second" not in mails[owner.email].body


def test_a_cancellation_is_told_without_another_release():
    session = released(title="Villages")
    reader = starred(session)
    tell()
    session.move("cancel", officer(), "The speaker is ill.")

    mails = tell()

    assert set(mails) == {reader.email}
    assert "Cancelled: Villages\nThe speaker is ill." in mails[reader.email].body


def test_nobody_is_told_twice_or_of_what_they_did_themselves():
    desk, session = officer(), released()
    reader = starred(session)
    Star.objects.create(user=desk, session=session)
    tell()
    session.move("cancel", desk, "Because.")

    assert [set(tell()), set(tell())] == [{reader.email}, set()]
    assert not AgendaRelease.objects.filter(told_at=None).exists()


def test_closed_accounts_and_switched_off_mails_are_silent():
    session = released()
    starred(session, is_active=False)
    MailChoice.objects.create(user=starred(session), kind="agenda", delivery="off")
    scheduled()
    release()
    session.move("cancel", officer(), "Because.")

    assert tell() == {}


def test_the_mail_is_in_the_language_of_its_reader():
    session = released()
    reader = starred(session, language="fr")
    tell()
    session.move("cancel", officer(), "Because.")

    body = tell()[reader.email].body

    assert f"/fr/forum/sessions/{session.pk}/" in body
