"""Import in the browser: columns chosen, checked, brought in by a worker, undone as a whole."""

import csv
import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from accounts.role.roles import Role
from common.imports.files import rows_of, sheet_of
from common.imports.models import ImportJob
from common.imports.tasks import sweep_imports
from common.imports.work import work_at
from common.locks.advisory import Lock
from common.moves.models import StatusChange
from stocktaking.imports.importer import ProjectImporter
from stocktaking.project.models import Project
from tests.factories import UserFactory
from tests.locks import held_elsewhere

pytestmark = pytest.mark.django_db
HEADER = [
    "Project name",
    "Institution",
    "Country",
    "Description",
    "SDG",
    "Source",
    "Funny column",
]
ROW = [
    "Telecentres",
    "Ministry of ICT",
    "KE",
    "Centres in villages.",
    "9",
    "Annual report",
    "=",
]
NEW = reverse("imports:list", args=["projects"])


def xlsx(*rows):
    book, target = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(target)
    return target.getvalue()


def as_csv(*rows, delimiter=","):
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter).writerows(rows)
    return target.getvalue().encode()


def upload(client, content, name="projects.xlsx"):
    response = client.post(NEW, {"file": SimpleUploadedFile(name, content)})
    return ImportJob.objects.order_by("pk").last(), response


def act(client, job, name, callbacks, **columns):
    """Press a button and let the worker work; returns the job afterwards."""
    mapping = {
        f"column-{column}": place for column, place in (columns or job.mapping).items()
    }
    with callbacks(execute=True):
        client.post(
            reverse("imports:act", args=["projects", job.pk]), {"act": name} | mapping
        )
    return ImportJob.objects.get(pk=job.pk)


@pytest.fixture
def staff(client):
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    return client


@pytest.fixture
def callbacks(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


def test_columns_are_guessed_by_their_names():
    assert ProjectImporter.headings().guess(HEADER) == {
        "title": 0,
        "organization": 1,
        "country_iso2": 2,
        "summary": 3,
        "sdgs": 4,
        "source": 5,
    }


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (xlsx(HEADER, ROW), "projects.xlsx"),
        (as_csv(HEADER, ROW), "projects.csv"),
        (as_csv(HEADER, ROW, delimiter=";"), "projects.csv"),
    ],
)
def test_checked_then_imported_then_undone(staff, callbacks, content, name):
    job, _response = upload(staff, content, name)
    shown = staff.get(job.get_absolute_url())
    checked = act(staff, job, "check", callbacks)
    before = Project.objects.count()
    done = act(staff, job, "import", callbacks)
    project = Project.objects.get()
    undone = act(staff, job, "undo", callbacks)
    project.refresh_from_db()

    assert shown.context["sheet"].rows == [ROW]
    assert (checked.state, checked.created, before) == ("done", 1, 0)
    assert (done.state, done.percent, done.created, done.failed) == ("done", 100, 1, 0)
    assert (project.title, project.country_id, project.source) == (
        "Telecentres",
        "KE",
        "Annual report",
    )
    assert (undone.mode, undone.state, undone.failed) == ("undo", "done", 0)
    assert project.status == "archived"
    assert name in StatusChange.objects.get(move="archive").note


def test_undo_puts_back_what_was_changed_and_names_what_changed_since(staff, callbacks):
    rows = [[f"P{n}", "Ministry", "KE", "Old.", "9", "Report", ""] for n in range(3)]
    first, _response = upload(staff, xlsx(HEADER, *rows))
    act(staff, first, "check", callbacks)
    act(staff, first, "import", callbacks)
    newer = [[*row[:3], "New.", "4;9", *row[5:]] for row in rows]
    second, _response = upload(staff, xlsx(HEADER, *newer))
    act(staff, second, "check", callbacks)
    changed = act(staff, second, "import", callbacks)
    touched = Project.objects.get(title="P1")
    touched.summary = "Newest."
    touched.save()

    undone = act(staff, second, "undo", callbacks)

    texts = dict(Project.objects.order_by("title").values_list("title", "summary"))
    goals = [
        sorted(p.sdgs.values_list("pk", flat=True))
        for p in Project.objects.order_by("title")
    ]
    assert changed.updated == 3
    assert texts == {"P0": "Old.", "P1": "Newest.", "P2": "Old."}
    assert goals == [["9"], ["4", "9"], ["9"]]
    assert [error[0] for error in undone.errors] == [touched.pk]
    assert Project.objects.get(title="P0").version == 3


def test_refused_cells_are_named_and_can_be_fetched(staff, callbacks):
    bad = ["=cmd()", "Ministry", "Atlantis", "", "99", "Report", ""]
    job, _response = upload(staff, as_csv(HEADER, ROW, bad), "projects.csv")
    checked = act(staff, job, "check", callbacks)
    sheet = staff.get(reverse("imports:errors", args=["projects", job.pk, "csv"]))
    act(staff, job, "import", callbacks)

    rows = list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert (checked.created, checked.failed) == (1, 1)
    assert [error[:2] for error in checked.errors] == [[3, "country_iso2"], [3, "sdgs"]]
    assert [row[:3] for row in rows] == [
        HEADER[:3],
        ["'=cmd()", "Ministry", "Atlantis"],
    ]
    assert "Country: “Atlantis” is not known." in rows[1][7]
    assert Project.objects.count() == 1


def test_a_run_after_a_break_and_a_second_bell_change_nothing(staff, callbacks):
    job, _response = upload(staff, xlsx(HEADER, ROW))
    act(staff, job, "check", callbacks)
    act(staff, job, "import", callbacks)
    ImportJob.objects.update(state="running")  # as a killed worker leaves it

    again, over = work_at(job.pk), work_at(job.pk)

    job.refresh_from_db()
    assert (again, over) == ("done", "over")
    assert (job.created, job.unchanged, Project.objects.count()) == (1, 0, 1)


def test_an_agency_makes_drafts_of_its_own_and_changes_nobody_elses(
    client, staff, callbacks
):
    public, _response = upload(staff, xlsx(HEADER, ROW))
    act(staff, public, "check", callbacks)
    act(staff, public, "import", callbacks)
    agency = UserFactory(role=Role.AGENCY)
    client.force_login(agency)
    changed = [*ROW[:3], "Taken over.", *ROW[4:]]
    job, _response = upload(client, xlsx(HEADER, changed, ["Own", *ROW[1:]]))
    act(client, job, "check", callbacks)
    done = act(client, job, "import", callbacks)
    own = Project.objects.get(title="Own")
    act(client, job, "undo", callbacks)

    assert (done.created, done.failed) == (1, 1)
    assert (own.status, own.owner) == ("draft", agency)
    assert Project.objects.get().summary == "Centres in villages."


def test_import_needs_a_check_and_undo_an_import(staff, callbacks):
    job, _response = upload(staff, xlsx(HEADER, ROW))
    address = reverse("imports:act", args=["projects", job.pk])

    codes = [
        staff.post(address, {"act": name}).status_code
        for name in ("import", "undo", "x", "check")
    ]

    assert codes == [409, 409, 409, 400]
    assert Project.objects.count() == 0


def bomb(size):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * size)
    return target.getvalue()


def with_part(text):
    target = io.BytesIO(xlsx(HEADER, ROW))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/extra.xml", text)
    return target.getvalue()


def many_parts():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number in range(1001):
            archive.writestr(str(number), b"")
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "x.csv"),
        (b"\xff\xfe\x00", "x.csv"),
        (b"%PDF-1.7", "x.xlsx"),
        (b"PK\x03\x04rubbish", "x.xlsx"),
        (bomb(150 * 1024**2), "x.xlsx"),
        (bomb(3 * 1024**2), "x.xlsx"),
        (with_part("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "x.xlsx"),
        (many_parts(), "x.xlsx"),
        (b"x" * (10 * 1024**2 + 1), "x.csv"),
    ],
    ids=[
        "empty",
        "utf16",
        "pdf",
        "broken",
        "bomb",
        "small bomb",
        "entity",
        "parts",
        "large",
    ],
)
def test_hostile_files_get_a_sentence(staff, content, name):
    job, response = upload(staff, content, name)

    assert (job, response.status_code) == (None, 400)
    assert list(response.context["form"].errors) == ["file"]


def test_formulas_are_not_evaluated():
    content = xlsx(["title"], ["=1+1"], [2020.0])
    sheet = sheet_of(content, "x.xlsx", ProjectImporter.headings(), 5)

    assert (sheet.header, sheet.rows) == (
        ["title"],
        [["2020"]],
    )  # nothing was stored beside the formula


def test_an_open_quotation_mark_is_named():
    with pytest.raises(ValidationError):
        list(rows_of(b'title\n"open', "x.csv", ProjectImporter.headings()))


def test_members_find_no_import(client):
    client.force_login(UserFactory())

    assert client.get(NEW).status_code == 403


def test_a_second_import_waits_and_is_not_lost(staff, callbacks):
    job, _response = upload(staff, xlsx(HEADER, ROW))
    with held_elsewhere(Lock.PROJECT_IMPORT):
        waits = act(staff, job, "check", callbacks)

    sweep_imports()

    job.refresh_from_db()
    assert (waits.state, job.state, job.created) == ("queued", "done", 1)
