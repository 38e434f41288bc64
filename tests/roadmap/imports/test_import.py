"""The import of milestones, and the export that it takes back."""

import csv
import datetime
import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from common.records.models import RecordVersion
from roadmap.document.models import Document
from roadmap.figure.models import Figure
from roadmap.imports.milestones import MilestoneImporter, export_rows
from roadmap.meeting.models import Meeting
from roadmap.milestone.models import Milestone
from roadmap.resolution.models import Resolution
from tests.roadmap.records import AgencyFactory, BodyFactory, RoadmapFactory

pytestmark = pytest.mark.django_db
GOOD = {
    "track": "ITU",
    "title": "High-Level Event",
    "kind": "event",
    "body": "UNGIS",
    "lead_agency": "ITU; UNESCO",
    "start_date": "2025-07-07",
    "end_date": "2025-07-11",
    "status": "done",
    "link": "",
    "source": "seed document; date unconfirmed",
}


@pytest.fixture(autouse=True)
def _registers():
    RoadmapFactory(), BodyFactory(), AgencyFactory(), AgencyFactory(code="UNESCO")


def sheet(*rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return io.BytesIO(out.getvalue().encode())


def bring(*rows, **options):
    return MilestoneImporter.import_file(sheet(*rows), **options)


def test_a_row_becomes_a_public_milestone():
    assert str(bring(GOOD)) == "1 created, 0 updated, 0 unchanged, 0 failed"

    found = Milestone.objects.get()
    assert (found.start, found.end, found.lead_id, found.status, found.progress) == (
        "2025-07-07",
        "2025-07-11",
        "ITU",
        "published",
        "done",
    )
    assert [(p.agency_id, p.role) for p in found.partnerships.all()] == [
        ("UNESCO", "co_owner")
    ]
    assert found.source.endswith("unconfirmed")
    assert (found.baseline_start, found.version) == ("2025-07-07", 1)


BAD = [
    ({"lead_agency": "Atlantis"}, "lead_agency", "“Atlantis” is not known."),
    ({"body": "Atlantis"}, "body", "“Atlantis” is not known."),
    ({"track": "Moon"}, "track", "“Moon” is not known."),
    ({"start_date": ""}, "start_date", "Fill in this cell."),
    ({"start_date": "7 July"}, "start_date", "Enter a date such as"),
    (
        {"start_date": "2025-02-30", "end_date": ""},
        "start_date",
        "This day does not exist",
    ),
    ({"end_date": "2024"}, "end_date", "The end is before the start."),
    ({"kind": "party"}, "kind", "“party” is not known."),
    ({"status": "soon"}, "status", "“soon” is not known."),
    ({"title": "x" * 301}, "title", "at most 300 characters"),
    ({"link": "nowhere"}, "link", "Enter a valid URL."),
    ({"source": ""}, "source", "Fill in this cell."),
    ({"title": "a\x07b"}, "title", "control character"),
]


@pytest.mark.parametrize(("cells", "column", "sentence"), BAD)
def test_a_bad_cell_is_refused_with_its_row_and_column(cells, column, sentence):
    result = bring(GOOD | cells, GOOD | {"title": "Another"})

    assert (result.created, result.failed) == (1, 1)
    assert [(e.row, e.column) for e in result.errors] == [(2, column)]
    assert sentence in result.errors[0].message


def test_a_repeated_row_is_refused():
    result = bring(GOOD, GOOD | {"title": "high-level  event"})

    assert (result.created, [e.message for e in result.errors]) == (
        1,
        ["Row 2 already contains this milestone."],
    )


def test_a_second_time_changes_nothing():
    bring(GOOD)
    before = RecordVersion.objects.count()

    assert str(bring(GOOD)) == "0 created, 0 updated, 1 unchanged, 0 failed"
    assert RecordVersion.objects.count() == before


def test_a_changed_date_needs_its_reason():
    bring(GOOD)
    later = GOOD | {"start_date": "2025-07-08"}

    refused = bring(later)
    tried = bring(later | {"reason": "Moved."}, dry_run=True)
    standing = Milestone.objects.get().start
    done = bring(later | {"reason": "Moved."})

    assert [e.column for e in refused.errors] == ["reason"]
    assert (tried.updated, standing, done.updated) == (1, "2025-07-07", 1)
    assert Milestone.objects.get().start == "2025-07-08"


def test_only_new_leaves_what_is_there():
    bring(GOOD)

    assert bring(GOOD | {"status": "planned"}, only_new=True).unchanged == 1
    assert Milestone.objects.get().progress == "done"


def test_dry_run_writes_nothing():
    assert bring(GOOD, dry_run=True).created == 1
    assert Milestone.objects.count() == 0


def test_the_data_of_the_portal_are_loaded_once_and_come_back_unchanged():
    Milestone.objects.all().delete()
    for name in (1, 2):
        out = io.StringIO()
        call_command("load_roadmap", stdout=out)
        assert (name == 1) or out.getvalue() == "0 records added\n"
    shipped = Path(settings.BASE_DIR) / "roadmap/data/roadmap_items.csv"
    wanted = list(csv.DictReader(shipped.read_text(encoding="utf-8").splitlines()))
    assert Milestone.objects.count() == len(wanted) == 61
    assert all(
        (
            Resolution.objects.count(),
            Meeting.objects.count(),
            Figure.objects.count(),
            Document.objects.count(),
        )
    )

    text = "".join(export_rows(Milestone.objects.all()))
    again = MilestoneImporter.import_file(io.BytesIO(text.encode()))

    assert str(again) == "0 created, 0 updated, 61 unchanged, 0 failed"


def test_next_dates_are_the_three_of_the_first_page():
    call_command("load_roadmap", stdout=io.StringIO())
    found = Milestone.objects.next_dates(datetime.date(2026, 11, 24))

    assert [(m.start, bool(m.source)) for m in found] == [
        ("2025-12-17", True),
        ("2026", True),
        ("2027", True),
    ]
