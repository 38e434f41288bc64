"""Who may read and change which project: role × status."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.role.roles import Role
from stocktaking.base.workflow import Status
from stocktaking.project.models import Project
from tests.factories import ProjectFactory, UserFactory

EVERYTHING = set(Status.values)
READABLE = {
    "anonymous": {Status.PUBLISHED},
    "stranger": {Status.PUBLISHED},
    "expert": {Status.PUBLISHED},
    "agency": {Status.PUBLISHED},
    "owner": EVERYTHING,
    "secretariat": EVERYTHING,
    "administrator": EVERYTHING,
}
CHANGEABLE = {
    "anonymous": set(),
    "stranger": set(),
    "expert": set(),
    "agency": set(),
    "owner": {Status.DRAFT, Status.RETURNED},
    "secretariat": EVERYTHING,
    "administrator": EVERYTHING,
}


def person(name, owner):
    if name == "anonymous":
        return AnonymousUser()
    if name == "owner":
        return owner
    return UserFactory(role=None if name == "stranger" else Role(name))


@pytest.mark.django_db
@pytest.mark.parametrize("who", READABLE)
@pytest.mark.parametrize("status", Status.values)
def test_visible_to(who, status):
    project = ProjectFactory(status=status)

    found = Project.objects.visible_to(person(who, project.owner))

    assert list(found) == ([project] if status in READABLE[who] else [])


@pytest.mark.django_db
@pytest.mark.parametrize("who", CHANGEABLE)
@pytest.mark.parametrize("status", Status.values)
def test_editable_by(who, status):
    project = ProjectFactory(status=status)

    found = Project.objects.editable_by(person(who, project.owner))

    assert list(found) == ([project] if status in CHANGEABLE[who] else [])


@pytest.mark.django_db
def test_queue_is_the_oldest_submission_first():
    late, early = ProjectFactory.create_batch(2, status=Status.SUBMITTED)
    early.submitted_at = late.submitted_at.replace(year=2024)
    early.save()
    ProjectFactory()

    assert list(Project.objects.at_desk(Status.SUBMITTED)) == [early, late]


@pytest.mark.django_db
def test_reason_is_that_of_the_last_move_here():
    project = ProjectFactory(status=Status.SUBMITTED)
    officer = UserFactory(role=Role.SECRETARIAT)
    project.move("send_back", officer, "First.")
    project.move("submit", project.owner)
    project.move("send_back", officer, "Second.")

    assert Project.objects.with_reason().get().reason == "Second."


@pytest.mark.django_db
def test_tombstones_are_only_of_what_was_public():
    ProjectFactory(status=Status.REFUSED).move(
        "archive", UserFactory(role=Role.SECRETARIAT), "x"
    )
    public = ProjectFactory()
    public.move("archive", UserFactory(role=Role.SECRETARIAT), "x")

    assert list(Project.objects.tombstones()) == [public]
