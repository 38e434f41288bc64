"""Approved for a date: nobody else sees the entry before, everybody does from then on."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from common.dates.zones import geneva
from common.mail.models import OutgoingMail
from common.moves.workflow import MoveRefused
from common.records.models import Change
from stocktaking.base.workflow import Status
from stocktaking.project.models import Project
from stocktaking.project.tasks import release_approved
from stocktaking.search.index import current_index
from tests.factories import ProjectFactory, UserFactory
from tests.stocktaking.review.test_queue import UNDO, item, waiting

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def officer(client):
    user = UserFactory(role=Role.SECRETARIAT)
    client.force_login(user)
    return user


def approved(at=HOUR):
    """An entry that is public from now plus so much."""
    project = ProjectFactory(status=Status.APPROVED)
    Project.objects.filter(pk=project.pk).update(public_from=timezone.now() + at)
    project.refresh_from_db()
    return project


def test_officer_approves_for_a_time_and_takes_it_back(client, officer):
    project = waiting()
    at = (timezone.now() + timedelta(days=3)).replace(second=0, microsecond=0)
    typed = at.astimezone(geneva()).strftime("%Y-%m-%dT%H:%M")

    client.post(item(project), {"move": "approve", "public_from": typed})

    project.refresh_from_db()
    change = project.history().get()
    assert (project.status, project.public_from, project.reviewed_at) == (
        "approved",
        at,
        change.at,
    )
    assert not Change.objects.filter(record_id=str(project.pk)).exists()
    assert "is approved" in OutgoingMail.objects.get().subject
    client.post(UNDO, {"change": change.pk})
    project.refresh_from_db()
    assert (project.status, project.public_from, project.reviewed_at) == (
        "submitted",
        None,
        None,
    )


@pytest.mark.parametrize("when", ["", "x", "2020-01-01T09:00", "2999-01-01T09:00"])
def test_time_has_to_be_ahead_and_near(client, officer, when):
    project = waiting()

    answer = client.post(item(project), {"move": "approve", "public_from": when})

    assert (answer.status_code, project.history().count()) == (400, 0)


def test_move_by_name_alone_is_refused(officer):
    with pytest.raises(MoveRefused, match="Enter the time"):
        waiting().move("approve", officer)


@pytest.mark.parametrize(
    ("who", "status"), [(None, 404), ("stranger", 404), ("owner", 200)]
)
def test_only_its_people_see_it_before(client, who, status):
    project = approved()
    if who:
        client.force_login(project.owner if who == "owner" else UserFactory())

    page = client.get(project.get_absolute_url())

    assert (
        page.status_code,
        client.get(f"/api/v1/projects/{project.pk}/").status_code,
    ) == (
        status,
        status,
    )
    assert project.pk not in current_index().slot_of
    if who == "owner":
        for address in (project.get_absolute_url(), reverse("stocktaking:my-projects")):
            page = client.get(address).content.decode()
            assert (
                "The secretariat has approved the project. It becomes public on" in page
            )


def test_it_is_public_from_its_date():
    due, later = approved(-HOUR), approved()

    assert (release_approved(), release_approved()) == (1, 0)

    due.refresh_from_db()
    later.refresh_from_db()
    assert (due.status, later.status) == ("published", "approved")
    assert [change.kind for change in Change.objects.filter(record_id=str(due.pk))] == [
        "publish"
    ]
    assert set(current_index().slot_of) == {due.pk}
    assert (due.history().get().by, OutgoingMail.objects.get().to) == (
        None,
        due.owner.email,
    )


def test_date_that_has_not_come_and_other_people_release_nothing(officer):
    with pytest.raises(MoveRefused):
        approved().move("release", officer)

    assert release_approved() == 0


def test_staff_may_publish_at_once_and_owner_take_back(officer):
    now, back = approved(), approved()

    assert now.move("publish", officer).status == Status.PUBLISHED
    assert back.move("take_back", back.owner).status == Status.DRAFT


def test_approved_without_a_date_cannot_be():
    with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
        Project.objects.filter(pk=waiting().pk).update(status=Status.APPROVED)
