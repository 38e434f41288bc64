"""Sign-up for a session: never over, order kept, clashes named, places of who leaves given on."""

import csv
import datetime
import io
import re
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from common.mail.models import OutgoingMail
from common.moves.models import StatusChange
from forum.agenda.models import Star
from forum.registration.models import Registration
from forum.sign_up.models import SignUp, SignUpList
from forum.sign_up.tasks import settle_sign_ups
from tests.factories import UserFactory
from tests.forum.records import (
    CapacityFactory,
    EditionFactory,
    at,
    officer,
    registered,
    released,
    sign_up_list,
)
from tests.forum.registration.test_focal_points import at_once

PLACES, APPLICANTS = 10, 50


@pytest.fixture
def offered(db):
    CapacityFactory(edition=EditionFactory(), places=None)
    return sign_up_list(places=2)


def button(offered):
    return reverse("forum:sign-up", args=[offered.session_id])


def page(client, offered):
    address = reverse("forum:session", args=[offered.session_id])
    return client.get(address).content.decode()


def entered(offered):
    """Somebody who is registered and signs up."""
    registration = registered(offered.session.edition)
    offered.enter(registration, offered.session.released)
    return registration


def holders(offered):
    return list(offered.held().order_by("pk").values_list("registration", flat=True))


def test_one_signs_up_by_the_page_and_finds_it_on_the_agenda(client, offered):
    one = registered()
    client.force_login(one.user)

    before = page(client, offered)
    told = client.post(button(offered), {"act": "enter"}, follow=True)
    after = told.content.decode()
    agenda = client.get(reverse("forum:my-agenda")).content.decode()

    assert "2 of 2 places are free." in before
    assert "Sign up for this session" in before
    assert "You have a place in this session." in after
    assert "1 of 2 places is free." in after
    assert "Withdraw from this session" in after
    assert "My places in sessions" in agenda
    assert "You have a place" in agenda
    assert offered.session.title in agenda
    assert Star.objects.get().level == "attend"


def test_a_second_click_takes_no_second_place(client, offered):
    client.force_login(registered().user)

    for _click in range(2):
        client.post(button(offered), {"act": "enter"})

    assert SignUp.objects.count() == 1


def test_when_it_is_full_one_waits_in_order_and_moves_up(client, offered):
    first, _second = entered(offered), entered(offered)
    third = entered(offered)
    fourth = registered()
    client.force_login(fourth.user)

    before = page(client, offered)
    told = client.post(button(offered), {"act": "enter"}, follow=True).content.decode()
    agenda = client.get(reverse("forum:my-agenda")).content.decode()
    OutgoingMail.objects.all().delete()
    client.force_login(first.user)
    client.post(button(offered), {"act": "leave"})

    assert "Join the waiting list" in before
    assert "All 2 places are taken. Waiting: 1." in before
    assert "you are number 2 who waits" in told
    assert "Number 2 on the waiting list" in agenda
    assert third.pk in holders(offered)
    letter = OutgoingMail.objects.get()
    assert (letter.to, fourth.pk in holders(offered)) == (third.user.email, False)
    assert offered.session.title in letter.subject
    assert Star.objects.get(user=third.user).level == "attend"
    assert not Star.objects.filter(user=first.user).exists()
    client.force_login(fourth.user)
    assert "Number 1 on the waiting list" in page(client, offered)


def test_sessions_at_the_same_time_are_named(client, offered):
    other = released(title="Cables under the sea", start=at(10, 30), end=at(11, 30))
    one = registered()
    Star.objects.create(user=one.user, session=other)
    client.force_login(one.user)

    told = client.post(button(offered), {"act": "enter"}, follow=True).content.decode()

    assert "At the same time as: Cables under the sea" in told


def test_one_has_to_be_registered(client, offered):
    CapacityFactory(edition=EditionFactory(), attendance="remote", places=1)
    registered(attendance="remote")
    waiting = registered(attendance="remote")
    for person in (UserFactory(), waiting.user):
        client.force_login(person)
        shown = page(client, offered)
        told = client.post(button(offered), {"act": "enter"}, follow=True)
        assert "Register for the Forum first" in shown
        assert "Register for the Forum first." in told.content.decode()

    assert SignUp.objects.count() == 0


def test_readers_see_the_places_and_are_asked_to_register(client, offered):
    shown = page(client, offered)
    sent = client.post(button(offered), {"act": "enter"})

    assert "2 of 2 places are free." in shown
    assert "login" in sent["Location"]


@pytest.mark.parametrize(
    ("closes_at", "moment", "is_open"),
    [
        (None, at(9, 59), True),
        (None, at(10, 1), False),
        (at(8), at(7, 59), True),
        (at(8), at(8, 1), False),
    ],
)
def test_it_closes_when_the_session_begins_or_before(
    client, offered, closes_at, moment, is_open
):
    SignUpList.objects.update(closes_at=closes_at)
    one = registered()
    with time_machine.travel(moment, tick=False):
        client.force_login(one.user)
        shown = page(client, offered)
        client.post(button(offered), {"act": "enter"})

    assert ("Sign-up for this session is closed." in shown) is not is_open
    assert SignUp.objects.exists() is is_open


def test_nobody_signs_up_for_a_cancelled_session(client, offered):
    offered.session.move("cancel", officer(), "The speaker is ill.")
    client.force_login(registered().user)

    told = client.post(button(offered), {"act": "enter"}, follow=True).content.decode()

    assert "Sign-up for this session is closed." in told
    assert SignUp.objects.count() == 0


def test_a_place_of_who_does_not_come_to_the_forum_goes_to_the_next(offered):
    first, second, third = entered(offered), entered(offered), entered(offered)
    first.move("cancel", first.user)

    newcomer = registered()
    offered.enter(newcomer, offered.session.released)
    second.move("cancel", second.user)
    moved = settle_sign_ups(), settle_sign_ups()

    assert holders(offered) == [third.pk, newcomer.pk]
    assert moved == (1, 0)
    assert SignUp.objects.count() == 2


def test_more_places_let_people_move_up_and_fewer_than_taken_are_refused(
    client, offered
):
    people = [entered(offered) for _person in range(4)]
    client.force_login(officer())
    address = reverse("admin:forum_signuplist_change", args=[offered.pk])
    values = {"session": offered.session_id, "closes_at_0": "", "closes_at_1": ""}

    client.post(address, values | {"places": 3})
    few = client.post(address, values | {"places": 2}).content.decode()
    listed = client.get(reverse("admin:forum_signup_changelist")).content.decode()

    assert holders(offered) == [one.pk for one in people[:3]]
    assert "3 places are already taken" in few
    assert people[3].code in listed


def test_who_signed_up_waited_and_left_is_logged(offered):
    first, _second, third = entered(offered), entered(offered), entered(offered)

    offered.leave(first)

    rows = StatusChange.objects.of(offered).order_by("pk")
    assert list(rows.values_list("move", "by")) == [
        ("sign up", first.user_id),
        ("sign up", _second.user_id),
        ("wait", third.user_id),
        ("leave", first.user_id),
        ("move up", None),
    ]


def test_the_agenda_asks_as_much_for_ten_sign_ups_as_for_one(
    client, offered, django_assert_max_num_queries
):
    one = entered(offered)
    client.force_login(one.user)
    client.get(reverse("forum:my-agenda"))
    with django_assert_max_num_queries(60) as few:
        client.get(reverse("forum:my-agenda"))
    for hour in range(9):
        day = datetime.date(2027, 7, 6)
        session = released(start=at(8 + hour, day=day), end=at(9 + hour, day=day))
        more = SignUpList.objects.create(session=session, places=1)
        more.enter(one, session.released)
    with django_assert_max_num_queries(len(few)):
        shown = client.get(reverse("forum:my-agenda")).content.decode()

    assert shown.count('value="leave"') == 10


@pytest.mark.django_db(transaction=True)
def test_fifty_sign_up_at_once_for_ten_places_and_all_holders_leave_at_once():
    CapacityFactory(edition=EditionFactory(), places=None)
    offered = sign_up_list(places=PLACES)
    public = offered.session.released
    people = [registered() for _person in range(APPLICANTS)]

    refused = at_once(people, lambda one: offered.enter(one, public))
    order = list(SignUp.objects.order_by("pk").values_list("registration", flat=True))
    first = holders(offered)
    leaving = list(Registration.objects.filter(pk__in=first))
    at_once(leaving, offered.leave)

    assert refused == []
    assert len(order) == APPLICANTS
    assert first == order[:PLACES]
    assert holders(offered) == order[PLACES : 2 * PLACES]
    assert (
        list(offered.waiting().values_list("registration", flat=True))
        == (order[2 * PLACES :])
    )


@pytest.mark.django_db(transaction=True)
def test_some_leave_and_some_lose_their_registration_while_others_come():
    CapacityFactory(edition=EditionFactory(), places=None)
    offered = sign_up_list(places=PLACES)
    public = offered.session.released
    there = [entered(offered) for _person in range(20)]
    come = [registered() for _person in range(30)]

    def act(one):
        if one in there[:5]:
            offered.leave(one)
        elif one in there[5:8]:
            one.move("cancel", one.user)
        elif one in come:
            offered.enter(one, public)

    at_once([*there[:8], *come], act)
    settle_sign_ups()

    assert offered.held().count() == PLACES
    assert holders(offered) == [one.pk for one in there[8:18]]
    waiting = list(offered.waiting().values_list("registration", flat=True))
    assert waiting[:2] == [one.pk for one in there[18:]]
    assert set(waiting[2:]) == {one.pk for one in come}


def test_staff_download_who_signed_up_for_one_session_in_order(
    client, offered, settings
):
    settings.REQUIRE_STAFF_MFA = False
    for place in range(3):
        registration = registered(offered.session.edition, name=f"Person {place}")
        offered.enter(registration, offered.session.released)
    other = sign_up_list(title="Elsewhere", start=at(15), end=at(16))
    other.enter(registration, other.session.released)
    client.force_login(officer())
    page = client.get(reverse("admin:forum_signuplist_changelist")).content.decode()
    rows = reverse("admin:forum_signup_changelist") + f"?list__id__exact={offered.pk}"

    shown = client.get(rows).content.decode()
    link = re.search(r'href="([^"]+export\.csv[^"]*)"', shown)[1]
    sheet = client.get(unescape(link)).content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(sheet)))

    assert f'href="{rows}"' in page
    assert [
        (line["name on the badge"], line["place"], line["place in the waiting list"])
        for line in lines
    ] == [
        ("Person 0", "has a place", ""),
        ("Person 1", "has a place", ""),
        ("Person 2", "waiting", "1"),
    ]
    assert {line["session"] for line in lines} == {offered.session.title}
    assert lines[0]["e-mail address"].endswith("@example.org")
    assert "(Geneva time)" in lines[0]["signed up at"]
