"""The job: a whole build, leases and tokens, steps that were done, errors that give up."""

import io
import re
import uuid
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.db import connections
from django.utils import timezone
from pypdf import PdfReader

from common.jobs.models import LeaseLostError
from reports.build import job
from reports.build.models import Step
from reports.build.tasks import sweep
from reports.builders.checks import FiguresDisagreeError
from reports.layout.layout import totals
from reports.output.models import Artefact
from reports.output.writers import WRITERS
from reports.publication.workflow import Status
from tests.factories import ProjectFactory
from tests.reports.records import built as built_by_a_worker
from tests.reports.records import requested
from tests.reports.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)

TITLES = {
    "ar": "القمة العالمية لمجتمع المعلومات",
    "zh-hans": "信息社会世界峰会",
    "ru": "Всемирный саммит по информационному обществу",
    "en": "=Villages #show: *not* $markup$ @now สวัสดี",
}


def step_of(publication, kind="snapshot"):
    return publication.build().steps.get(kind=kind)


def taken(publication, kind="snapshot"):
    return Step.objects.acquire(step_of(publication, kind).pk)


def expire(step):
    Step.objects.filter(pk=step.pk).update(
        lease_until=timezone.now() - timedelta(seconds=1)
    )


def file_of(publication, name):
    with publication.artefacts.get(format=name).file.open() as file:
        return file.read()


@pytest.fixture
def built():
    """A report of four entries in four languages."""
    for language, title in TITLES.items():
        ProjectFactory(title=title, language=language)
    return built_by_a_worker(requested())


def test_a_build_ends_ready_with_one_file_per_format(built):
    build = built.build()

    assert (built.status, build.state, build.percent) == ("ready", "done", 100)
    assert {(s.state, s.percent, s.attempts) for s in build.steps.all()} == {
        ("done", 100, 1)
    }
    assert [a.format for a in built.artefacts.all()] == [
        "pdf",
        "brief",
        "docx",
        "pptx",
        "xlsx",
        "csv",
        "json",
    ]
    assert built.snapshots.get().figures["total"] == 4


def test_the_pdf_is_tagged_and_says_what_it_is(built):
    reader = PdfReader(io.BytesIO(file_of(built, "pdf")))
    root = reader.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert "/StructTreeRoot" in root
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert reader.metadata.title == built.title


def test_the_pdf_holds_all_scripts_and_takes_nothing_for_markup(built):
    reader = PdfReader(io.BytesIO(file_of(built, "pdf")))
    text = "".join(page.extract_text() for page in reader.pages)

    assert "信息社会世界峰会" in text
    assert "Всемирный саммит" in text
    assert "=Villages #show: *not* $markup$ @now" in text
    assert set("القمة") <= set(text)


def test_every_font_of_the_pdf_is_embedded(built):
    reader = PdfReader(io.BytesIO(file_of(built, "pdf")))
    fonts = [
        inner.get_object()
        for page in reader.pages
        for font in page["/Resources"].get("/Font", {}).values()
        for inner in font.get_object()["/DescendantFonts"]
    ]

    embedded = [{"/FontFile2", "/FontFile3"} & set(f["/FontDescriptor"]) for f in fonts]

    assert fonts
    assert all(embedded)


def test_the_spreadsheet_holds_the_figures_of_the_snapshot(built):
    book = openpyxl.load_workbook(io.BytesIO(file_of(built, "xlsx")))
    figures = built.snapshots.get().figures

    assert book.sheetnames[0] == "Executive summary"
    assert "stakeholder_type" not in book.sheetnames
    for place, table in enumerate(figures["tables"], start=1):
        rows = list(book.worksheets[place].iter_rows(min_row=2, values_only=True))
        assert [(r[0] or "", r[1], list(r[2:])) for r in rows] == [
            *((row["code"], row["label"], row["values"]) for row in table["rows"]),
            *[("", "Total", list(sums)) for sums in [totals(table)] if sums],
        ]
    titles = [row[1].value for row in book["Projects"].iter_rows(min_row=2)]
    assert sorted(titles) == sorted(TITLES.values())
    assert {c.data_type for row in book["Projects"].iter_rows() for c in row} <= {
        "s",
        "n",
    }


def test_a_formula_in_the_csv_is_text(built):
    text = file_of(built, "csv").decode("utf-8-sig")

    assert ",'=Villages #show" in text
    assert ",=Villages" not in text


def test_the_snapshot_does_not_follow_the_database(built):
    before = built.snapshots.get()

    ProjectFactory()

    assert (built.snapshots.get().figures["total"], before.records.count()) == (4, 4)


@pytest.mark.parametrize("language", ["ar", "zh-hans", "ru", "fr", "es"])
def test_every_language_compiles(language):
    ProjectFactory()
    publication = requested(language=language)

    built_by_a_worker(publication)

    reader = PdfReader(io.BytesIO(file_of(publication, "pdf")))
    assert reader.trailer["/Root"]["/Lang"].startswith(language[:2])


def test_of_eight_workers_one_takes_the_step():
    pk = step_of(requested()).pk

    def take(_number):
        try:
            return Step.objects.acquire(pk)
        finally:
            connections.close_all()

    winners = [step for step in at_once(take, 8) if step]

    assert len(winners) == 1
    assert Step.objects.get(pk=pk).attempts == 1


def test_a_stale_token_can_write_nothing():
    publication = requested()
    zombie = taken(publication)
    expire(zombie)
    heir = taken(publication)

    with pytest.raises(LeaseLostError):
        zombie.advance(40)
    with pytest.raises(LeaseLostError):
        zombie.finish()
    with pytest.raises(LeaseLostError):
        job.take_snapshot(zombie)

    assert zombie.renew() is False
    assert heir.renew() is True
    assert list(publication.snapshots.all()) == []


def test_a_zombie_leaves_no_file():
    ProjectFactory()
    publication = requested()
    zombie = taken(publication)
    snapshot = job.take_snapshot(zombie)
    expire(zombie)
    taken(publication)

    with pytest.raises(LeaseLostError):
        job.write_artefact(zombie, snapshot, "json")

    assert default_storage.listdir(f"reports/{publication.pk}/v1")[1] == []
    assert list(Artefact.objects.all()) == []


def test_a_cancelled_build_stops_its_worker():
    publication = requested()
    step = taken(publication)

    publication.move("cancel", publication.requested_by)

    with pytest.raises(LeaseLostError):
        step.advance(40)


def test_the_next_worker_goes_on_from_what_is_written():
    ProjectFactory()
    publication = requested()
    first = taken(publication)
    snapshot = job.take_snapshot(first)
    stray = default_storage.save(
        f"reports/{publication.pk}/v1/{uuid.uuid4()}.pdf", io.BytesIO(b"x")
    )
    ProjectFactory()
    expire(first)

    built_by_a_worker(publication)

    assert publication.snapshots.get() == snapshot
    assert publication.snapshots.get().figures["total"] == 1
    assert not default_storage.exists(stray)


def test_a_lease_that_holds_is_left_alone():
    step = taken(requested())

    assert job.work_at(step.pk) == "held by another worker, not ready, or over"
    assert sweep() == 0


def test_the_sweep_takes_up_a_lost_step():
    publication = requested()
    expire(taken(publication))

    assert sweep() == 1

    publication.refresh_from_db()
    assert (publication.status, step_of(publication).attempts) == (Status.READY, 2)


def test_a_build_that_kills_its_workers_is_given_up_and_can_be_tried_again():
    publication = requested()
    Step.objects.filter(kind="snapshot").update(
        state="running",
        token=uuid.uuid4(),
        attempts=Step.MAX_ATTEMPTS,
        lease_until=timezone.now() - timedelta(seconds=1),
    )

    sweep()

    publication.refresh_from_db()
    build = publication.build()
    assert (publication.status, build.state) == (Status.FAILED, "failed")
    assert build.error.startswith("The build was interrupted several times")
    assert publication.move("retry", publication.requested_by).version == 1
    built_by_a_worker(publication)


def test_figures_that_disagree_fail_the_build(monkeypatch):
    publication = requested()

    def disagree(_figures, _entries):
        raise FiguresDisagreeError("The figures do not agree.")

    monkeypatch.setattr(job, "require_agreement", disagree)
    job.work_at(step_of(publication).pk)

    publication.refresh_from_db()
    assert (publication.status, publication.build().error) == (
        Status.FAILED,
        "The figures do not agree.",
    )
    assert list(publication.snapshots.all()) == []


def test_an_unforeseen_error_gives_the_lease_back_at_once(monkeypatch):
    publication = requested()

    def broken(*_args):
        raise ZeroDivisionError

    monkeypatch.setitem(WRITERS, "pdf", broken)
    with pytest.raises(ZeroDivisionError):
        job.work_through(publication.build().pk)

    step = step_of(publication, "pdf")
    assert (step.state, step.attempts, step.token) == ("queued", 1, None)
    assert step.last_line == f"{step.fault} ZeroDivisionError()"
    assert re.fullmatch(r"[0-9a-f]{12}", step.fault)
