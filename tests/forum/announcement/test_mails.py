"""Mails about a release: one to each person whose sessions it changed, once."""

import re
from html import unescape

import pytest
from django.test import Client

from accounts.notification.models import MailChoice
from common.mail.models import OutgoingMail
from forum.agenda.models import AgendaRelease, Star
from forum.announcement.tasks import tell_of_releases
from forum.people.models import Participation, Person
from forum.session.models import Session
from tests.factories import UserFactory
from tests.forum.records import (
    PersonFactory,
    RoomFactory,
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


def test_a_speaker_without_account_reads_the_new_room_in_the_mail_alone():
    amina = PersonFactory(name="Amina Otieno", email="Amina@Ministry.example")
    li = PersonFactory(name="李伟", email="li@un.example", bio_language="zh-hans")
    popov = RoomFactory(name="Popov")
    mine = released(title="Masts", speakers=[amina], room=popov)
    released(title="Cables", speakers=[li])
    first = tell()
    Session.objects.filter(pk=mine.pk).update(room=RoomFactory(name="Room L"))
    Session.objects.filter(title="Cables").update(description="Other words.")
    release(name="Rooms of Monday")

    mails = tell()

    assert set(first) == set(mails) == {"amina@ministry.example", "li@un.example"}
    body = mails["amina@ministry.example"].body
    assert "Dear Amina Otieno,\n" in body
    assert "Changed: Masts\nMonday, 5 July 2027, 10:00–11:00 (Geneva time)" in body
    assert "- Room: Popov, CICG → Room L, CICG" in body
    assert "Cables" not in body
    assert "you are named in the programme" in body
    assert "sign-in" not in body
    assert "/zh-hans/forum/sessions/" in mails["li@un.example"].body


def test_who_is_taken_out_of_a_session_is_told_so():
    person = PersonFactory(name="Awa Diop", email="awa@un.example")
    session = released(title="Masts", speakers=[person])
    tell()
    Participation.objects.filter(session=session).delete()
    release(name="Without Awa")

    body = tell()["awa@un.example"].body

    assert "- People: Awa Diop (Example University), Panellist → –" in body


def test_an_address_that_belongs_to_an_account_is_told_once_and_as_it_wants():
    user = UserFactory(email="awa@un.example", language="fr")
    awa = PersonFactory(email="awa@un.example")
    starred(released(speakers=[awa]))
    Star.objects.create(user=user, session=Session.objects.get())

    mails = tell()

    assert "/fr/forum/sessions/" in mails["awa@un.example"].body
    assert "you are named" not in mails["awa@un.example"].body


def test_two_records_with_one_address_get_one_mail():
    both = [
        PersonFactory(name=name, email="office@un.example") for name in ("Awa", "Bao")
    ]
    scheduled(title="First", speakers=both[:1])
    scheduled(title="Second", speakers=both[1:])
    release()

    body = tell()["office@un.example"].body

    assert "Dear Awa, Bao,\n" in body
    assert "First" in body
    assert "Second" in body


def test_a_person_merged_after_the_release_is_told_as_who_they_are():
    kept = PersonFactory(name="Awa Diop", email="awa@un.example")
    double = PersonFactory(name="A. Diop")
    session = scheduled(speakers=[double])
    release(session.edition)
    double.merge_into(kept, officer())

    assert set(tell()) == {"awa@un.example"}
    assert AgendaRelease.objects.get().told["email"] == 1


def page_of(user, **params):
    client = Client()
    if user:
        client.force_login(user)
    page = client.get(AgendaRelease.objects.latest("pk").get_absolute_url(), params)
    text = re.sub(r"<[^>]+>", " ", page.content.decode())
    return " ".join(unescape(text).split())


def test_everybody_is_reached_or_listed_to_staff_with_the_reason(settings):
    settings.REQUIRE_STAFF_MFA = False
    off = UserFactory()
    MailChoice.objects.create(user=off, kind="agenda", delivery="off")
    people = [
        *(PersonFactory(user=UserFactory()) for _n in range(3)),
        *(PersonFactory(email=f"p{n}@un.example") for n in range(4)),
        PersonFactory(name="Nobody Knows", organization="NASK"),
        PersonFactory(name="Off Wanted", user=off, email="off@un.example"),
        PersonFactory(name="Closed Gone", user=UserFactory(is_active=False)),
        PersonFactory(user=UserFactory(is_active=False), email="still@un.example"),
    ]
    for start in range(0, len(people), 3):
        scheduled(speakers=people[start : start + 3])
    release()
    desk = officer()
    waiting = page_of(desk)

    mails = tell()

    told = AgendaRelease.objects.get().told
    assert "The e-mails are being written." in waiting
    assert len(mails) == told["account"] + told["email"] == 8
    assert told["account"] + told["email"] + len(told["unreached"]) == len(people)
    shown = page_of(desk)
    assert "3 told through their account" in shown
    assert "5 told at their e-mail address" in shown
    assert "3 not reachable" in shown
    assert "Nobody Knows (NASK) : no account and no e-mail address" in shown
    assert "Off Wanted (Example University) : has turned these e-mails off" in shown
    assert "Closed Gone (Example University) : account closed" in shown
    for reader in (None, UserFactory()):
        assert "Nobody Knows" not in page_of(reader)
    assert not Person.objects.filter(name="Nobody Knows", is_public=False).exists()
