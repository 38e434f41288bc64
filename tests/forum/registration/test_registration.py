"""Registration: never more than the places, a waiting list in order, a code, nothing public."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from common.mail.models import OutgoingMail
from common.moves.models import StatusChange
from common.moves.workflow import MoveRefused
from forum.registration.models import Attendance, Capacity, Registration
from forum.registration.workflow import HOLDING
from tests.factories import CountryFactory, UserFactory
from tests.forum.records import CapacityFactory, EditionFactory, officer, registered

PLACES, APPLICANTS = 10, 50
GOOD = {
    "attendance": "on_site",
    "name": "Amina Otieno",
    "organization_name": "Ministry",
    "country": "KE",
    "needs": "Captions",
    "agreed": "on",
}


def address(edition):
    return reverse("forum:register", args=[edition.slug])


def statuses():
    return list(Registration.objects.order_by("pk").values_list("status", flat=True))


@pytest.mark.django_db
def test_places_are_held_until_none_is_left_and_then_one_waits():
    CapacityFactory(places=2)

    for _person in range(3):
        registered()

    assert statuses() == ["requested", "requested", "waitlisted"]
    assert Capacity.objects.get().taken == 2
    assert StatusChange.objects.filter(move="register").count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize("move", ["cancel", "refuse"])
def test_a_place_that_becomes_free_goes_to_the_first_who_waits(move):
    CapacityFactory(places=1)
    holder, first, second = registered(), registered(), registered()

    holder.move(move, officer(), "Because.")

    left = "cancelled" if move == "cancel" else "refused"
    assert statuses() == [left, "requested", "waitlisted"]
    assert Capacity.objects.get().taken == 1
    assert list(Registration.objects.waiting()) == [second]
    assert (
        OutgoingMail.objects.filter(to=first.user.email).count() == 2
    )  # waits, moves up


@pytest.mark.django_db
def test_whoever_is_put_back_on_the_list_does_not_take_the_place_again():
    CapacityFactory(places=1)
    holder = registered()

    holder.move("wait", officer())

    assert statuses() == ["waitlisted"]
    assert Capacity.objects.get().taken == 0


@pytest.mark.django_db
def test_nobody_moves_up_without_a_place():
    CapacityFactory(places=1)
    registered()
    waiting = registered()

    with pytest.raises(MoveRefused) as refused:
        waiting.move("promote", officer())

    assert str(refused.value.message) == "All places are taken."
    assert statuses() == ["requested", "waitlisted"]


@pytest.mark.django_db
def test_the_database_itself_keeps_the_number_of_places():
    capacity = CapacityFactory(places=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        Capacity.objects.filter(pk=capacity.pk).update(taken=2)


@pytest.mark.django_db(transaction=True)
def test_fifty_register_at_once_for_ten_places():
    edition = EditionFactory()
    CapacityFactory(edition=edition, places=PLACES)
    country = CountryFactory()
    people = [UserFactory() for _person in range(APPLICANTS)]
    start, failures = threading.Barrier(APPLICANTS), []

    def register(user):
        try:
            start.wait()
            Registration(
                edition=edition,
                user=user,
                attendance=Attendance.ON_SITE,
                name="A",
                country=country,
            ).enter()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=register, args=[user]) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    held = Registration.objects.filter(status__in=HOLDING).count()
    assert (failures, held, Capacity.objects.get().taken) == ([], PLACES, PLACES)
    assert Registration.objects.waiting().count() == APPLICANTS - PLACES


@pytest.mark.django_db(transaction=True)
def test_all_holders_withdraw_at_once_and_all_places_are_given_again():
    CapacityFactory(places=PLACES)
    holders = [registered() for _person in range(PLACES)]
    waiting = [registered() for _person in range(PLACES + 3)]
    start = threading.Barrier(PLACES)

    def withdraw(registration):
        try:
            start.wait()
            registration.move("cancel", registration.user)
        finally:
            connection.close()

    threads = [threading.Thread(target=withdraw, args=[holder]) for holder in holders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    moved_up = (
        Registration.objects.holding().order_by("pk").values_list("pk", flat=True)
    )
    assert list(moved_up) == [one.pk for one in waiting[:PLACES]]
    assert Capacity.objects.get().taken == PLACES


@pytest.mark.django_db
def test_one_registers_by_the_page_and_gets_a_code_when_approved(client):
    edition, user = EditionFactory(), UserFactory()
    CapacityFactory(edition=edition)
    client.force_login(user)

    sent = client.post(address(edition), GOOD)
    mine = Registration.objects.get()
    before = client.get(address(edition)).content.decode()
    mine.move("approve", officer())
    after = client.get(address(edition)).content.decode()

    assert (sent.status_code, mine.user, mine.needs) == (302, user, "Captions")
    assert (mine.code in before, mine.code in after) == (False, True)
    assert mine.code in OutgoingMail.objects.order_by("pk").last().body


@pytest.mark.django_db
def test_a_second_registration_changes_nothing(client):
    edition, user = EditionFactory(), UserFactory()
    CapacityFactory(edition=edition)
    client.force_login(user)

    for _click in range(2):
        client.post(address(edition), GOOD)

    assert statuses() == ["requested"]
    assert Capacity.objects.get().taken == 1


@pytest.mark.django_db
def test_withdrawing_lets_one_register_again(client):
    edition, user = EditionFactory(), UserFactory()
    CapacityFactory(edition=edition)
    client.force_login(user)
    client.post(address(edition), GOOD)
    mine = Registration.objects.get()

    client.post(reverse("forum:registration-move", args=[mine.pk]), {"move": "cancel"})
    client.post(address(edition), GOOD)

    assert statuses() == ["cancelled", "requested"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("bad", "field", "sentence"),
    [
        ({"name": ""}, "name", "This field is required."),
        (
            {"name": "x" * 151},
            "name",
            "Ensure this value has at most 150 characters (it has 151).",
        ),
        (
            {"country": "XX"},
            "country",
            "Select a valid choice. That choice is not one of the available choices.",
        ),
        ({"country": ""}, "country", "This field is required."),
        (
            {"attendance": "remote"},
            "attendance",
            "Select a valid choice. remote is not one of the available choices.",
        ),
        (
            {"needs": "x" * 1001},
            "needs",
            "Ensure this value has at most 1000 characters (it has 1001).",
        ),
        (
            {"needs": "\ufffd"},
            "needs",
            "Some characters could not be read (“�”). Type them again.",
        ),
        ({"agreed": ""}, "agreed", "We cannot register you without your agreement."),
    ],
)
def test_bad_input_is_refused_beside_its_field(client, bad, field, sentence):
    edition = EditionFactory()
    CapacityFactory(edition=edition)
    client.force_login(UserFactory())

    response = client.post(address(edition), GOOD | bad)

    assert (response.status_code, response.context["form"].errors) == (
        400,
        {field: [sentence]},
    )
    assert Registration.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"registration_opens_at": None},
        {"registration_opens_at": "2999-01-01T00:00Z"},
        {
            "registration_opens_at": "2020-01-01T00:00Z",
            "registration_closes_at": "2021-01-01T00:00Z",
        },
    ],
)
def test_registration_opens_and_closes_by_the_clock_of_the_database(client, fields):
    edition = EditionFactory(slug="closed", **fields)
    CapacityFactory(edition=edition)
    client.force_login(UserFactory())

    response = client.post(address(edition), GOOD)

    assert response.status_code == 409
    assert "Registration is closed." in response.content.decode()


@pytest.mark.django_db
def test_nobody_else_reads_or_moves_a_registration(client):
    CapacityFactory()
    registration = registered(name="Secret Name")
    client.force_login(UserFactory())

    moved = client.post(
        reverse("forum:registration-move", args=[registration.pk]), {"move": "cancel"}
    )
    page = client.get(address(registration.edition)).content.decode()

    assert (moved.status_code, statuses()) == (404, ["requested"])
    assert "Secret Name" not in page
    assert list(Registration.objects.visible_to(UserFactory())) == []


@pytest.mark.django_db
def test_more_places_at_the_desk_let_the_first_who_wait_move_up(client):
    capacity = CapacityFactory(places=1)
    for _person in range(4):
        registered()
    client.force_login(officer())
    change = reverse("admin:forum_capacity_change", args=[capacity.pk])
    form = {"edition": capacity.edition_id, "attendance": "on_site"}

    fewer = client.post(change, form | {"places": 0})
    client.post(change, form | {"places": 3})

    capacity.refresh_from_db()
    assert fewer.context["adminform"].form.errors == {
        "places": ["1 places are already taken: enter at least that number."]
    }
    assert statuses() == ["requested"] * 3 + ["waitlisted"]
    assert (capacity.places, capacity.taken) == (3, 3)


@pytest.mark.django_db
def test_a_form_that_was_read_earlier_does_not_set_the_counter_back():
    stale = CapacityFactory(places=5)
    registered()

    stale.places = 6
    stale.save()

    stale.refresh_from_db()
    assert (stale.places, stale.taken) == (6, 1)
