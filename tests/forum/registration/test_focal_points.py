"""Delegations: focal points, quota, seats reserved until a day, who registered whom."""

import datetime
import threading

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.role.roles import Role
from common.imports.models import ImportJob
from common.mail.models import OutgoingMail
from common.moves.workflow import MoveRefused
from forum.registration.delegation import Delegation
from forum.registration.models import Attendance, Capacity, Registration
from forum.registration.tasks import release_seats
from forum.registration.workflow import HOLDING
from tests.factories import CountryFactory, UserFactory
from tests.forum.records import (
    DAY,
    CapacityFactory,
    EditionFactory,
    delegation,
    officer,
    registered,
)
from tests.forum.registration.test_delegation import member, upload

PLACES, QUOTA, APPLICANTS = 10, 12, 50


@pytest.fixture
def edition(db):
    edition = EditionFactory()
    CapacityFactory(edition=edition, places=4)
    CapacityFactory(edition=edition, attendance="remote", places=None)
    return edition


@pytest.fixture
def focal_point(client, edition):
    user = UserFactory(first_name="Nguyễn", last_name="Thị Hoa")
    client.force_login(user)
    return user


def address(row):
    return reverse("forum:delegation", args=[row.pk])


def entry(**fields):
    return {
        "email": "li.wei@mission.example",
        "attendance": "on_site",
        "name": "李伟",
        "country": CountryFactory().pk,
        "agreed": "on",
    } | fields


def counters(row):
    row.refresh_from_db()
    return row.members, row.free_seats, Capacity.objects.get(attendance="on_site").taken


def statuses():
    return list(Registration.objects.order_by("pk").values_list("status", flat=True))


def test_a_focal_point_registers_changes_and_withdraws_members(client, focal_point):
    mission = delegation(focal_point, quota=3)

    before = client.get(address(mission)).content.decode()
    page = client.post(address(mission), entry(), follow=True).content.decode()
    one = Registration.objects.get()
    form = client.get(reverse("forum:registration-edit", args=[one.pk]))
    client.post(
        reverse("forum:registration-edit", args=[one.pk]),
        entry(name="Li Wei") | {"attendance": "remote"},
    )
    changed = client.get(address(mission)).content.decode()
    client.post(reverse("forum:registration-move", args=[one.pk]), {"move": "cancel"})

    assert "Nobody is registered yet." in before
    assert "0 of 3" in before
    assert "1 of 3" in page
    assert "李伟" in page
    assert "Registered by <bdi>Nguyễn Thị Hoa</bdi>" in page
    assert "needs" not in form.context["form"].fields
    assert "Li Wei" in changed
    one.refresh_from_db()
    assert (one.status, one.attendance, one.delegation) == (
        "cancelled",
        "remote",
        mission,
    )
    assert counters(mission) == (0, 0, 0)
    assert OutgoingMail.objects.filter(to="li.wei@mission.example").count() == 2


def test_the_member_reads_who_registered_them(client, focal_point):
    mission = delegation(focal_point)
    person = UserFactory(email="known@mission.example")
    EmailAddress.objects.get_or_create(
        user=person, email=person.email, defaults={"verified": True}
    )
    client.post(address(mission), entry(email="known@mission.example"))
    client.force_login(person)

    page = client.get(reverse("forum:register", args=["2027"])).content.decode()

    assert Registration.objects.get().user == person
    assert "You were registered by <bdi>Nguyễn Thị Hoa</bdi>" in page


def test_strangers_and_focal_points_of_others_see_nothing(client, focal_point):
    mission = delegation(UserFactory())
    own = delegation(focal_point, name="Other mission")
    theirs = registered(delegation=mission)

    assert client.get(address(mission)).status_code == 404
    assert client.post(address(mission), entry()).status_code == 404
    edit = reverse("forum:registration-edit", args=[theirs.pk])
    move = reverse("forum:registration-move", args=[theirs.pk])
    assert client.get(edit).status_code == 404
    assert client.post(move, {"move": "cancel"}).status_code == 404
    assert client.get(address(own)).status_code == 200
    assert statuses() == ["requested"]


def test_a_focal_point_cannot_approve(client, focal_point):
    mission = delegation(focal_point)
    one = registered(delegation=mission)

    client.post(reverse("forum:registration-move", args=[one.pk]), {"move": "approve"})

    assert statuses() == ["requested"]


@pytest.mark.parametrize(
    ("bad", "field", "sentence"),
    [
        ({"email": ""}, "email", "This field is required."),
        ({"email": "li@@"}, "email", "Enter a valid e-mail address."),
        ({"agreed": ""}, "agreed", "Ask the person first."),
        ({"name": "x" * 151}, "name", "at most 150 characters"),
    ],
)
def test_bad_input_is_refused_beside_its_field(
    client, focal_point, bad, field, sentence
):
    mission = delegation(focal_point)

    response = client.post(address(mission), entry() | bad)

    assert response.status_code == 400
    assert sentence in response.context["form"].errors[field][0]
    assert "李伟" in response.content.decode() or "x" * 151 in response.content.decode()
    assert Registration.objects.count() == 0


def test_the_quota_is_not_exceeded_and_a_withdrawal_frees_it(client, focal_point):
    mission = delegation(focal_point, quota=1)
    first = registered(delegation=mission, attendance="remote")

    page = client.get(address(mission)).content.decode()
    refused = client.post(address(mission), entry())
    first.move("cancel", focal_point)
    client.post(address(mission), entry())

    assert "The quota of this delegation is reached." in page
    assert refused.status_code == 409
    assert (
        "The quota of this delegation is reached: 1 members."
        in refused.content.decode()
    )
    assert statuses() == ["cancelled", "requested"]


def test_the_database_itself_keeps_the_quota(edition):
    mission = delegation(quota=1)
    registered(delegation=mission)

    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.filter(pk=mission.pk).update(members=2)


def test_somebody_who_is_registered_is_not_registered_again(client, focal_point):
    mission = delegation(focal_point)
    there = registered(user=UserFactory(email="here@mission.example"))

    response = client.post(address(mission), entry(email="here@mission.example"))

    assert "This person is already registered." in response.content.decode()
    there.refresh_from_db()
    assert (there.delegation, Registration.objects.count()) == (None, 1)
    assert counters(mission)[0] == 0


def test_reserved_seats_are_taken_by_nobody_else(edition):
    mission = delegation(seats=3)

    outside = [registered() for _person in range(3)]
    inside = [registered(delegation=mission) for _person in range(4)]

    assert [one.status for one in outside] == ["requested", "waitlisted", "waitlisted"]
    assert [one.status for one in inside] == [*["requested"] * 3, "waitlisted"]
    assert counters(mission) == (4, 0, 4)
    assert Capacity.objects.get(attendance="on_site").places == 4


def test_a_seat_that_a_member_leaves_stays_with_the_delegation(edition):
    mission = delegation(seats=2)
    first, _second = registered(delegation=mission), registered(delegation=mission)
    registered(), registered()
    outside = registered()
    waiting = registered(delegation=mission)

    first.move("cancel", officer())

    waiting.refresh_from_db(), outside.refresh_from_db()
    assert (waiting.status, outside.status) == ("requested", "waitlisted")
    assert counters(mission) == (2, 0, 4)
    waiting.move("cancel", officer())
    assert counters(mission) == (1, 1, 4)


def test_after_the_last_day_free_seats_go_to_who_waits_in_order(edition):
    mission = delegation(seats=3)
    inside = registered(delegation=mission)
    registered()
    first, second, third = registered(), registered(), registered()

    with time_machine.travel(
        datetime.datetime(2027, 7, 5, 21, 59, tzinfo=datetime.UTC)
    ):
        early = release_seats()
    with time_machine.travel(datetime.datetime(2027, 7, 5, 22, 1, tzinfo=datetime.UTC)):
        released, again = release_seats(), release_seats()

    for one in (inside, first, second, third):
        one.refresh_from_db()
    assert (early, released, again) == (0, 1, 0)
    assert [one.status for one in (first, second, third)] == [
        "requested",
        "requested",
        "waitlisted",
    ]
    assert counters(mission) == (1, 0, 4)
    inside.move("cancel", officer())
    third.refresh_from_db()
    assert third.status == "requested"
    assert counters(mission) == (0, 0, 4)


def test_seats_for_members_who_are_there_cost_no_new_place(edition):
    mission = delegation()
    registered(delegation=mission)
    registered(), registered(), registered()
    waiting = registered(delegation=mission)

    with pytest.raises(ValidationError) as refused:
        mission.reserve(2)
    mission.reserve(1)

    assert refused.value.message_dict == {
        "reserved": ["Only 0 places are free on site."]
    }
    assert counters(mission) == (2, 0, 4)
    waiting.refresh_from_db()
    assert waiting.status == "waitlisted"


def test_staff_reserve_seats_on_the_page_of_the_desk(client, edition):
    client.force_login(officer())
    add = reverse("admin:forum_delegation_add")
    values = {
        "edition": edition.pk,
        "name": "ministère",
        "reserved": 5,
        "reserved_until": DAY.isoformat(),
        "focal_points-TOTAL_FORMS": 0,
        "focal_points-INITIAL_FORMS": 0,
    }

    much = client.post(add, values)
    client.post(add, values | {"reserved": 3})
    mission = Delegation.objects.get()
    registered(delegation=mission)
    page = reverse("admin:forum_delegation_change", args=[mission.pk])
    few = client.post(page, values | {"reserved": 0})
    before = counters(mission)
    client.post(page, values | {"reserved": 1})

    assert "Only 4 places are free on site." in much.content.decode()
    assert "1 of these seats are taken" in few.content.decode()
    assert before == (1, 2, 3)
    assert counters(mission) == (1, 0, 1)


def test_a_sheet_of_a_focal_point_registers_its_members_only(
    client, focal_point, edition, django_capture_on_commit_callbacks
):
    mission = delegation(focal_point, quota=2)
    delegation(UserFactory(), name="Foreign")
    registered(user=UserFactory(email="known@un.example"))

    class Nobody:
        email = ""

        def get_full_name(self):
            return "Member"

    rows = [
        member(edition, Nobody(), email="a@m.example", delegation=mission.name),
        member(edition, Nobody(), email="b@m.example", delegation="Foreign"),
        member(edition, Nobody(), email="known@un.example", delegation=mission.name),
        member(edition, Nobody(), email="c@m.example", delegation=""),
        member(edition, Nobody(), email="d@m.example", delegation=mission.name),
    ]
    job = upload(client, rows)
    for act in ("check", "import"):
        data = {f"column-{name}": place for name, place in job.mapping.items()}
        with django_capture_on_commit_callbacks(execute=True):
            url = reverse("imports:act", args=["delegations", job.pk])
            client.post(url, data | {"act": act})
        job.refresh_from_db()

    errors = {row: sentence for row, _column, sentence in (e[:3] for e in job.errors)}
    assert "There is no delegation “Foreign”" in errors[3]
    assert errors[4] == "This person is already registered."
    assert "quota of this delegation is reached" in errors[6]
    members = Registration.objects.filter(delegation=mission).with_registrar()
    assert sorted(members.values_list("email", flat=True)) == [
        "a@m.example",
        "c@m.example",
    ]
    assert {one.registrar_id for one in members} == {focal_point.pk}
    client.force_login(UserFactory())
    assert client.get(job.get_absolute_url()).status_code == 403
    assert ImportJob.objects.count() == 1


def test_the_page_asks_as_much_for_ten_members_as_for_one(
    client, focal_point, django_assert_max_num_queries
):
    mission = delegation(focal_point)
    registered(delegation=mission, attendance="remote")
    client.get(address(mission))
    with django_assert_max_num_queries(60) as one:
        client.get(address(mission))
    for _person in range(9):
        registered(delegation=mission, attendance="remote")
    with django_assert_max_num_queries(len(one)):
        client.get(address(mission))


def at_once(people, work):
    """Do the work for each of the people in a thread of its own, all at the same moment."""
    start, failures = threading.Barrier(len(people)), []

    def one(person):
        try:
            start.wait()
            work(person)
        except MoveRefused as error:
            failures.append(str(error.message))
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


@pytest.mark.django_db(transaction=True)
def test_fifty_members_at_once_never_exceed_quota_or_places():
    edition = EditionFactory()
    CapacityFactory(edition=edition, places=PLACES)
    mission, country = delegation(quota=QUOTA, seats=3), CountryFactory()
    people = UserFactory.create_batch(APPLICANTS)

    def register(user):
        Registration(
            edition=edition,
            user=user,
            attendance=Attendance.ON_SITE,
            name="A",
            country=country,
            delegation=mission,
        ).enter(user)

    failures = at_once(people, register)

    assert len(failures) == APPLICANTS - QUOTA
    assert set(failures) == {"The quota of this delegation is reached: 12 members."}
    assert Registration.objects.filter(status__in=HOLDING).count() == PLACES
    assert Registration.objects.waiting().count() == QUOTA - PLACES
    assert counters(mission) == (QUOTA, 0, PLACES)


@pytest.mark.django_db(transaction=True)
def test_members_leave_and_others_come_at_once_and_every_counter_is_right():
    edition = EditionFactory()
    CapacityFactory(edition=edition, places=PLACES)
    mission, country = delegation(quota=30, seats=5), CountryFactory()
    members = [registered(delegation=mission) for _person in range(8)]
    waiting = [registered() for _person in range(12)]
    newcomers = UserFactory.create_batch(20)

    def act(one):
        if isinstance(one, Registration):
            one.move("cancel", one.user)
        else:
            Registration(
                edition=edition,
                user=one,
                attendance=Attendance.ON_SITE,
                name="B",
                country=country,
                delegation=mission if one.pk % 2 else None,
            ).enter()

    failures = at_once([*members, *newcomers], act)

    mission.refresh_from_db()
    live = Registration.objects.live()
    held = Registration.objects.holding()
    capacity = Capacity.objects.get()
    assert failures == []
    assert mission.members == live.filter(delegation=mission).count()
    seated = held.filter(has_reserved_seat=True).count()
    assert seated + mission.free_seats == 5
    assert capacity.taken == held.count() + mission.free_seats == PLACES
    still = list(Registration.objects.waiting().filter(delegation=None))
    first = [one for one in waiting if Registration.objects.get(pk=one.pk) in held]
    assert [one.pk for one in first] == [one.pk for one in waiting[: len(first)]]
    assert [one.waitlisted_at for one in still] == sorted(
        one.waitlisted_at for one in still
    )


def test_staff_with_a_role_of_their_own_delegation_do_not_approve_it(edition):
    desk = UserFactory(role=Role.SECRETARIAT)
    mission = delegation(desk)
    one = registered(delegation=mission)

    with pytest.raises(MoveRefused):
        one.move("approve", desk)
