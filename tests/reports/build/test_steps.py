"""The steps of a build: their order, their table, and what one that failed does to the others."""

import html
import re

import pytest
from django.db import OperationalError
from django.urls import reverse

from reports.build import job
from reports.build.models import Step
from reports.build.tasks import sweep
from reports.output.models import Artefact
from reports.output.writers import WRITERS
from reports.publication.workflow import Status
from tests.factories import ProjectFactory
from tests.reports.records import built, requested, secretariat

pytestmark = pytest.mark.django_db(transaction=True)

KINDS = ["snapshot", "charts", "pdf", "docx", "xlsx", "data"]


def ready(publication):
    return set(
        Step.objects.ready()
        .filter(build=publication.build())
        .values_list("kind", flat=True)
    )


def work_at(publication, kind):
    return job.work_at(publication.build().steps.get(kind=kind).pk)


def broken(*_args):
    raise ZeroDivisionError


def try_all(publication):
    """All attempts at all steps, as workers and sweeps make them one after the other."""
    for _round in range(Step.MAX_ATTEMPTS + 1):
        try:
            job.work_through(publication.build().pk)
        except ZeroDivisionError:
            continue
    for step in Step.objects.ready().worn_out():
        step.give_up("It went wrong.")
    publication.refresh_from_db()


def table_of(client, address):
    """The rows of the table of steps on a page of the desk, as texts."""
    page = html.unescape(client.get(address).content.decode())
    rows = re.findall(r"<tr class=\"(?:done|now|next)\".*?</tr>", page, re.DOTALL)
    return [
        [
            " ".join(re.sub("<[^>]+>", " ", cell).split())
            for cell in re.findall("<t[hd].*?</t[hd]>", row, re.DOTALL)
        ]
        for row in rows
    ]


@pytest.fixture
def desk(client):
    client.force_login(secretariat())
    return client


def timeless(row):
    """A step's state, attempts and log; its time is minutes and seconds."""
    _name, state, time, attempts, log = row
    assert re.fullmatch(r"\d+:[0-5]\d", time)
    return [state, attempts, log]


def test_a_step_waits_for_those_that_it_needs():
    publication = requested()

    assert ready(publication) == {"snapshot"}
    assert work_at(publication, "pdf") == "held by another worker, not ready, or over"
    assert work_at(publication, "snapshot") == "done"
    assert ready(publication) == {"charts"}
    assert work_at(publication, "charts") == "done"
    assert ready(publication) == {"pdf", "docx", "xlsx", "data"}
    assert publication.build().percent == 33


def test_the_files_are_made_in_any_order_and_listed_in_one(desk):
    publication = requested()
    for kind in ("snapshot", "charts", "data", "xlsx", "docx", "pdf"):
        assert work_at(publication, kind) == "done"

    page = desk.get(publication.get_absolute_url()).content.decode()
    links = re.findall(r"v1/report\.(\w+)", page)

    assert links == ["pdf", "brief", "docx", "pptx", "xlsx", "csv", "json"]


def test_the_page_of_the_build_shows_each_step(desk):
    publication = requested()
    work_at(publication, "snapshot")
    Step.objects.acquire(publication.build().steps.get(kind="charts").pk)

    rows = table_of(desk, reverse("reports:build", args=[publication.pk]))

    snapshot = publication.snapshots.get()
    assert [row[0] for row in rows] == [
        "Collecting the data",
        "Drawing the charts",
        "Creating the PDF",
        "Writing the Word document",
        "Writing the spreadsheet",
        "Writing the data files",
    ]
    assert timeless(rows[0]) == ["done", "1", snapshot.content_hash]
    assert timeless(rows[1]) == ["running, 0 %", "1", ""]
    assert rows[2][1:] == ["waiting for other steps", "", "0", ""]


def test_a_step_that_fails_leaves_the_others_their_work(desk, monkeypatch):
    ProjectFactory()
    publication = requested()
    monkeypatch.setitem(WRITERS, "docx", broken)

    try_all(publication)

    states = dict(publication.build().steps.values_list("kind", "state"))
    rows = {row[0]: row for row in table_of(desk, publication.get_absolute_url())}
    word = rows["Writing the Word document"]
    assert states == dict.fromkeys(KINDS, "done") | {"docx": "failed"}
    assert publication.status == Status.FAILED
    assert timeless(word) == ["failed", "4", "It went wrong."]
    assert publication.build().error == "It went wrong."


def test_only_the_failed_step_is_tried_again(desk, monkeypatch):
    ProjectFactory(title="The first")
    publication = requested()
    with monkeypatch.context() as patch:
        patch.setitem(WRITERS, "docx", broken)
        try_all(publication)
    before = {
        "snapshot": publication.snapshots.get().pk,
        **dict(publication.artefacts.values_list("format", "pk")),
    }
    ProjectFactory(title="Too late")

    desk.post(reverse("reports:move", args=[publication.pk]), {"move": "retry"})
    publication.refresh_from_db()

    after = {
        "snapshot": publication.snapshots.get().pk,
        **dict(publication.artefacts.values_list("format", "pk")),
    }
    assert (publication.status, publication.version) == (Status.READY, 1)
    assert publication.snapshots.get().figures["total"] == 1
    assert after.items() > before.items()
    assert set(after) - set(before) == {"docx", "pptx"}
    attempts = dict(publication.build().steps.values_list("kind", "attempts"))
    assert attempts == dict.fromkeys(KINDS, 1)


def test_a_failed_build_can_be_built_anew_with_the_data_of_today(monkeypatch):
    publication = requested()
    with monkeypatch.context() as patch:
        patch.setitem(WRITERS, "pdf", broken)
        try_all(publication)
    ProjectFactory()

    built(publication.move("rebuild", publication.requested_by))

    assert publication.snapshots.get(version=2).figures["total"] == 1


def test_a_cancelled_build_leaves_no_file_and_no_step_that_waits():
    ProjectFactory()
    publication = requested()
    for kind in ("snapshot", "charts", "data"):
        work_at(publication, kind)
    pdf = Step.objects.acquire(publication.build().steps.get(kind="pdf").pk)

    publication.move("cancel", publication.requested_by)

    assert pdf.renew() is False
    assert list(Artefact.objects.all()) == []
    assert list(Step.objects.ready()) == []
    assert set(publication.build().steps.values_list("kind", "state")) == {
        ("snapshot", "done"),
        ("charts", "done"),
        ("data", "done"),
        ("pdf", "cancelled"),
        ("docx", "cancelled"),
        ("xlsx", "cancelled"),
    }


def given_up(publication):
    """All attempts at the build, until the sweep gives up the step that never ends well."""
    for _round in range(Step.MAX_ATTEMPTS + 1):
        try:
            job.work_through(publication.build().pk)
        except (OperationalError, ZeroDivisionError):
            continue
    sweep()
    publication.refresh_from_db()
    return publication.build().steps.get(kind="docx")


def test_a_fault_in_the_program_is_told_as_one_and_can_be_found(
    desk, monkeypatch, caplog
):
    publication = requested()
    monkeypatch.setitem(WRITERS, "docx", broken)

    step = given_up(publication)

    [row] = [
        row
        for row in table_of(desk, publication.get_absolute_url())
        if row[0] == "Writing the Word document"
    ]
    told = re.fullmatch(
        "This step failed because of a fault in the program; it was logged under "
        r"([0-9a-f]{12})\. Try it again, or tell your administrator\.",
        row[4],
    )
    assert f"fault {told[1]} in" in caplog.text
    assert "interrupted" not in desk.get(publication.get_absolute_url()).text
    of_faults = [said for _at, how, said in step.log if how == "fault"]
    assert len(of_faults) == Step.MAX_ATTEMPTS
    assert of_faults[-1].startswith(f"{told[1]} ZeroDivisionError()\n")
    assert "in broken\n    raise ZeroDivisionError" in of_faults[-1]


def test_while_it_is_tried_again_a_fault_is_told_in_one_line(desk, monkeypatch):
    publication = requested()
    monkeypatch.setitem(WRITERS, "docx", broken)
    for kind in ("snapshot", "charts"):
        work_at(publication, kind)
    with pytest.raises(ZeroDivisionError):
        work_at(publication, "docx")

    rows = table_of(desk, reverse("reports:build", args=[publication.pk]))

    [said] = [row[4] for row in rows if row[0] == "Writing the Word document"]
    assert re.fullmatch(r"[0-9a-f]{12} ZeroDivisionError\(\)", said)


def test_an_interruption_stays_told_as_one(desk, monkeypatch):
    publication = requested()

    def away(*_args):
        raise OperationalError("the connection is closed")

    monkeypatch.setitem(WRITERS, "docx", away)

    given_up(publication)

    page = html.unescape(desk.get(publication.get_absolute_url()).text)
    assert "The build was interrupted several times and was stopped." in page
    assert "fault in the program" not in page


def test_a_file_reads_only_the_records_that_it_lists():
    ProjectFactory()
    publication = requested()
    for kind in ("snapshot", "charts"):
        work_at(publication, kind)

    for name, lists_records in (
        ("brief", False),
        ("json", False),
        ("pptx", False),
        ("pdf", True),
        ("csv", True),
    ):
        snapshot = publication.snapshots.get()
        WRITERS[name](snapshot)
        assert ("entries" in snapshot.__dict__) is lists_records
    snapshot.volumes = [{"number": 1, "title": "All", "projects": 1}]
    del snapshot.entries
    WRITERS["pdf"](snapshot)
    assert "entries" not in snapshot.__dict__
