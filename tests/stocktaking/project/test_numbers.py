"""The public number of a project is written once; nothing changes it."""

import csv
import io

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.role.roles import Role
from stocktaking.base.workflow import Status
from stocktaking.imports.importer import ProjectImporter
from stocktaking.project.models import Project
from tests.factories import ProjectFactory, UserFactory
from tests.stocktaking.import_file import a_file

pytestmark = pytest.mark.django_db


def test_number_is_there_after_every_way_of_saving():
    saved = Project(title="A", year=2014)
    saved.save()
    (bulk,) = Project.objects.bulk_create([Project(title="B", year=2009)])

    for project, year in ((saved, 2014), (bulk, 2009)):
        assert project.number == f"WSIS-{year}-{project.pk:06d}"
        assert Project.objects.get(pk=project.pk).number == project.number


def test_number_stays_when_an_import_changes_the_year(client):
    row = {"title": "Villages", "external_id": "x-1", "prize_editions": ""}
    ProjectImporter.import_file(a_file(row | {"start_year": "2014"}))
    project = Project.objects.get()
    number = project.number

    ProjectImporter.import_file(a_file(row | {"start_year": "2009"}))
    ProjectImporter.import_file(
        a_file(row | {"start_year": "2009", "prize_editions": "2012:winner"})
    )

    project.refresh_from_db()
    assert (project.year, project.number) == (2012, number)
    assert number == f"WSIS-2014-{project.pk:06d}"
    page = client.get(project.get_absolute_url()).content.decode()
    found = client.get("/en/projects/", {"q": number}).content.decode()
    assert number in page
    assert "WSIS-2012" not in page
    assert (number in found, "Villages" in found) == (True, True)
    assert client.get(f"/api/v1/projects/{project.pk}/").json()["number"] == number
    sheet = b"".join(client.get("/en/projects/export.csv").streaming_content).decode(
        "utf-8-sig"
    )
    assert [line["number"] for line in csv.DictReader(io.StringIO(sheet))] == [number]


def test_number_shown_before_with_another_year_still_finds(client):
    project = ProjectFactory(title="Villages", year=2014)

    found = client.get(
        "/en/projects/", {"q": f"wsis-2009-{project.pk:06d}"}
    ).content.decode()

    assert "Villages" in found
    assert project.get_absolute_url() in found


def test_database_refuses_another_number():
    project = ProjectFactory()

    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Project.objects.filter(pk=project.pk).update(number="WSIS-2001-000001")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE stocktaking_project SET year = 1999 WHERE id = %s", [project.pk]
        )

    assert Project.objects.get(pk=project.pk).number == project.number


def test_staff_find_it_by_number(client):
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    project = ProjectFactory(year=2014, status=Status.SUBMITTED, title="Sought")
    Project.objects.filter(pk=project.pk).update(year=2020)

    page = client.get(
        reverse("admin:stocktaking_project_changelist"), {"q": project.number}
    )

    assert "Sought" in page.content.decode()
