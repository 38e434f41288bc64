"""Freshness, the yearly question, “still correct”, and what happened to an entry."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from common.records.models import Change
from stocktaking.base.workflow import Status
from stocktaking.project.history import lifeline
from stocktaking.upkeep.models import Upkeep, link, of_link, state, to_be_asked
from stocktaking.upkeep.tasks import ask_whether_correct
from tests.factories import ProjectFactory, UserFactory
from tests.stocktaking.records import revision_of

pytestmark = pytest.mark.django_db
WRITTEN = datetime.datetime(2026, 1, 10, tzinfo=datetime.UTC)


def days(n):
    return WRITTEN + datetime.timedelta(days=n)


@pytest.fixture
def project():
    found = ProjectFactory()
    found.versions.update(at=WRITTEN)
    return found


@pytest.mark.parametrize(
    ("rhythm", "day", "freshness"),
    [
        (None, 364, "up-to-date"),
        (None, 366, "due"),
        (None, 424, "due"),
        (None, 426, "overdue"),
        (6, 181, "up-to-date"),
        (6, 184, "due"),
        (24, 729, "up-to-date"),
        (24, 800, "overdue"),
    ],
)
def test_freshness_follows_the_promise(project, rhythm, day, freshness):
    if rhythm:
        Upkeep.objects.create(project=project, rhythm=rhythm)

    with time_machine.travel(days(day), tick=False):
        assert state(project).freshness == freshness
        assert to_be_asked().exists() == (freshness != "up-to-date")


def test_a_new_contact_alone_counts_as_looking(project):
    """It makes no new version: nobody reads the contact in public."""
    staff = UserFactory(role=Role.SECRETARIAT)
    with time_machine.travel(days(400), tick=False):
        revision = revision_of(
            project, "submitted", contact_email="new@ministry.example"
        )
        revision.move("publish", staff)

        assert state(project).freshness == "up-to-date"
        assert not to_be_asked().exists()
    assert project.versions.count() == 1
    assert [change.move for change in project.history()] == ["confirm"]


def test_confirming_counts_as_looking(project):
    with time_machine.travel(days(400), tick=False):
        Upkeep.objects.confirm(project, project.owner)

        assert state(project).freshness == "up-to-date"
        assert not to_be_asked().exists()
    assert project.history().get().move == "confirm"
    assert project.versions.count() == 1


@pytest.mark.parametrize(
    "changes", [{"owner": None}, {"status": Status.ARCHIVED}, {"status": Status.DRAFT}]
)
def test_who_is_not_asked(project, changes):
    type(project).objects.filter(pk=project.pk).update(**changes)

    with time_machine.travel(days(400), tick=False):
        assert not to_be_asked().exists()


def test_owner_gets_one_mail_for_all_entries_and_not_every_day(project):
    other = ProjectFactory(owner=project.owner)
    other.versions.update(at=WRITTEN)

    with time_machine.travel(days(400), tick=False):
        ask_whether_correct()
        ask_whether_correct()

    mail = OutgoingMail.objects.get()
    assert mail.to == project.owner.email
    assert project.number in mail.body
    assert other.number in mail.body


def test_a_run_asks_few_owners_and_the_next_one_goes_on(project, settings):
    settings.OWNERS_ASKED_AT_ONCE = 2
    for _n in range(2):
        ProjectFactory().versions.update(at=WRITTEN)
    asked = []

    with time_machine.travel(days(400), tick=False):
        for _run in range(3):
            ask_whether_correct()
            asked.append(OutgoingMail.objects.count())

    assert asked == [2, 3, 3]


def test_link_confirms_by_a_button_without_signing_in(client, project):
    address = link(project).removeprefix("http://localhost:8000")
    address = "/" + address.split("/", 3)[-1] if "://" in address else address

    opened = client.get(address)
    assert not Upkeep.objects.exists()
    pressed = client.post(address)

    assert (opened.status_code, pressed.status_code) == (200, 200)
    assert Upkeep.objects.get().confirmed_at is not None
    assert project.history().get().by == project.owner


def test_link_ends_with_time_owner_and_publication(project):
    token = link(project).split("/")[-2]
    assert of_link(token) == project
    with time_machine.travel(
        datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=61)
    ):
        assert of_link(token) is None
    assert of_link(token + "x") is None
    assert of_link("x") is None
    project.owner = UserFactory()
    project.save()
    assert of_link(token) is None


def test_owner_confirms_on_the_page_and_says_how_often(client, project):
    client.force_login(project.owner)

    client.post(reverse("stocktaking:confirm-own", args=[project.pk]), {"rhythm": "24"})

    assert Upkeep.objects.get().rhythm == 24


@pytest.mark.parametrize("rhythm", ["7", "x", "", "9" * 30, "٢٤"])
def test_rhythm_that_is_none_is_left_as_it_is(client, project, rhythm):
    client.force_login(project.owner)

    client.post(
        reverse("stocktaking:confirm-own", args=[project.pk]), {"rhythm": rhythm}
    )

    assert Upkeep.objects.get().rhythm == 12


def test_lifeline_tells_versions_and_confirmations(client, project):
    project.title = "Second"
    project.save()
    project.record_change(Change.Kind.UPDATE)
    Upkeep.objects.confirm(project, project.owner)

    told = [(event.text, bool(event.url)) for event in lifeline(project)]

    assert told == [
        ("The owner confirmed that the project is still correct", False),
        ("Changed: version 2", True),
        ("Added to the Stocktaking database", False),
    ]
    page = client.get(project.get_absolute_url()).content.decode()
    assert "?from=1&amp;to=2" in page


def test_owner_withdraws_and_leaves_a_tombstone(client, project):
    client.force_login(project.owner)
    where = reverse("stocktaking:project-move", args=[project.pk])

    refused = client.post(where, {"move": "withdraw"})
    client.post(where, {"move": "withdraw", "note": "The programme has ended."})

    assert refused.status_code == 400
    client.logout()
    gone = client.get(project.get_absolute_url())
    assert gone.status_code == 410
    assert "The programme has ended." in gone.content.decode()
