"""The follow-up form: after approval only, until its day, reminded once, kept a month."""

import csv
import datetime
import io

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from common.mail.models import OutgoingMail
from forum.follow_up.models import FollowUp
from forum.follow_up.tasks import remind_of_follow_ups
from forum.registration.models import Registration
from privacy.retention import drop_follow_ups, drop_guests
from tests.factories import CountryFactory, UserFactory
from tests.forum.records import (
    DAY,
    CapacityFactory,
    EditionFactory,
    officer,
    registered,
)

pytestmark = pytest.mark.django_db
UNTIL = DAY - datetime.timedelta(days=20)  # 15 June 2027


def at_noon(day, hour=12, minute=0):
    moment = datetime.datetime.combine(day, datetime.time(hour, minute), datetime.UTC)
    return time_machine.travel(moment, tick=False)


@pytest.fixture
def edition():
    edition = EditionFactory(follow_up_until=UNTIL)
    CapacityFactory(edition=edition, places=10)
    return edition


@pytest.fixture
def approved(edition):
    return registered(edition).move("approve", officer())


def address(registration):
    return reverse("forum:follow-up", args=[registration.pk])


def answers(**fields):
    return {
        "visa_letter": "on",
        "passport_name": "OTIENO AMINA",
        "passport_number": "AK 0123456",
        "nationality": CountryFactory().pk,
        "hotel": "فندق السلام",
        "arrives_on": "2027-07-04",
        "departs_on": "2027-07-10",
        "interpretation": "ar",
        "accessibility": "Rampe d’accès",
    } | fields


def test_nobody_is_asked_before_the_approval(client, edition):
    one = registered(edition)
    client.force_login(one.user)

    before = client.get(address(one)).status_code
    sent = client.post(address(one), answers()).status_code
    page = client.get(one.get_absolute_url()).content.decode()
    one.move("approve", officer())
    after = client.get(address(one)).status_code
    letter = OutgoingMail.objects.latest("pk")
    opened = client.get(one.get_absolute_url()).content.decode()

    assert (before, sent, after) == (404, 404, 200)
    assert FollowUp.objects.count() == 0
    assert "Follow-up form" not in page
    assert "Follow-up form: visa, hotel, interpretation" in opened
    assert "until 15 June 2027" in opened
    assert address(one) in letter.body


def test_an_approved_person_fills_it_in_and_changes_it(client, approved):
    client.force_login(approved.user)

    client.post(address(approved), answers())
    again = client.get(address(approved)).content.decode()
    client.post(address(approved), answers(hotel="Pension Étoile"))

    row = FollowUp.objects.get()
    assert 'value="OTIENO AMINA"' in again
    assert "فندق السلام" in again
    assert "Opened with" not in again
    assert (row.hotel, row.interpretation, row.passport_number) == (
        "Pension Étoile",
        "ar",
        "AK 0123456",
    )
    assert row.filled_at


def test_it_is_hidden_again_while_a_change_waits(client, approved):
    client.force_login(approved.user)
    client.post(address(approved), answers())
    approved.name = "Other"
    approved.revise(approved.user)
    desk = officer()

    assert client.get(address(approved)).status_code == 404
    assert FollowUp.objects.visible_to(desk).count() == 0
    approved.move("approve", desk)
    assert FollowUp.objects.visible_to(desk).count() == 1


@pytest.mark.parametrize(
    ("bad", "field", "sentence"),
    [
        ({"passport_number": ""}, "passport_number", "The letter for your visa needs"),
        ({"nationality": ""}, "nationality", "The letter for your visa needs this."),
        ({"passport_number": "№ 12"}, "passport_number", "Enter Latin letters, digits"),
        (
            {"departs_on": "2027-07-01"},
            "__all__",
            "The departure lies before the arriv",
        ),
        ({"arrives_on": "1999-07-01"}, "arrives_on", "far from the days of the Forum"),
        ({"interpretation": "xx"}, "interpretation", "Select a valid choice."),
        ({"hotel": "h" * 251}, "hotel", "at most 250 characters"),
    ],
)
def test_bad_answers_are_refused_beside_their_field(
    client, approved, bad, field, sentence
):
    client.force_login(approved.user)

    response = client.post(address(approved), answers() | bad)

    assert response.status_code == 400
    assert sentence in " ".join(response.context["form"].errors[field])
    assert FollowUp.objects.count() == 0


def test_a_letter_without_a_passport_is_refused_by_the_database(approved):
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.create(registration=approved, visa_letter=True)


def test_the_last_day_ends_by_the_clock_of_the_place(client, approved):
    client.force_login(approved.user)
    with at_noon(UNTIL, 21, 59):
        client.force_login(approved.user)
        in_time = client.post(address(approved), answers()).status_code
    with at_noon(UNTIL, 22, 1):
        client.force_login(approved.user)
        late = client.post(address(approved), answers(hotel="Late"))

    assert (in_time, late.status_code) == (302, 409)
    assert "The form was open until 15 June 2027." in late.content.decode()
    assert FollowUp.objects.get().hotel == "فندق السلام"


def test_nobody_else_reads_it_and_staff_only_at_the_desk(client, approved):
    client.force_login(approved.user)
    client.post(address(approved), answers())
    client.force_login(UserFactory())
    stranger = client.get(address(approved)).status_code
    client.force_login(officer())
    desk = client.get(reverse("admin:forum_followup_changelist")).content.decode()

    assert stranger == 404
    assert "فندق السلام" in desk
    assert "AK 0123456" not in desk


def test_one_reminder_a_week_before_to_who_has_not_answered(client, edition, approved):
    answered = registered(edition).move("approve", officer())
    FollowUp.objects.create(
        registration=answered, filled_at=datetime.datetime.now(datetime.UTC)
    )
    waiting = registered(edition)
    guest = Registration(
        edition=edition,
        attendance="on_site",
        name="Guest",
        country=CountryFactory(),
        email="guest@m.example",
    ).enter(officer())
    guest.move("approve", officer())
    OutgoingMail.objects.all().delete()

    with at_noon(UNTIL - datetime.timedelta(days=8)):
        early = remind_of_follow_ups()
    with at_noon(UNTIL - datetime.timedelta(days=7)):
        reminded, again = remind_of_follow_ups(), remind_of_follow_ups()

    letters = {mail.to: mail for mail in OutgoingMail.objects.all()}
    assert (early, reminded, again) == (0, 2, 0)
    assert set(letters) == {approved.user.email, "guest@m.example"}
    assert waiting.user.email not in letters
    assert "until 15 June 2027" in letters[approved.user.email].body
    assert address(approved) in letters[approved.user.email].body
    assert (
        "create one with the address guest@m.example" in letters["guest@m.example"].body
    )
    client.force_login(approved.user)
    assert client.get(address(approved)).status_code == 200


def test_answers_are_deleted_thirty_days_after_the_forum(approved):
    FollowUp.objects.create(registration=approved, hotel="H")
    last = approved.edition.end_date

    with at_noon(last + datetime.timedelta(days=30)):
        early = drop_follow_ups()
    with at_noon(last + datetime.timedelta(days=31)):
        late = drop_follow_ups()

    assert (early, late, FollowUp.objects.count()) == (0, 1, 0)


def test_answers_of_who_does_not_come_are_deleted_at_once(edition, approved):
    FollowUp.objects.create(registration=approved, hotel="H")
    other = registered(edition).move("approve", officer())
    FollowUp.objects.create(registration=other, hotel="I")

    approved.move("cancel", approved.user)
    drop_follow_ups()

    assert [row.registration for row in FollowUp.objects.all()] == [other]


def test_guests_without_an_account_are_forgotten_a_year_later(edition, approved):
    guest = Registration(
        edition=edition,
        attendance="on_site",
        name="Guest",
        country=CountryFactory(),
        email="guest@m.example",
    ).enter(officer())

    with at_noon(edition.end_date + datetime.timedelta(days=364)):
        early = drop_guests()
    with at_noon(edition.end_date + datetime.timedelta(days=368)):
        late = drop_guests()

    guest.refresh_from_db(), approved.refresh_from_db()
    assert (early, late) == (0, 1)
    assert (guest.name, guest.email, guest.country_id is None) == ("", "", False)
    assert approved.name == "Amina"


def test_staff_download_the_answers_as_the_list_shows_them(client, edition, approved):
    client.force_login(approved.user)
    client.post(address(approved), answers())
    other = registered(edition).move("approve", officer())
    client.force_login(other.user)
    client.post(address(other), answers(interpretation="fr", hotel="Pension"))
    sheet = reverse("admin:forum_followup_export", args=["csv"])
    stranger = client.get(sheet).status_code
    client.force_login(officer())

    lines = list(
        csv.DictReader(
            io.StringIO(
                client.get(sheet, {"interpretation__exact": "ar"}).content.decode(
                    "utf-8-sig"
                )
            )
        )
    )

    (line,) = lines
    assert stranger == 403
    assert (line["hotel"], line["passport number"], line["nationality"]) == (
        "فندق السلام",
        "AK 0123456",
        "KE",
    )
    assert (line["day of arrival"], line["interpretation into"]) == ("2027-07-04", "ar")
    assert line["e-mail address"] == approved.user.email
    wrong = reverse("admin:forum_followup_export", args=["pdf"])
    assert client.get(wrong).status_code == 404
