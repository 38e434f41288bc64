"""The state of the roadmap at a date: the registers, in the order of the paper."""

import csv
import datetime
import io
import json

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from reports.builders import roadmap_state
from reports.builders.checks import FiguresDisagreeError, require_agreement
from reports.builders.figures import table_named
from reports.publication.models import Publication
from roadmap.milestone.models import Milestone
from tests import restoring
from tests.reports.records import (
    approved_and_published,
    built,
    close,
    file_of,
    pdf_text,
    requested,
    secretariat,
    sheet_of,
)

PARTS = [
    "purpose",
    "resolutions",
    "forum",
    "stocktaking",
    "joint",
    "international",
    "action_lines",
    "follow_up",
    "meetings",
]


def today():
    return timezone.now().date()


def load_registers():
    """The registers that ship with the portal."""
    call_command("load_roadmap", verbosity=0, stdout=io.StringIO())
    call_command("load_editions", verbosity=0, stdout=io.StringIO())


@pytest.fixture(scope="module")
def registers(django_db_setup, django_db_blocker):
    yield from restoring.for_one_file(django_db_blocker, load_registers)


def collected(day=None):
    return roadmap_state.collect(roadmap_state.Scope(day or today()))


def of(entries, part, kind):
    return [e for e in entries if e["part"] == part and e["kind"] == kind]


def state(**fields):
    return requested(series="roadmap_state", **{"as_of": today()} | fields)


@pytest.mark.django_db
@pytest.mark.usefixtures("registers")
def test_the_report_follows_the_paper_and_its_figures_agree():
    figures, entries = collected()
    texts = roadmap_state.compose(roadmap_state.Scope(today()), figures)

    require_agreement(figures, entries)
    assert [section["name"] for section in texts["sections"]] == PARTS
    assert list(dict.fromkeys(e["part"] for e in entries)) == [
        part for part in PARTS[1:] if part != "action_lines"
    ]
    told = [e["milestone"] for e in entries if e["milestone"]]
    assert len(told) == len(set(told)) == figures["milestones"]
    assert figures["milestones"] == sum(
        row["values"][0] for row in table_named(figures, "progress")["rows"]
    )
    assert all(entry["source"] for entry in entries)


@pytest.mark.django_db
@pytest.mark.usefixtures("registers")
def test_the_editions_of_the_review_have_theme_and_days():
    _figures, entries = collected()

    editions = of(entries, "forum", "edition")
    assert [e["code"] for e in editions] == ["2022", "2023", "2024", "2025"]
    assert editions[3]["when"] == "7 July 2025 – 11 July 2025"
    assert editions[1]["text"].startswith("WSIS Action Lines for building back better")


@pytest.mark.django_db
@pytest.mark.usefixtures("registers")
def test_a_past_day_knows_nothing_of_what_came_after():
    _figures, entries = collected(datetime.date(2024, 6, 1))

    assert [e["code"] for e in of(entries, "forum", "edition")] == [
        "2022",
        "2023",
        "2024",
    ]
    assert "A/RES/80/173" not in str(of(entries, "resolutions", "resolution"))
    milestones = [e for e in entries if e["milestone"]]
    assert {e["progress"] for e in milestones} == {"done", "planned"}
    assert all(e["recorded_later"] for e in milestones)
    assert "WSIS+20 High-Level Event 2025" not in {e["title"] for e in milestones}


@pytest.mark.django_db
@pytest.mark.usefixtures("registers")
def test_figures_of_several_sources_stand_side_by_side():
    rows = table_named(collected()[0], "stated")["rows"]

    projects = [row["values"] for row in rows if row["code"] == "projects"]
    assert {"13 240", "10,000+"} <= {value for value, *_rest in projects}
    assert all(source for _value, source, _date, _note in projects)


@pytest.mark.django_db
@pytest.mark.usefixtures("registers")
def test_one_item_too_many_is_refused():
    figures, entries = collected()
    table_named(figures, "part")["rows"][0]["values"][0] += 1

    with pytest.raises(FiguresDisagreeError):
        require_agreement(figures, entries)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (None, "Choose a day."),
        (1, "This day is in the future."),
        (-9000, "Choose a day from 1 January 2003 on."),
    ],
)
def test_days_that_cannot_be_told(days, sentence):
    day = days and today() + datetime.timedelta(days=days)

    with pytest.raises(ValidationError) as refused:
        Publication(series="roadmap_state", as_of=day).full_clean()

    assert refused.value.message_dict == {"as_of": [sentence]}


@pytest.mark.django_db
def test_the_form_takes_a_day_and_keeps_what_was_typed(client):
    client.force_login(secretariat())

    bad = client.post(
        "/en/reports/new/",
        {"series": "roadmap_state", "language": "en", "as_of": "31 June"},
    )
    good = client.post(
        "/en/reports/new/",
        {"series": "roadmap_state", "language": "en", "as_of": "2025-07-11"},
    )

    assert (bad.status_code, list(bad.context["form"].errors)) == (400, ["as_of"])
    assert 'value="31 June"' in bad.content.decode()
    assert good.status_code == 302
    assert (
        Publication.objects.get().title
        == "State of the WSIS+20 roadmap on 11 July 2025"
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("registers")
def test_page_pdf_sheet_csv_and_json_agree(client, django_assert_max_num_queries):
    milestone = Milestone.objects.filter(body="CSTD").first()
    milestone.title = "=1+1 #show: *x* <b>&amp; \u202eafter"
    milestone.save()
    milestone.record_change("update")
    report = built(state())
    report = approved_and_published(report)

    figures = report.snapshots.get().figures
    with django_assert_max_num_queries(
        7
    ):  # publication, snapshot, its body, entries, files, versions, early readers
        page = client.get(report.get_absolute_url()).content.decode()
    data = json.loads(file_of(report, "json"))
    rows = list(csv.DictReader(io.StringIO(file_of(report, "csv").decode("utf-8-sig"))))
    printed = pdf_text(report)
    assert data["figures"] == figures
    assert (
        len(rows)
        == len(data["entries"])
        == len(sheet_of(report, "items"))
        == figures["total"]
    )
    for table in figures["tables"]:
        part = page.split(f'id="table-{table["name"]}"')[1].split("</section>")[0]
        values = [
            [v if v != "" else None for v in row["values"]] for row in table["rows"]
        ]
        assert [list(row[2:]) for row in sheet_of(report, table["name"])] == values
        if table["kind"] != "stated":
            for row in table["rows"]:
                assert close(row["label"] + str(row["values"][0])) in printed
                assert f">{row['values'][0]}</td>" in part
    assert close("=1+1 #show: *x* <b>&amp;") in printed
    assert "<b>&amp;" not in page
    cells = [cell for row in rows for cell in row.values()]
    assert any("=1+1 #show" in cell for cell in cells)
    assert not any(cell.startswith("=") for cell in cells)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("registers")
@pytest.mark.parametrize("language", ["ar", "zh-hans", "ru", "fr", "es"])
def test_every_language_compiles(language):
    assert built(state(language=language)).status == "ready"
