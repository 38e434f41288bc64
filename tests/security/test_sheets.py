"""Every address that answers with a sheet: no cell of it runs as a formula."""

import csv
import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.role.roles import Role
from common.imports.models import ImportJob
from common.tables.csv_files import inert, original
from forum.follow_up.models import FollowUp
from prizes.entry.workflow import Status
from reports.build import job
from roadmap.imports.milestones import export_rows
from roadmap.milestone.models import Milestone
from tests.factories import CountryFactory, ProjectFactory, UserFactory
from tests.forum.records import (
    CapacityFactory,
    SubmissionFactory,
    approved,
    registered,
    released,
    sign_up_list,
)
from tests.prizes.records import ContestFactory, EntryFactory
from tests.reports.records import frozen, requested
from tests.roadmap.records import MilestoneFactory
from tests.security.urls import walk

HOSTILE = [
    '=HYPERLINK("http://evil.example","x")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "\n=1+1",
    "\u200b=1+1",
    "＝1+1",
    "'=1+1",
    "  @x",
]
RUNS = re.compile(r"^[\s\u200b-\u200f\ufeff]*[=+\-@＝＋－＠]|^[\t\r\n]")
# Names of the addresses that a test below asks; a new one has to come with its own.
ASKED = {
    "stocktaking:export",
    "stocktaking:gaps-csv",
    "imports:errors",
    "roadmap:export",
    "prizes:results-csv",
    "forum:programme-csv",
    "admin:prizes_contest_missing",  # tests/prizes/year/test_panels.py
    "forum:reviews-csv",
    "reports:download",
    "reports:early-file",
    "reports:figure-file",
    "reports:table-file",
    "admin:forum_registration_export",
    "admin:forum_followup_export",
    "admin:forum_signup_export",
    "forum:reports-sheet",
}


def sheets():
    """Names of all addresses that may answer with CSV or XLSX, by what stands in their route."""
    for name, route, parameters in walk(get_resolver().url_patterns):
        if re.search(r"csv|xlsx|export\.|errors\.", route) or {"file_format"} & set(
            parameters
        ):
            yield name


def cells_of(content, kind):
    if kind == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(content))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
        return []
    return [
        cell
        for row in csv.reader(io.StringIO(content.decode("utf-8-sig")))
        for cell in row
    ]


def body(response):
    assert response.status_code == 200
    return (
        b"".join(response.streaming_content) if response.streaming else response.content
    )


def running(content, kind):
    return [cell for cell in cells_of(content, kind) if RUNS.match(cell)]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_guarded_and_comes_back(text):
    assert not RUNS.match(inert(text))
    assert original(inert(text)) == text


@given(st.text())
def test_the_guard_can_be_taken_away_from_any_text(text):
    assert original(inert(text)) == text
    assert not RUNS.match(inert(text))


@pytest.mark.parametrize("value", [-1, -2.5, 0, None])
def test_numbers_stay_numbers(value):
    assert inert(value) == ("" if value is None else value)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_projects(client, kind):
    for text in HOSTILE:
        ProjectFactory(title=text, summary=text, organization_name=text, partners=text)

    assert running(body(client.get(f"/en/projects/export.{kind}")), kind) == []


@pytest.mark.django_db
def test_gaps(client):
    assert running(body(client.get(reverse("stocktaking:gaps-csv"))), "csv") == []


@pytest.mark.django_db
def test_the_roadmap(client):
    for text in HOSTILE:
        MilestoneFactory(title=text, summary=text, source=text)
    content = body(client.get(reverse("roadmap:export")))

    assert len(cells_of(content, "csv")) > len(HOSTILE)
    assert running(content, "csv") == []
    assert running("".join(export_rows(Milestone.objects.all())).encode(), "csv") == []


@pytest.mark.django_db
def test_results_of_the_prizes(client):
    contest = ContestFactory(champions_at=timezone.now())
    for text in HOSTILE:
        EntryFactory(
            contest=contest,
            status=Status.CHAMPION,
            project__title=text,
            project__organization_name=text,
        )
    response = client.get(reverse("prizes:results-csv", args=[contest.slug]))

    assert running(body(response), "csv") == []


@pytest.mark.django_db
def test_the_programme_of_the_forum(client):
    for text in HOSTILE:
        released(title=text, description=text, room=None, mode="remote")

    response = client.get(reverse("forum:programme-csv", args=["2027"]))

    assert running(body(response), "csv") == []


@pytest.mark.django_db
def test_the_reviews_of_proposals(client):
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    for text in HOSTILE:
        SubmissionFactory(title=text, status="submitted")
    content = body(client.get(reverse("forum:reviews-csv", args=["2027"])))

    assert len(cells_of(content, "csv")) > len(HOSTILE)
    assert running(content, "csv") == []


@pytest.mark.django_db(transaction=True)
def test_reports():
    for text in HOSTILE:
        ProjectFactory(title=text, organization_name=text, source=text)
    publication = requested()
    job.work_through(publication.build().pk)
    publication.refresh_from_db()

    for kind in ("csv", "xlsx"):
        with publication.artefacts.get(format=kind).file.open() as file:
            assert running(file.read(), kind) == []


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_figure_of_a_report(client, kind):
    for number, text in enumerate(HOSTILE):
        ProjectFactory(country=CountryFactory(code=f"Z{number}", name=text))
    publication = frozen()
    place = {"pk": publication.pk, "version": 1, "name": "country"}
    url = reverse("reports:figure-file", kwargs=place | {"file_format": kind})

    built = reverse("reports:table-file", args=[publication.pk, 1, kind])

    for sheet in (url, f"{built}?rows=country"):
        content = body(client.get(sheet))
        assert running(content, kind) == []
        assert kind == "xlsx" or len(cells_of(content, kind)) > 2 * len(HOSTILE)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_refused_rows_of_an_import(client, django_capture_on_commit_callbacks, kind):
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    target = io.StringIO()
    rows = [
        ["title", "organization", "country"],
        *([text, text, text] for text in HOSTILE),
    ]
    csv.writer(target).writerows(rows)
    upload = SimpleUploadedFile("x.csv", target.getvalue().encode())
    client.post(reverse("imports:list", args=["projects"]), {"file": upload})
    made = ImportJob.objects.latest("pk")
    act = reverse("imports:act", args=["projects", made.pk])
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            act, {f"column-{n}": p for n, p in made.mapping.items()} | {"act": "check"}
        )
    content = body(
        client.get(reverse("imports:errors", args=["projects", made.pk, kind]))
    )

    assert running(content, kind) == []


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("rows", ["followup", "signup"])
def test_answers_and_sign_ups_of_registrations(client, kind, rows):
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    wanted = sign_up_list(places=50, title=HOSTILE[0])
    for text in HOSTILE:
        person = approved(
            wanted.session.edition, name=text, organization_name=text, needs=text
        )
        FollowUp.objects.create(
            registration=person,
            hotel=text,
            accessibility=text,
            filled_at=timezone.now(),
        )
        wanted.sign_ups.create(registration=person)
    address = reverse(f"admin:forum_{rows}_export", args=[kind])
    content = body(client.get(address))

    assert running(content, kind) == []
    assert kind == "xlsx" or len(cells_of(content, kind)) > 4 * len(HOSTILE)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_registrations(client, kind):
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    CapacityFactory(places=None)
    for text in HOSTILE:
        registered(name=text, organization_name=text, needs=text).tags.create(name=text)
    content = body(client.get(reverse("admin:forum_registration_export", args=[kind])))

    assert running(content, kind) == []
    assert kind == "xlsx" or len(cells_of(content, kind)) > 4 * len(HOSTILE)


def test_every_address_of_a_sheet_is_asked_above():
    assert set(sheets()) - ASKED == set()


@pytest.mark.django_db
def test_the_workbook_of_an_arabic_reader_begins_at_the_right(client):
    ProjectFactory()
    book = openpyxl.load_workbook(
        io.BytesIO(body(client.get("/ar/projects/export.xlsx")))
    )
    french = openpyxl.load_workbook(
        io.BytesIO(body(client.get("/fr/projects/export.xlsx")))
    )

    sheet = book.active
    assert sheet.sheet_view.rightToLeft
    assert sheet.freeze_panes == "A2"
    assert not french.active.sheet_view.rightToLeft
    assert "country_code" not in [cell.value for cell in sheet[1]]
    assert "_" not in "".join(str(cell.value) for cell in french.active[1])
    assert sheet.title != "projects"
