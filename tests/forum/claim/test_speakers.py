"""Speakers are registered with the release of their session, once, and told in the same mail."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.notification.models import MailChoice
from common.mail.models import OutgoingMail
from common.moves.models import StatusChange
from forum.announcement.tasks import tell_of_releases
from forum.edition.models import Edition
from forum.people.models import Participation, Role
from forum.registration.models import Capacity, Registration
from forum.session.models import Session
from tests.factories import CountryFactory, UserFactory
from tests.forum.records import (
    CapacityFactory,
    PersonFactory,
    at,
    officer,
    registered,
    release,
    released,
    scheduled,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _before_the_forum(time_machine):
    time_machine.move_to("2027-05-01T12:00:00+00:00")


def speaker(**values):
    return PersonFactory(user=UserFactory(), **values)


def tell():
    OutgoingMail.objects.all().delete()
    tell_of_releases()
    mails = {mail.to: mail.body for mail in OutgoingMail.objects.all()}
    assert len(mails) == OutgoingMail.objects.count()
    return mails


def taken(attendance="on_site"):
    return Capacity.objects.get(attendance=attendance).taken


def test_a_speaker_is_registered_with_the_release_and_reads_it_in_its_mail():
    CapacityFactory(places=5)
    amina = speaker(
        name="Amina Otieno", organization="ICT", country=CountryFactory(code="KE")
    )
    guest = PersonFactory(email="guest@un.example")
    released(speakers=[amina, guest])

    mails = tell()

    own = Registration.objects.get()
    assert (own.user, own.status, own.as_speaker) == (amina.user, "approved", True)
    assert (own.name, own.organization_name, own.country_id) == (
        "Amina Otieno",
        "ICT",
        "KE",
    )
    assert own.approved_at
    assert (own.attendance, taken()) == ("on_site", 1)
    assert f"confirmation code: {own.code}" in mails[amina.user.email]
    assert "as a speaker" in mails[amina.user.email]
    assert "as a speaker" not in mails["guest@un.example"]
    moves = StatusChange.objects.filter(record_kind="forum.registration")
    assert list(moves.order_by("pk").values_list("move", "by")) == [
        ("register", None),
        ("welcome", None),
    ]
    client = Client()
    client.force_login(amina.user)
    page = client.get(reverse("forum:register", args=["2027"])).content.decode()
    assert "registered as a speaker" in page
    assert own.code in page


@pytest.mark.parametrize("move", ["", "approve", "cancel", "refuse"])
def test_a_registration_that_is_there_stays_as_it_is(move):
    CapacityFactory(places=5)
    amina = speaker()
    own = registered(user=amina.user)
    if move:
        own = own.move(move, amina.user if move == "cancel" else officer(), "Why.")
    before = taken()
    released(speakers=[amina])

    mails = tell()

    again = Registration.objects.get()
    assert (again.status, again.as_speaker, taken()) == (own.status, False, before)
    assert "as a speaker" not in mails[amina.user.email]


def test_who_withdraws_is_not_registered_by_the_next_release():
    CapacityFactory(places=5)
    amina = speaker()
    session = released(speakers=[amina])
    tell()
    Registration.objects.get().move("cancel", amina.user)
    Session.objects.filter(pk=session.pk).update(title="Renamed")
    release(name="Two")

    tell()

    assert (Registration.objects.get().status, taken()) == ("cancelled", 0)


def test_two_sessions_and_two_releases_take_one_place():
    CapacityFactory(places=5)
    amina = speaker()
    scheduled(speakers=[amina])
    released(speakers=[amina], start=at(14), end=at(15), mode="remote", room=None)
    released(title="Later", speakers=[amina], start=at(16), end=at(17))

    tell_of_releases()

    assert (Registration.objects.count(), taken()) == (1, 1)


def test_without_a_place_they_wait_as_speakers():
    CapacityFactory(places=1)
    registered()
    amina = speaker()
    released(speakers=[amina])

    mails = tell()

    own = Registration.objects.get(user=amina.user)
    assert (own.status, own.as_speaker, taken()) == ("waitlisted", True, 1)
    assert own.place_in_waiting_list() == 1
    assert "You are on the waiting list as a speaker" in mails[amina.user.email]


def test_who_speaks_online_only_is_registered_as_remote():
    CapacityFactory(places=5)
    CapacityFactory(attendance="remote", places=5)
    amina = speaker()
    released(speakers=[amina], mode="remote", room=None)

    tell()

    assert (taken("on_site"), taken("remote")) == (0, 1)


def test_who_need_not_be_there_is_not_registered():
    CapacityFactory(places=5)
    organizer, closed = speaker(), PersonFactory(user=UserFactory(is_active=False))
    session = scheduled(speakers=[closed])
    Participation.objects.create(session=session, person=organizer, role=Role.ORGANIZER)
    cancelled = released(title="Cancelled", speakers=[speaker()])
    cancelled.move("cancel", officer(), "Ill.")

    tell_of_releases()

    assert not Registration.objects.exists()


@pytest.mark.parametrize("kind", ["over", "without_registration"])
def test_nobody_is_registered_where_nobody_can_be(kind, time_machine):
    amina = speaker()
    released(speakers=[amina])
    if kind == "over":
        CapacityFactory(places=5)
        last = datetime.date(2027, 4, 30)
        Edition.objects.update(start_date=last, end_date=last)

    mails = tell()

    assert not Registration.objects.exists()
    assert "as a speaker" not in mails[amina.user.email]


def test_who_reads_no_mails_on_the_agenda_is_told_of_the_registration_alone():
    CapacityFactory(places=5)
    amina = speaker()
    MailChoice.objects.create(user=amina.user, kind="agenda", delivery="off")
    released(speakers=[amina])

    body = tell()[amina.user.email]

    assert Registration.objects.get().code in body
    assert "Digital villages" not in body
