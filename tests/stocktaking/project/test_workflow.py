"""The move table of projects, tested from the table itself."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from common.moves.workflow import MoveRefused, NoteMissing
from common.records.models import Change
from stocktaking.base.workflow import Status
from stocktaking.organization.models import Organization
from stocktaking.project.fields import REQUIRED
from stocktaking.project.models import Project
from stocktaking.project.workflow import PROJECT_WORKFLOW
from tests.factories import OrganizationFactory, ProjectFactory, UserFactory
from tests.moves import everybody, expected_of, tried
from tests.stocktaking.records import prepared

THREADS = 20
AHEAD = timezone.now() + timedelta(days=30)


@pytest.mark.django_db
@pytest.mark.parametrize("status", Status.values)
def test_moves_by_role_and_status(status):
    project = ProjectFactory(status=status)
    people = everybody(project.owner)

    def prepare(move):
        prepared(Project.objects.get(pk=project.pk), move.name)

    found = tried(PROJECT_WORKFLOW, project, people, prepare)

    assert found == expected_of(PROJECT_WORKFLOW, status, people)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "move", [m for m in PROJECT_WORKFLOW if m.needs_note], ids=lambda m: m.name
)
def test_move_without_the_reason_it_needs_is_refused(move):
    project = ProjectFactory(status=next(iter(move.sources)))

    with pytest.raises(NoteMissing):
        project.move(move.name, everybody(project.owner)[min(move.by)], "  ")

    assert not project.history().exists()


@pytest.mark.django_db
def test_move_is_stamped_and_logged():
    project = ProjectFactory(status=Status.SUBMITTED)
    officer = UserFactory(role=Role.SECRETARIAT)

    moved = project.move("send_back", officer, " Add the results. ")

    change = project.history().get()
    assert (change.move, change.source, change.target, change.by, change.note) == (
        "send_back",
        "submitted",
        "returned",
        officer,
        "Add the results.",
    )
    assert abs((moved.returned_at - change.at).total_seconds()) < 5


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name in REQUIRED if name != "sdgs"])
def test_submission_lacks_a_field(name):
    project = ProjectFactory(status=Status.DRAFT)
    setattr(project, name, "" if isinstance(getattr(project, name), str) else None)
    project.save()

    with pytest.raises(ValidationError) as refused:
        project.move("submit", project.owner)

    assert refused.value.message_dict == {
        name: ["Fill in this field before you submit."]
    }


@pytest.mark.django_db
def test_submission_lacks_a_goal():
    project = ProjectFactory(status=Status.DRAFT, sdgs=[])

    with pytest.raises(ValidationError) as refused:
        project.move("submit", project.owner)

    assert list(refused.value.message_dict) == ["sdgs"]


@pytest.mark.django_db
def test_submitting_finds_the_organization_by_alias():
    known = OrganizationFactory(
        name="International Telecommunication Union", aliases=["ITU"]
    )
    project = ProjectFactory(
        status=Status.DRAFT, organization=None, organization_name="itu"
    )

    project.move("submit", project.owner)

    project.refresh_from_db()
    assert project.organization == known
    assert project.organization_name == "itu"


@pytest.mark.django_db
def test_alias_is_compared_as_a_whole():
    OrganizationFactory(name="Somebody else", aliases=["Ministry of ICT"])

    found = Organization.objects.get_or_create_named("ICT")

    assert (found.name, found.confirmed_at) == ("ICT", None)


@pytest.mark.django_db
def test_merged_organization_leads_to_its_successor():
    survivor = OrganizationFactory(name="Saudi Electronic University")
    OrganizationFactory(name="Saudi Electronic Univ.", successor=survivor)

    organization = Organization.objects.get_or_create_named(
        "SAUDI ELECTRONIC UNIV.", country_id="KE"
    )
    assert organization == survivor


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "move", "kind"),
    [
        (Status.SUBMITTED, "publish", Change.Kind.PUBLISH),
        (Status.PUBLISHED, "archive", Change.Kind.DELETE),
        (Status.ARCHIVED, "restore", Change.Kind.PUBLISH),
    ],
)
def test_public_moves_write_one_change_and_version(status, move, kind):
    project = ProjectFactory(status=status)
    before = list(Change.objects.values_list("pk", flat=True))

    project.move(move, UserFactory(role=Role.SECRETARIAT), "Because.")

    change = Change.objects.exclude(pk__in=before).get()
    version = project.versions.first()
    assert (change.kind, change.record_id, change.version) == (
        kind,
        str(project.pk),
        version.version,
    )
    assert change.content_hash == version.content_hash


@pytest.mark.django_db
def test_archiving_what_was_refused_leaves_the_public_log_alone():
    project = ProjectFactory(status=Status.REFUSED)

    project.move("archive", UserFactory(role=Role.SECRETARIAT), "Spam.")

    assert not Change.objects.filter(record_id=str(project.pk)).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "move", "subject"),
    [
        (Status.SUBMITTED, "publish", "your project is published"),
        (Status.SUBMITTED, "send_back", "please revise your project"),
        (Status.SUBMITTED, "refuse", "your project was not accepted"),
        (Status.SUBMITTED, "duplicate", "your project was not accepted"),
        (Status.SUBMITTED, "hold", "your project needs more time"),
        (Status.SUBMITTED, "approve", "your project is approved"),
        (Status.PUBLISHED, "archive", "your project was archived"),
    ],
)
def test_owner_is_told(status, move, subject):
    project = ProjectFactory(status=status, title="Fish & <chips>", public_from=AHEAD)

    project.move(move, UserFactory(role=Role.SECRETARIAT), "Two “reasons” & more.")

    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.subject) == (
        project.owner.email,
        f"{project.number}: {subject}",
    )
    assert "“Fish & <chips>”" in mail.body
    assert "Two “reasons” & more." in mail.body


@pytest.mark.django_db
def test_owner_gets_a_copy_of_the_submission():
    project = ProjectFactory(status=Status.DRAFT, summary="Ferme connectée")

    project.move("submit", project.owner)

    mail = OutgoingMail.objects.get()
    assert mail.subject == f"{project.number}: we have received your project"
    assert "Ferme connectée" in mail.body


@pytest.mark.django_db(transaction=True)
def test_twenty_publish_at_once_and_one_succeeds():
    project = ProjectFactory(status=Status.SUBMITTED)
    officers = [UserFactory(role=Role.SECRETARIAT) for _ in range(THREADS)]
    start, outcomes = threading.Barrier(THREADS), []

    def publish(officer):
        start.wait()
        try:
            Project.objects.get(pk=project.pk).move("publish", officer)
            outcomes.append("published")
        except MoveRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=publish, args=[officer]) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["published"] + ["refused"] * (THREADS - 1)
    assert project.history().count() == 1
    assert Change.objects.filter(record_id=str(project.pk)).count() == 1
    assert OutgoingMail.objects.count() == 1
