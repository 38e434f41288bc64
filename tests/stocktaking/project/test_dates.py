"""Start and end of an activity: years, months and days, in form, table, import, page and export."""

import csv
import datetime
import io
import json

import pytest
from django.db import DataError, IntegrityError, transaction
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from common.dates.partial import in_order
from stocktaking.imports.importer import ProjectImporter
from stocktaking.project.models import Project
from stocktaking.revision.differences import differences
from tests.factories import ProjectFactory
from tests.stocktaking.import_file import a_file

DAYS = st.dates(datetime.date(1990, 1, 1), datetime.date(2040, 12, 31))
LENGTHS = st.sampled_from([4, 7, 10])


@given(DAYS, LENGTHS, DAYS, LENGTHS)
def test_what_may_be_in_order_is_in_order(first, exact, last, as_exact):
    start, end = first.isoformat()[:exact], last.isoformat()[:as_exact]

    length = min(exact, as_exact)
    assert in_order(start, end) == (start[:length] <= end[:length])
    assert in_order(start, end) or first > last


@given(DAYS, LENGTHS, st.integers(1990, 2040))
def test_a_year_forgets_what_is_more_exact_only_when_it_differs(day, length, year):
    project = Project(start_date=day.isoformat()[:length])

    project.start_year = year

    assert project.start_year == year
    assert project.start_date == (
        day.isoformat()[:length] if day.year == year else str(year)
    )
    project.start_year = None
    assert (project.start_date, project.start_year) == ("", None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2010", "2009"),
        ("2010-05", "2010-04"),
        ("2010-05", "2010-04-30"),
        ("2010-05-02", "2010-04"),
        ("2010-05-02", "2010-05-01"),
        ("20100", ""),
        ("soon", ""),
        ("2010-5", ""),
        ("2010-05-01T", ""),
    ],
)
def test_the_table_refuses(start, end):
    project = ProjectFactory()

    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        Project.objects.filter(pk=project.pk).update(start_date=start, end_date=end)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "end", "english", "interval"),
    [
        ("2004", "2004", "2004", "2004/2004"),
        ("2004", "2009", "2004 – 2009", "2004/2009"),
        ("2004-05", "", "May 2004 –", "2004-05/.."),
        ("2004-05-12", "2004", "12 May 2004 – 2004", "2004-05-12/2004"),
        ("", "2009", "– 2009", "../2009"),
        ("", "", "", ""),
    ],
)
def test_words_of_a_period(client, start, end, english, interval):
    project = ProjectFactory(start_date=start, end_date=end)
    page = client.get(f"/en/projects/{project.pk}/").content.decode()

    with translation.override("en"):
        assert (project.period, project.interval) == (english, interval)
    assert (f"<bdi>{english}</bdi>" in page) == bool(english)


@pytest.mark.parametrize(
    ("code", "month"),
    [
        ("fr", "mai 2004"),
        ("es", "mayo de 2004"),
        ("ru", "Май 2004 г."),
        ("zh-hans", "2004年5月"),
    ],
)
def test_months_in_the_language_of_the_page(code, month):
    with translation.override(code):
        assert (
            Project(start_date="2004-05", end_date="2004-05").period.lower()
            == month.lower()
        )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        ({"start_year": "2004-05"}, ("2004-05", "")),
        ({"start_year": "2004/2009"}, ("2004", "2009")),
        ({"start_year": "2004-05/2004-05-31"}, ("2004-05", "2004-05-31")),
        ({"start_year": "2004/.."}, ("2004", "")),
        ({"start_year": "../2009"}, ("", "2009")),
        ({"start_year": "2004-05-12", "end_year": "2004"}, ("2004-05-12", "2004")),
    ],
)
def test_import_takes_dates_and_intervals(cells, kept):
    assert (
        str(ProjectImporter.import_file(a_file(cells)))
        == "1 created, 0 updated, 0 unchanged, 0 failed"
    )

    project = Project.objects.get()
    assert (project.start_date, project.end_date) == kept
    assert (
        str(ProjectImporter.import_file(a_file(cells)))
        == "0 created, 0 updated, 1 unchanged, 0 failed"
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"start_year": "2004/2009", "end_year": "2009"}, "start_year"),
        ({"start_year": "2009/2004"}, "end_year"),
        ({"start_year": "2004/x"}, "start_year"),
        ({"start_year": "x/2004"}, "start_year"),
        ({"start_year": "2004/2005/2006"}, "start_year"),
        ({"start_year": "2004~"}, "start_year"),
    ],
)
def test_import_names_the_bad_end(cells, column):
    result = ProjectImporter.import_file(a_file(cells))

    assert [error.column for error in result.errors] == [column]
    assert not Project.objects.exists()


@pytest.mark.django_db
def test_files_api_and_json_ld_hold_date_and_year(client):
    project = ProjectFactory(start_date="2004-05", end_date="2009")

    exported = b"".join(client.get("/en/projects/export.csv").streaming_content).decode(
        "utf-8-sig"
    )
    row = next(csv.DictReader(io.StringIO(exported)))
    record = client.get(f"/api/v1/projects/{project.pk}/").json()
    linked = json.loads(client.get(f"/en/projects/{project.pk}.jsonld").content)

    names = ("start_date", "end_date", "start_year", "end_year")
    assert [row[name] for name in names] == ["2004-05", "2009", "2004", "2009"]
    assert [record[name] for name in names] == ["2004-05", "2009", 2004, 2009]
    assert (linked["foundingDate"], linked["dissolutionDate"]) == ("2004-05", "2009")


def test_versions_from_before_months_compare_with_newer_ones():
    old, new = (
        {"start_year": 2010, "end_year": None},
        {"start_date": "2010-05", "end_date": ""},
    )

    assert differences(old, {"start_date": "2010", "end_date": ""}) == []
    found = differences(old, new)
    assert [(row.field, row.old_text, row.new_text) for row in found] == [
        ("start_date", "2010", "May 2010")
    ]
