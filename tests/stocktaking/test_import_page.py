"""Import of projects at the desk: dry run first, then the real one."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.roles import Role
from stocktaking.import_rows import COLUMNS
from stocktaking.models import Project
from tests.factories import UserFactory

GOOD = {
    "title": "Telecentres", "organisation": "Ministry", "stakeholder_type": "Government",
    "country_iso2": "KE", "action_lines": "C2", "sdgs": "9", "source": "Annual report",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def page(client):
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    return reverse("admin:stocktaking_project_import")


def table(*rows):
    target = io.StringIO()
    writer = csv.DictWriter(target, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return SimpleUploadedFile("projects.csv", target.getvalue().encode())


@pytest.mark.django_db
def test_nothing_is_written_before_it_is_confirmed(client, page):
    checked = client.post(page, {"file": table(GOOD, GOOD | {"title": "Second"})})
    before = Project.objects.count()
    token = checked.context["token"]
    done = client.post(page, {"token": token, "confirm": "1"})
    again = client.post(page, {"token": token, "confirm": "1"})

    result = checked.context["result"]
    assert (before, result.created, result.failed) == (0, 2, 0)
    assert (done.status_code, again.status_code) == (302, 302)
    assert sorted(Project.objects.values_list("title", flat=True)) == ["Second", "Telecentres"]


@pytest.mark.django_db
def test_errors_are_shown_by_row_and_column_and_all_are_downloadable(client, page):
    bad = [GOOD | {"title": f"Project {n}", "country_iso2": "Atlantis"} for n in range(300)]

    checked = client.post(page, {"file": table(GOOD, *bad)})
    download = client.post(page, {"token": checked.context["token"], "errors": "1"})

    errors = checked.context["errors"]
    rows = list(csv.reader(io.StringIO(download.content.decode("utf-8-sig"))))
    assert (len(errors), errors[0].row, errors[0].column) == (200, 3, "country_iso2")
    assert (len(rows), rows[0], rows[1][:2]) == (
        301,
        ["row", "column", "message"],
        ["3", "country_iso2"],
    )
    assert checked.context["result"].created == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"a,b,c\n1,2,3\n", b"%PDF-1.7", b"x" * (10 * 1024**2 + 1)]
)
def test_unreadable_file_gets_a_sentence(client, page, content):
    response = client.post(page, {"file": SimpleUploadedFile("x.csv", content)})

    assert response.status_code == 400
    assert list(response.context["form"].errors) == ["file"]


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["", "forged", "a:b:c"])
def test_forged_token_is_not_there(client, page, token):
    assert client.post(page, {"token": token, "confirm": "1"}).status_code == 404


@pytest.mark.django_db
def test_token_belongs_to_its_sender(client, page):
    token = client.post(page, {"file": table(GOOD)}).context["token"]
    client.force_login(UserFactory(role=Role.SECRETARIAT))

    assert client.post(page, {"token": token, "confirm": "1"}).status_code == 404
