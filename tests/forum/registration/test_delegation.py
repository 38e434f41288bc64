"""Members of a delegation: by the page and by the command, with places, letters and undo."""

from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from accounts.role.roles import Role
from common.imports.models import ImportJob
from common.mail.models import OutgoingMail
from forum.registration.models import Capacity, Registration
from tests.common.imports.sheets import as_csv
from tests.factories import UserFactory
from tests.forum.records import CapacityFactory, EditionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    edition = EditionFactory()
    CapacityFactory(edition=edition, attendance="on_site", places=2)
    return edition


def member(of_edition, user, **cells):
    return {
        "edition": of_edition.slug,
        "email": user.email,
        "attendance": "on_site",
        "name": user.get_full_name() or "Amina Otieno",
        "agreed": "yes",
        "organization": "Ministry of ICT",
        "country": "Kenya",
    } | cells


@pytest.fixture
def press(client, django_capture_on_commit_callbacks):
    client.force_login(UserFactory(role=Role.SECRETARIAT))

    def press(job, act):
        data = {f"column-{name}": place for name, place in job.mapping.items()}
        with django_capture_on_commit_callbacks(execute=True):
            address = reverse("imports:act", args=["delegations", job.pk])
            client.post(address, data | {"act": act})
        job.refresh_from_db()
        return client.get(job.get_absolute_url()).content.decode()

    return press


def upload(client, rows):
    file = SimpleUploadedFile("delegation.csv", as_csv(rows).getvalue())
    client.post(reverse("imports:list", args=["delegations"]), {"file": file})
    return ImportJob.objects.latest("pk")


def test_a_delegation_is_uploaded_checked_registered_and_undone(client, press, edition):
    people = UserFactory.create_batch(3)
    job = upload(client, [member(edition, person) for person in people])
    columns = client.get(job.get_absolute_url()).content.decode()
    checked = press(job, "check")
    before = Registration.objects.count()
    press(job, "import")
    registered = dict(Registration.objects.values_list("user", "status"))
    taken = Capacity.objects.get().taken
    told = OutgoingMail.objects.filter(to__in=[person.email for person in people])
    letters = told.count()
    undone = press(job, "undo")

    assert "The first rows" in columns
    assert "What the import would do" in checked
    assert (before, job.created) == (0, 3)
    assert sorted(registered.values()) == ["requested", "requested", "waitlisted"]
    assert (taken, letters) == (2, 3)
    assert "Everything is as it was before the import." in undone
    assert set(Registration.objects.values_list("status", flat=True)) == {"cancelled"}
    assert Capacity.objects.get().taken == 0


def test_a_registration_that_the_desk_has_approved_is_left(client, press, edition):
    people = UserFactory.create_batch(2)
    job = upload(client, [member(edition, person) for person in people])
    press(job, "check"), press(job, "import")
    approved = Registration.objects.first()
    approved.move("approve", UserFactory(role=Role.SECRETARIAT))

    page = press(job, "undo")

    statuses = dict(Registration.objects.values_list("pk", "status"))
    assert statuses.pop(approved.pk) == "approved"
    assert list(statuses.values()) == ["cancelled"]
    assert "These records have been changed since and were not touched:" in page
    assert str(approved) in page


def test_each_refused_member_is_named_and_the_others_are_registered(
    client, press, edition
):
    known, other = UserFactory.create_batch(2)
    rows = [
        member(edition, known),
        member(edition, known),
        member(edition, other, email="nobody at nowhere"),
        member(edition, other, attendance="remote"),
        member(edition, other, agreed="no"),
        member(edition, other, edition="1999"),
    ]
    job = upload(client, rows)
    press(job, "check"), press(job, "import")
    sheet = client.get(
        reverse("imports:errors", args=["delegations", job.pk, "csv"])
    ).content.decode("utf-8-sig")

    assert [error[:2] for error in job.errors] == [
        [3, "email"],
        [4, "email"],
        [5, "email"],
        [6, "agreed"],
        [7, "edition"],
    ]
    assert "Enter a valid e-mail address." in sheet
    assert "This mode of attendance is not offered." in sheet
    assert [one.user for one in Registration.objects.all()] == [known]


def test_the_command_registers_and_a_second_run_changes_nothing(
    tmp_path, capsys, edition
):
    path = tmp_path / "delegation.csv"
    person = UserFactory()
    path.write_bytes(as_csv([member(edition, person)]).getvalue())

    call_command("import_delegation", path, "--dry-run")
    tried = Registration.objects.count()
    call_command("import_delegation", path)
    call_command("import_delegation", path)

    assert tried == 0
    assert capsys.readouterr().out.splitlines() == [
        "1 created, 0 updated, 0 unchanged, 0 failed",
        "1 created, 0 updated, 0 unchanged, 0 failed",
        "0 created, 0 updated, 1 unchanged, 0 failed",
    ]
    assert Registration.objects.get().country_id == "KE"


def test_a_change_is_taken_over_but_not_another_mode_of_attendance(
    tmp_path, capsys, edition
):
    CapacityFactory(edition=edition, attendance="remote", places=None)
    path = tmp_path / "delegation.csv"
    person = UserFactory()

    for cells in ({}, {"organization": "Ministry"}, {"attendance": "remote"}):
        path.write_bytes(as_csv([member(edition, person, **cells)]).getvalue())
        with suppress(SystemExit):  # a row was refused
            call_command("import_delegation", path)

    out, err = capsys.readouterr()
    assert [line[:20] for line in out.splitlines()] == [
        "1 created, 0 updated",
        "0 created, 1 updated",
        "0 created, 0 updated",
    ]
    assert "registered for another mode of attendance" in err
    assert Registration.objects.get().organization_name == "Ministry"
