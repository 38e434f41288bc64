"""Checking in: what devices send comes together, whatever the order; who may; the log."""

import datetime
import json
import threading
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forum.badge.models import Badge
from forum.checkin.merging import AT_ONCE
from forum.checkin.models import CheckIn, Gate, Steward
from tests.factories import UserFactory
from tests.forum.records import (
    EditionFactory,
    approved,
    badged,
    officer,
    registered,
    scheduled,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def staff(client):
    client.force_login(officer())
    return client


def address(name, edition=None):
    return reverse(f"forum:{name}", args=[(edition or EditionFactory()).slug])


def ago(minutes):
    return (timezone.now() - datetime.timedelta(minutes=minutes)).isoformat()


def arrive(badge, minutes=0, gate=None, uid=None):
    return {
        "id": uid or str(uuid.uuid4()),
        "act": "in",
        "badge": badge.digest,
        "gate": gate.pk if gate else None,
        "at": ago(minutes),
    }


def undo(act, reason="Wrong person"):
    return {"id": act["id"], "act": "undo", "reason": reason, "at": ago(0)}


def message(*acts, device="door 1", sent_at=None):
    return {"device": device, "sent_at": sent_at or ago(0), "acts": list(acts)}


def send(client, *acts, edition=None, **more):
    body = message(*acts, **more)
    url = address("check-in-merge", edition)
    return client.post(url, json.dumps(body), content_type="application/json")


def states(answer):
    return [one["state"] for one in answer.json()["answers"]]


def the_list(client, edition=None):
    return client.get(address("check-in-list", edition)).json()


def test_one_arrives_and_is_counted_by_entrance(staff):
    edition = EditionFactory()
    gate = Gate.objects.create(edition=edition, name="Gate B")
    first, second = badged(edition, name="Amina"), badged(edition, name="Li Wei")

    answer = send(staff, arrive(first, gate=gate), arrive(second)).json()

    assert [one["name"] for one in answer["answers"]] == ["Amina", "Li Wei"]
    assert [one["state"] for one in answer["answers"]] == ["in", "in"]
    assert answer["counts"] == {"present": 2, "gates": {str(gate.pk): 1, "0": 1}}
    row = CheckIn.objects.get(registration=first.registration)
    assert (row.gate, row.device, row.is_arrival) == (gate, "door 1", True)
    assert row.by.is_secretariat


def test_what_is_sent_twice_is_stored_once(staff):
    act = arrive(badged())

    again = [states(send(staff, act)), states(send(staff, act, act))]

    assert again == [["in"], ["in", "in"]]
    assert CheckIn.objects.count() == 1


def test_of_two_devices_without_network_the_first_arrival_wins_whoever_sends_first(
    staff,
):
    edition = EditionFactory()
    north = Gate.objects.create(edition=edition, name="North")
    south = Gate.objects.create(edition=edition, name="South")
    badge = badged(edition)
    late, early = arrive(badge, 10, north), arrive(badge, 50, south)

    sent = [states(send(staff, late)), states(send(staff, early, device="door 2"))]
    repeated = send(staff, late).json()["answers"][0]

    assert sent == [["in"], ["in"]]
    assert (repeated["state"], repeated["gate"]) == ("again", "South")
    assert CheckIn.objects.count() == 2
    assert CheckIn.objects.arrivals().get().uid == uuid.UUID(early["id"])
    assert the_list(staff)["counts"]["present"] == 1


def test_a_wrong_clock_of_a_device_does_no_harm(staff):
    """It is two hours fast: what it says of ten minutes ago was ten minutes ago."""
    badge = badged()
    act = arrive(badge) | {"at": ago(-110)}

    send(staff, act, sent_at=ago(-120))

    passed = timezone.now() - CheckIn.objects.get().at
    assert 9 <= passed.total_seconds() / 60 <= 11


def test_times_that_cannot_be_are_brought_into_the_last_week(staff):
    past, future = badged(), badged()

    send(staff, arrive(past, 60 * 24 * 30), arrive(future, -60))

    first, second = CheckIn.objects.order_by("pk")
    assert timezone.now() - first.at < datetime.timedelta(days=7, minutes=1)
    assert second.at <= timezone.now()


def test_who_is_not_approved_withdrawn_or_has_an_old_badge_does_not_arrive(staff):
    withdrawn, old, waiting = badged(), badged(), badged()
    withdrawn.registration.move("cancel", withdrawn.registration.user)
    old.replace(old.registration.user, "Lost")
    type(waiting.registration).objects.filter(pk=waiting.registration_id).update(
        status="requested"
    )
    unknown = arrive(old) | {"badge": "0" * 32}

    answer = send(staff, arrive(withdrawn), arrive(old), arrive(waiting), unknown)

    assert states(answer) == ["withdrawn", "replaced", "not_approved", "unknown"]
    assert CheckIn.objects.count() == 3  # all in the log, nobody present
    assert not CheckIn.objects.arrivals().exists()
    page = staff.get(address("check-in-log")).content.decode()
    assert "Registration withdrawn" in page
    assert "Badge was replaced" in page


def test_an_undone_check_in_stays_in_the_log_with_its_reason(staff):
    badge = badged(name="Amina Otieno")
    act = arrive(badge)
    send(staff, act)

    answer = send(staff, undo(act))
    send(staff, undo(act, "Another reason"))

    page = staff.get(address("check-in-log")).content.decode()
    assert states(answer) == ["undone"]
    assert answer.json()["counts"]["present"] == 0
    assert CheckIn.objects.get().undo_reason == "Wrong person"
    assert "Amina Otieno" in page
    assert "Wrong person" in page
    assert states(send(staff, arrive(badge))) == ["in"]


def test_when_the_arrival_is_undone_the_next_scan_is_the_arrival(staff):
    badge = badged()
    first, second = arrive(badge, 20), arrive(badge, 5)
    send(staff, first, second)

    send(staff, undo(first))

    assert CheckIn.objects.arrivals().get().uid == uuid.UUID(second["id"])


def test_sessions_count_apart_from_the_edition(staff):
    session = scheduled()
    edition = session.edition
    door = Gate.objects.create(edition=edition, name="Popov", session=session)
    badge = badged(edition)

    answer = send(staff, arrive(badge), arrive(badge, gate=door), arrive(badge))

    assert states(answer) == ["in", "in", "again"]
    assert answer.json()["counts"]["present"] == 1
    assert answer.json()["counts"]["gates"][str(door.pk)] == 1


def test_the_database_keeps_one_arrival_of_each_person():
    badge = badged()
    values = {
        "edition": badge.registration.edition,
        "registration": badge.registration,
        "at": timezone.now(),
        "is_arrival": True,
    }
    CheckIn.objects.create(uid=uuid.uuid4(), **values)

    with pytest.raises(IntegrityError), transaction.atomic():
        CheckIn.objects.create(uid=uuid.uuid4(), **values)


@pytest.mark.django_db(transaction=True)
def test_ten_devices_send_the_same_people_at_once():
    edition = EditionFactory()
    badges = [badged(edition) for _person in range(5)]
    clients = []
    for _device in range(10):
        clients.append(Client())
        clients[-1].force_login(officer())
    start, answers = threading.Barrier(len(clients)), []

    def device(client, number):
        try:
            start.wait()
            turned = badges[number % 5 :] + badges[: number % 5]
            acts = [arrive(badge, number) for badge in turned]
            answers.append(send(client, *acts, edition=edition).status_code)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=device, args=[client, number])
        for number, client in enumerate(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [200] * 10
    assert CheckIn.objects.count() == 50
    assert CheckIn.objects.arrivals().count() == 5


def test_a_device_gets_hashes_and_names_and_nothing_else(staff):
    edition = EditionFactory()
    badge = badged(
        edition, name="Amina Otieno", organization_name="Secret Org", needs="Ramp"
    )
    registered(edition, name="Waits Still")
    approved(EditionFactory(slug="2028"), name="Other Year")
    send(staff, arrive(badge))

    found = the_list(staff)

    assert found["badges"] == [
        [badge.digest, "Amina Otieno", ""],
        ["", "Waits Still", "not_approved"],
    ]
    assert [row[0] for row in found["arrivals"]] == [badge.digest]
    text = json.dumps(found)
    assert badge.token not in text
    assert badge.registration.user.email not in text
    assert "Secret Org" not in text
    assert "Ramp" not in text


def test_the_list_and_the_merge_ask_as_often_for_ten_people_as_for_one(
    staff, django_assert_max_num_queries
):
    edition = EditionFactory()
    people = [badged(edition, name=f"Person {number}") for number in range(12)]
    send(staff, arrive(people[0]))
    with django_assert_max_num_queries(60) as few:
        send(staff, arrive(people[1]))
        the_list(staff)
        staff.get(address("check-in-log"))
    with django_assert_max_num_queries(len(few)):
        send(staff, *[arrive(one) for one in people[2:]])
        the_list(staff)
        staff.get(address("check-in-log"))


UNREADABLE = [
    "",
    "[]",
    "null",
    '{"acts": 5}',
    '{"acts": [], "sent_at": "yesterday"}',
    '{"acts": [], "sent_at": "2027-13-40T00:00:00Z"}',
    json.dumps(message({"act": "dance"})),
    json.dumps(message({"act": "in", "badge": "short"})),
    json.dumps(message({"act": "in", "badge": ["x"] * 32})),
    json.dumps(message({"act": "in", "badge": "0" * 32, "id": "7", "at": ago(0)})),
    json.dumps(
        message(
            {
                "act": "in",
                "badge": "0" * 32,
                "id": str(uuid.UUID(int=1)),
                "gate": 10**30,
                "at": ago(0),
            }
        )
    ),
    json.dumps(message({"act": "undo", "id": str(uuid.UUID(int=1)), "at": ago(0)})),
    json.dumps(
        message(
            {
                "act": "undo",
                "id": str(uuid.UUID(int=1)),
                "at": ago(0),
                "reason": "x" * 301,
            }
        )
    ),
    json.dumps(message(*[{}] * (AT_ONCE + 1))),
]


# the bodies name the hour, so they are no names of tests that two processes share
@pytest.mark.parametrize("body", UNREADABLE, ids=range(len(UNREADABLE)))
def test_what_cannot_be_read_is_refused_with_a_sentence(staff, body):
    answer = staff.post(
        address("check-in-merge"), body, content_type="application/json"
    )

    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")
    assert not CheckIn.objects.exists()


def test_without_a_script_a_form_checks_in_one_code(staff):
    edition = EditionFactory()
    gate = Gate.objects.create(edition=edition, name="Gate B")
    badge = badged(edition, name="Amina Otieno")
    form = {"code": badge.grouped.lower(), "gate": gate.pk}

    first = staff.post(address("check-in"), form).content.decode()
    again = staff.post(address("check-in"), form).content.decode()
    wrong = staff.post(address("check-in"), {"code": "nothing"})

    assert 'data-state="good"' in first
    assert "Amina Otieno" in first
    assert "Already checked in" in again
    assert "Geneva time" in again
    assert wrong.status_code == 400
    assert "No badge of this code or name" in wrong.content.decode()
    assert CheckIn.objects.arrivals().get().gate == gate


def test_the_log_undoes_with_a_reason_only(staff):
    badge = badged()
    send(staff, arrive(badge))
    row = CheckIn.objects.get()

    refused = staff.post(
        address("check-in-log"), {"check_in": row.pk, "reason": " "}, follow=True
    )
    staff.post(address("check-in-log"), {"check_in": row.pk, "reason": "Twin"})

    row.refresh_from_db()
    assert "Enter a reason." in refused.content.decode()
    assert (row.undo_reason, row.is_arrival) == ("Twin", False)
    assert row.undone_by.is_secretariat


def test_the_log_goes_on_after_its_last_row(staff, monkeypatch):
    monkeypatch.setattr("forum.checkin.views.SHOWN", 2)
    edition = EditionFactory()
    for number in range(3):
        send(staff, arrive(badged(edition, name=f"Person {number}")))

    page = staff.get(address("check-in-log")).content.decode()
    last = CheckIn.objects.order_by("-pk")[1].pk
    rest = staff.get(address("check-in-log"), {"before": last}).content.decode()

    assert f"?before={last}" in page
    assert "Person 0" not in page
    assert "Person 0" in rest
    assert "Person 1" not in rest


def test_volunteers_check_in_their_edition_and_no_other(client):
    edition, other = EditionFactory(), EditionFactory(slug="2028")
    volunteer = UserFactory()
    Steward.objects.create(edition=edition, user=volunteer)
    badge = badged(edition)
    client.force_login(volunteer)

    assert states(send(client, arrive(badge))) == ["in"]
    assert client.get(address("check-in", other)).status_code == 403
    assert client.get(address("check-in-list", other)).status_code == 403
    assert CheckIn.objects.get().by == volunteer


def test_a_volunteer_without_the_second_factor_is_asked_for_it(client, settings):
    settings.REQUIRE_STAFF_MFA = True
    volunteer = UserFactory()
    Steward.objects.create(edition=EditionFactory(), user=volunteer)
    badge = badged()
    client.force_login(volunteer)

    assert client.get(address("check-in")).status_code == 302
    assert send(client, arrive(badge)).status_code == 302
    assert not CheckIn.objects.exists()


def test_only_this_page_may_use_the_camera(staff):
    page = staff.get(address("check-in"))
    log = staff.get(address("check-in-log"))

    assert "camera=(self)" in page["Permissions-Policy"]
    assert "camera=()" in log["Permissions-Policy"]
    assert "microphone=()" in page["Permissions-Policy"]


def test_the_page_holds_no_names(staff):
    badged(name="Amina Otieno")

    assert "Amina" not in staff.get(address("check-in")).content.decode()
    assert Badge.objects.count() == 1
