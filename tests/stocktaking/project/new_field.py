"""What is asked of a field of projects that was added a moment ago: is it everywhere?

Run by test_new_field.py, in a copy of the portal that has the field `safeguards`; here there is
none, and the name of this file keeps it from being collected.
"""

import csv
import io
import json
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from accounts.role.roles import Role
from common.imports.models import ImportJob
from common.records.models import Change
from privacy.export import zipped
from privacy.unclassified import unclassified
from stocktaking.base.workflow import Status
from stocktaking.imports.importer import ProjectImporter
from stocktaking.page.serializers import ProjectRecord
from stocktaking.project.models import Project
from stocktaking.text.importing import TextImporter
from tests.api import demonstration
from tests.api.asking import COMPLETE, LIST, send, signed_in
from tests.factories import ProjectFactory, UserFactory
from tests.reports.records import approved_and_published, built, file_of, requested
from tests.stocktaking.export.test_exports import as_rows, file
from tests.stocktaking.import_file import a_file
from tests.stocktaking.project_form import post_step
from tests.stocktaking.records import revision_of
from tests.stocktaking.search.test_words import titles

pytestmark = pytest.mark.django_db
TEXT = "Zebrafinches watch over everybody."
HINT = "How people are protected. At most 1,000 words."


def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_form_asks_for_it_and_keeps_it(client):
    draft = ProjectFactory(status=Status.DRAFT)
    client.force_login(draft.owner)
    address = reverse("stocktaking:project-step", args=[draft.pk, "results"])

    page = client.get(address).content.decode()
    post_step(client, draft, "results", safeguards=TEXT)
    again = client.get(address).content.decode()
    check = client.get(reverse("stocktaking:project-check", args=[draft.pk]))
    long = post_step(client, draft, "results", safeguards="word " * 1001)

    assert "Safeguards (optional)" in page
    assert HINT in page
    assert TEXT in again
    assert TEXT in check.content.decode()
    assert "Enter at most 1000 words; you have 1001." in long.content.decode()


def test_staff_have_it_in_the_admin(client):
    project = ProjectFactory(safeguards=TEXT)
    client.force_login(UserFactory(role=Role.SECRETARIAT))

    page = client.get(reverse("admin:stocktaking_project_change", args=[project.pk]))

    assert 'name="safeguards"' in page.content.decode()
    assert TEXT in page.content.decode()


def test_its_page_says_it_in_the_language_of_its_reader(client):
    project = ProjectFactory(safeguards=TEXT)
    rows = io.StringIO()
    names = ("project", "language", "engine", "title", "summary", "safeguards")
    csv.writer(rows).writerows(
        [names, (project.number, "fr", "M", "Titre", "Résumé", "Des pinsons.")]
    )

    brought = TextImporter.import_file(io.BytesIO(rows.getvalue().encode()))
    page = client.get(f"/en/projects/{project.pk}/").content.decode()
    french = client.get(f"/en/projects/{project.pk}/?text=fr").content.decode()

    assert str(brought) == "1 created, 0 updated, 0 unchanged, 0 failed"
    assert TEXT in page
    assert "How people are protected" in page
    assert "Des pinsons." in french
    assert TEXT not in french


def test_the_api_takes_and_gives_it_as_it_is_described(client):
    owner = UserFactory()
    answer = send(signed_in(owner), "POST", LIST, COMPLETE | {"safeguards": TEXT})
    public = ProjectFactory(safeguards=TEXT)
    described = demonstration.description()["components"]["schemas"]

    assert (answer.status_code, answer.json()["safeguards"]) == (201, TEXT)
    assert Project.objects.get(pk=answer.json()["id"]).safeguards == TEXT
    assert client.get(f"{LIST}{public.pk}/").json()["safeguards"] == TEXT
    record = described[ProjectRecord.__name__]["properties"]["safeguards"]
    assert (record["type"], record["maxLength"]) == ("string", 10000)


def test_a_file_brings_it_in_by_any_of_its_names(client):
    result = ProjectImporter.import_file(a_file({"safeguards": TEXT}))
    assert str(result) == "1 created, 0 updated, 0 unchanged, 0 failed"
    assert Project.objects.get().safeguards == TEXT

    client.force_login(UserFactory(role=Role.SECRETARIAT))
    upload = "Título;Organización;País;SALVAGUARDIAS\nA;B;KE;x\n".encode()
    sheet = SimpleUploadedFile("projects.csv", upload)
    client.post(reverse("imports:list", args=["projects"]), {"file": sheet})
    job = ImportJob.objects.get()
    page = client.get(job.get_absolute_url()).content.decode()

    assert job.mapping["safeguards"] == 3
    assert 'name="column-safeguards"' in page
    assert "Safeguards" in page


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_an_export_holds_it(client, kind):
    ProjectFactory(safeguards=TEXT)

    content = file(client, kind)

    assert [row["safeguards"] for row in as_rows(kind, content)] == [TEXT]
    if kind == "xlsx":
        head = next(openpyxl.load_workbook(io.BytesIO(content)).active.values)
        assert "Safeguards" in head


def test_versions_and_the_log_of_changes_hold_it():
    project = ProjectFactory()
    first = project.versions.get()
    Project.objects.filter(pk=project.pk).update(safeguards=TEXT)
    project.refresh_from_db()
    second = project.record_change(Change.Kind.UPDATE)

    assert (first.content["safeguards"], second.content["safeguards"]) == ("", TEXT)
    assert first.content_hash != second.content_hash


def test_a_write_of_it_alone_is_a_change_of_what_is_served():
    project = ProjectFactory(safeguards="Before")
    with connection.cursor() as cursor:
        ask = "SELECT content::text FROM served_stocktaking_project(%s)"
        cursor.execute(ask, [[str(project.pk)]])
        before = cursor.fetchone()
        Project.objects.filter(pk=project.pk).update(safeguards=TEXT)
        cursor.execute(ask, [[str(project.pk)]])
        after = cursor.fetchone()

    assert (TEXT in before[0], TEXT in after[0]) == (False, True)


def test_a_revision_shows_what_becomes_of_it(client):
    revision = revision_of(
        ProjectFactory(safeguards="Nobody looks."), "submitted", safeguards=TEXT
    )
    client.force_login(UserFactory(role=Role.SECRETARIAT))

    page = client.get(revision.get_absolute_url()).content.decode()
    revision.move("publish", UserFactory(role=Role.SECRETARIAT))
    revision.project.refresh_from_db()

    assert "Safeguards" in page
    assert "<ins>Zebrafinches</ins>" in page
    assert revision.project.safeguards == TEXT


def test_the_search_finds_its_words_before_and_after_a_change():
    project = ProjectFactory(title="Birds", safeguards=TEXT)

    assert titles("zebrafinch") == ["Birds"]
    project.safeguards = "Goldfinches"
    project.save()
    project.record_change(Change.Kind.UPDATE)
    assert (titles("zebrafinch"), titles("goldfinch")) == ([], ["Birds"])


@pytest.mark.django_db(transaction=True)
def test_a_report_lists_it():
    ProjectFactory(safeguards=TEXT)
    report = approved_and_published(built(requested(series="global")))

    text = file_of(report, "csv").decode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(file_of(report, "xlsx")))

    assert [row["safeguards"] for row in csv.DictReader(io.StringIO(text))] == [TEXT]
    head, row = book[book.sheetnames[-1]].values
    assert dict(zip(head, row, strict=True))["Safeguards"] == TEXT


def test_the_copy_of_my_data_holds_it_and_it_has_a_class():
    project = ProjectFactory(status=Status.DRAFT, safeguards=TEXT)
    archive = zipfile.ZipFile(io.BytesIO(zipped(project.owner, lambda percent: None)))

    data = json.loads(archive.read("data.json"))

    assert unclassified() == []
    assert data["stocktaking.project"][0]["safeguards"] == TEXT
    assert TEXT in archive.read("index.html").decode()
