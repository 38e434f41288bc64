"""New versions of published entries: the move table, and what approval does and does not touch."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from common.moves.models import StatusChange
from common.moves.workflow import MoveRefused, NoteMissing
from common.records.models import Change
from stocktaking.base.workflow import Status
from stocktaking.organization.models import Organization
from stocktaking.revision.models import Revision
from stocktaking.revision.workflow import REVISION_WORKFLOW, RevisionStatus
from tests.factories import ProjectFactory, SDGFactory, UserFactory
from tests.moves import everybody, expected_of, tried
from tests.stocktaking.project.test_workflow import THREADS
from tests.stocktaking.records import decided, revision_of


@pytest.fixture
def staff():
    return UserFactory(role=Role.SECRETARIAT)


@pytest.mark.django_db
@pytest.mark.parametrize("status", RevisionStatus.values)
def test_moves_by_role_and_status(status):
    revision = revision_of(status=status)
    people = everybody(revision.project.owner)

    def prepare(move):
        if move.name == "undo":  # there is a fresh decision
            decided(revision, status)

    found = tried(REVISION_WORKFLOW, revision, people, prepare)

    assert found == expected_of(REVISION_WORKFLOW, status, people)


@pytest.mark.django_db
def test_sending_back_needs_a_reason(staff):
    with pytest.raises(NoteMissing):
        revision_of(status="submitted").move("send_back", staff)


@pytest.mark.django_db
def test_public_text_stays_until_approval_and_becomes_the_next_version(staff):
    project = ProjectFactory(title="First phase")
    SDGFactory(code="4")
    revision = revision_of(project, title="Second phase", sdgs=["4", "9"])
    before = project.public_content()

    revision.move("submit", project.owner)
    project.refresh_from_db()
    assert project.public_content() == before
    revision.move("publish", staff)

    project = type(project).objects.get(pk=project.pk)
    version = project.versions.first()
    assert (project.title, project.version, version.by) == ("Second phase", 2, staff)
    assert version.content == project.public_content()
    assert version.content["sdgs"] == ["4", "9"]
    change = Change.objects.order_by("pk").last()
    assert (change.kind, change.version, change.content_hash) == (
        "update",
        2,
        version.content_hash,
    )
    mail = OutgoingMail.objects.get()
    assert mail.to == project.owner.email
    assert project.number in mail.subject


@pytest.mark.django_db
def test_correction_by_staff_in_the_meantime_is_kept(staff):
    project = ProjectFactory(title="Digtal villages", start_date="2020")
    revision = revision_of(project, "submitted", start_date="2021-05")
    type(project).objects.filter(pk=project.pk).update(title="Digital villages")

    revision.move("publish", staff)

    project.refresh_from_db()
    assert (project.title, project.start_date) == ("Digital villages", "2021-05")


@pytest.mark.django_db
def test_field_changed_by_both_is_named():
    project = ProjectFactory(title="Before")
    revision = revision_of(project, title="By the owner", start_date="2021-05")
    type(project).objects.filter(pk=project.pk).update(title="By staff")

    revision = Revision.objects.get(pk=revision.pk)

    assert [(d.field, d.old, d.new) for d in revision.overtaken()] == [
        ("title", "Before", "By staff")
    ]
    assert [(d.field, d.old) for d in revision.differences()] == [
        ("title", "By staff"),
        ("start_date", "2024"),
    ]


@pytest.mark.django_db
def test_contact_is_changed_but_never_in_a_public_version(staff):
    project = ProjectFactory()
    revision = revision_of(project, "submitted", contact_email="new@ministry.example")

    revision.move("publish", staff)

    project.refresh_from_db()
    assert project.contact_email == "new@ministry.example"
    assert "new@ministry.example" not in str(project.versions.first().content)


@pytest.mark.django_db
def test_new_name_of_the_organization_goes_to_the_authority_list(staff):
    project = ProjectFactory()
    revision = revision_of(
        project, "submitted", organization_name="Ministry of Digital Affairs"
    )

    revision.move("publish", staff)

    project.refresh_from_db()
    assert project.organization == Organization.objects.get(
        name="Ministry of Digital Affairs"
    )


@pytest.mark.django_db
def test_unchanged_or_incomplete_revision_is_not_submitted():
    project = ProjectFactory()
    unchanged = Revision.objects.begin(project, project.owner)
    with pytest.raises(MoveRefused, match="Nothing has been changed yet"):
        unchanged.move("submit", project.owner)

    incomplete = revision_of(summary="", title="New")
    with pytest.raises(ValidationError) as refused:
        incomplete.move("submit", incomplete.project.owner)
    assert list(refused.value.message_dict) == ["summary"]


@pytest.mark.django_db
def test_entry_that_is_not_public_has_no_new_version(staff):
    revision = revision_of(status="submitted")
    revision.project.move("archive", staff, "At the owner's wish.")

    with pytest.raises(MoveRefused, match="no longer public"):
        revision.move("publish", staff)
    with pytest.raises(MoveRefused):
        Revision.objects.begin(ProjectFactory(status=Status.DRAFT), staff)


@pytest.mark.django_db
def test_begun_twice_it_is_one():
    project = ProjectFactory()

    first = Revision.objects.begin(project, project.owner)

    assert Revision.objects.begin(project, project.owner) == first


@pytest.mark.django_db(transaction=True)
def test_many_approve_at_once_one_version_comes_of_it():
    revision = revision_of(status="submitted")
    clerks = [UserFactory(role=Role.SECRETARIAT) for _n in range(THREADS)]
    outcomes = []

    def approve(clerk):
        try:
            revision.move("publish", clerk)
            outcomes.append("made")
        except MoveRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=approve, args=[clerk]) for clerk in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["made", *["refused"] * (THREADS - 1)]
    assert revision.project.versions.count() == 2
    assert StatusChange.objects.filter(record_kind="stocktaking.revision").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("status", RevisionStatus.values)
def test_who_sees_and_who_writes(staff, status):
    revision = revision_of(status=status)
    owner, stranger = revision.project.owner, UserFactory()

    seen = {
        name: Revision.objects.visible_to(user).exists()
        for name, user in (("owner", owner), ("stranger", stranger), ("staff", staff))
    }

    assert seen == {"owner": True, "stranger": False, "staff": status != "draft"}
    assert Revision.objects.written_by(owner).exists()
    assert not Revision.objects.written_by(staff).exists()
