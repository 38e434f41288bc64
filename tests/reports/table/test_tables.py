"""A table that a reader builds of a version: the right numbers, at an address that keeps them."""

import csv
import io
import json
import re
from collections import Counter
from urllib.parse import quote

import openpyxl
import pytest
from django.urls import reverse

from stocktaking.project.models import Project
from tests.factories import (
    CountryFactory,
    ProjectFactory,
    RegionFactory,
    UserFactory,
)
from tests.reports.records import (
    approved_and_published,
    built,
    frozen,
    requested,
    stories,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(transactional_db):
    """A published report of projects in three regions, with several Goals and none."""
    kenya = ProjectFactory.create_batch(3, country_id="KE", year=2023)
    egypt = ProjectFactory.create_batch(2, country_id="EG", year=2024)
    ProjectFactory(country_id="FR", year=2024)
    for project in kenya:
        project.sdgs.set(["4", "9"])
    egypt[0].sdgs.set(["9"])
    egypt[1].sdgs.set([])
    return approved_and_published(built(requested()))


def page(report, **question):
    return address(reverse("reports:table", args=[report.pk, 1]), question)


def file(client, report, file_format, **question):
    path = reverse("reports:table-file", args=[report.pk, 1, file_format])
    return client.get(address(path, question)).content


def address(path, question):
    return path + "?" + "&".join(f"{name}={value}" for name, value in question.items())


def cells(client, report, **question):
    """Code → numbers of the JSON, without the empty rows."""
    table = json.loads(file(client, report, "json", **question))["table"]
    return {
        row["code"]: dict(zip(table["columns"], row["values"], strict=True))
        for row in table["rows"]
        if any(row["values"])
    }


def test_rows_and_columns_count_each_project_of_a_cell_once(client, report):
    counted = cells(client, report, rows="region", columns="year")

    assert counted["AFR"] == {"projects": 3, "2023": 3, "2024": 0}
    assert counted["ARB"] == {"projects": 2, "2023": 0, "2024": 2}
    assert counted["EUR"]["2024"] == 1


def test_a_project_stands_in_every_goal_it_has_or_in_none(client, report):
    goals = cells(client, report, rows="sdg", region="AFR")
    regions = cells(client, report, rows="region", columns="sdg")

    numbers = {code: values["projects"] for code, values in goals.items()}
    assert numbers == {"4": 3, "9": 3}
    assert regions["ARB"]["projects"] == 2
    assert regions["ARB"]["9"] == 1
    assert regions["ARB"]["not_stated"] == 1


def test_goals_can_be_counted_against_goals(client, report):
    counted = cells(client, report, rows="sdg", columns="sdg")

    assert (counted["4"]["9"], counted["9"]["4"]) == (3, 3)
    named = Project.objects.filter(sdgs="9").count()
    assert (counted["4"]["projects"], counted["9"]["projects"]) == (3, named)


def test_projects_without_a_goal_can_be_asked_for(client, report):
    counted = cells(client, report, rows="country", sdg="not_stated")

    without = Project.objects.filter(sdgs=None).values_list("country", flat=True)
    numbers = {code: values["projects"] for code, values in counted.items()}
    assert numbers == Counter(without)
    assert numbers["EG"] == 1


@pytest.mark.parametrize("axis", ["region", "country", "stakeholder_type", "year"])
def test_a_table_without_columns_is_that_of_the_report(client, report, axis):
    tables = report.snapshots.get().figures["tables"]
    printed = next(table for table in tables if table["name"] == axis)
    numbers = {row["code"]: row["values"][0] for row in printed["rows"]}

    counted = cells(client, report, rows=axis)

    assert {code: values["projects"] for code, values in counted.items()} == {
        code: number for code, number in numbers.items() if number
    }


def test_page_and_files_say_the_same(client, report):
    question = {"rows": "region", "columns": "year", "country": "EG"}

    html = client.get(page(report, **question)).content.decode()
    text = file(client, report, "csv", **question).decode("utf-8-sig")
    workbook = io.BytesIO(file(client, report, "xlsx", **question))

    assert "Projects: Region × Year (Egypt)" in html
    arab = next(row for row in csv.reader(io.StringIO(text)) if row[0] == "ARB")
    assert arab[2:] == ["2", "0", "2"]
    shown = re.search(r"Arab States(?:</a>)?</th>(.*?)</tr>", html, re.DOTALL)[1]
    assert re.findall(r"<td>(.*?)</td>", shown) == arab[2:]
    sheet = openpyxl.load_workbook(workbook).worksheets[0]
    [values] = [row for row in sheet.iter_rows(values_only=True) if row[0] == "ARB"]
    assert list(values[2:5]) == [2, 0, 2]


def test_numbers_stay_when_the_database_changes(client, report):
    before = cells(client, report, rows="country")

    ProjectFactory.create_batch(4, country_id="KE")

    assert cells(client, report, rows="country") == before
    assert before["KE"]["projects"] == 3


def test_the_list_of_today_answers_the_same_question(client, report):
    html = client.get(page(report, rows="country", region="ARB")).content.decode()

    [path] = re.findall(r'href="([^"]*country=EG[^"]*)"', html)
    assert "region=ARB" in path
    list_of_today = client.get(path.replace("&amp;", "&")).content.decode()
    assert "2 projects" in list_of_today


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ({"rows": "planet"}, "planet is not one of the available choices."),
        ({"columns": "year"}, "This field is required."),
        ({"rows": "year", "region": "ATL"}, "ATL is not one of"),
        ({"rows": "year", "year": "२०२४"}, "२०२४ is not one of"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_the_field(
    client, report, question, sentence
):
    answer = client.get(page(report, **question))

    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    path = reverse("reports:table-file", args=[report.pk, 1, "csv"])
    assert client.get(address(path, question)).status_code == 404


def test_countries_are_too_many_for_columns(client, report):
    snapshot = report.snapshots.get()
    for table in snapshot.figures["tables"]:
        if table["name"] == "country":
            table["rows"] = table["rows"] * 30
    snapshot.save()

    html = client.get(page(report, rows="year", columns="country")).content.decode()

    assert "country is not one of the available choices." in html


def test_report_offers_it_and_success_stories_do_not(client, report):
    link = reverse("reports:table", args=[report.pk, 1])
    assert link in client.get(report.get_absolute_url()).content.decode()

    about_prizes = approved_and_published(built(stories()))

    path = page(about_prizes, rows="country")
    assert client.get(path).status_code == 404
    read = client.get(about_prizes.get_absolute_url()).content.decode()
    assert path.partition("?")[0] not in read


def test_drafts_are_for_those_who_may_read_them(client):
    draft = frozen(status="in_review")

    assert client.get(page(draft, rows="region")).status_code == 404
    client.force_login(UserFactory())
    assert client.get(page(draft, rows="region")).status_code == 404


def test_a_table_asks_few_questions_however_many_projects(
    client, report, django_assert_max_num_queries
):
    with django_assert_max_num_queries(3):
        client.get(page(report, rows="country", columns="sdg"))


HOSTILE = {
    "nul": "\x00",
    "tag": "<script>alert(1)</script>",
    "formula": '=HYPERLINK("http://a.example")',
    "quotes": "'; DROP TABLE reports_snapshot; --",
    "long": "x" * 3000,
    "direction": "\u202eteg\u2066",
    "digits": "٢٠٢٤",
    "braces": "{{ 7*7 }} %(a)s %s",
    "broken": "%ff%fe",
}
NO_TEXT = {HOSTILE["nul"], HOSTILE["broken"]}


def test_hostile_values_are_refused_as_text(client, report):
    """One report for all of them, and fewer questions than a reader may ask in a minute."""
    path = reverse("reports:table-file", args=[report.pk, 1, "json"])
    for value in HOSTILE.values():
        for field in ("rows", "sdg"):
            question = {"rows": "region", field: quote(value, safe="%")}

            answer = client.get(page(report, **question))
            html = answer.content.decode()

            assert answer.status_code == 400
            assert "<script>alert" not in html
            if value in NO_TEXT:
                assert "characters that are not text" in html
            else:
                assert "is not one of the available choices." in html
                assert client.get(address(path, question)).status_code == 404


def test_what_nobody_asks_for_changes_nothing(client, report):
    html = client.get(page(report, rows="region", unknown="%3Cb%3E")).content.decode()

    assert "Projects: Region" in html
    assert "<b>" not in html.partition("<main")[2]


def test_a_question_asked_twice_is_answered_by_its_last_value(client, report):
    path = reverse("reports:table", args=[report.pk, 1])

    html = client.get(f"{path}?rows=year&rows=region").content.decode()

    assert "Projects: Region" in html


NAMES = {  # name of a country → how a page writes it
    "=1+1": "=1+1",
    "@SUM(A1)": "@SUM(A1)",
    "<b>Bold</b> & “co”": "&lt;b&gt;Bold&lt;/b&gt; &amp; “co”",
    "東アジア": "東アジア",
    "ព្រះរាជា": "ព្រះរាជា",
}


def test_names_of_any_kind_are_texts_on_page_and_in_sheets(client, transactional_db):
    codes = dict(zip(NAMES, ("QM", "QN", "QO", "QP", "QQ"), strict=True))
    for name, code in codes.items():
        ProjectFactory(country=CountryFactory(code=code, name=name, name_en=name))
    report = approved_and_published(built(requested()))

    html = client.get(page(report, rows="country")).content.decode()
    workbook = io.BytesIO(file(client, report, "xlsx", rows="country"))
    text = file(client, report, "csv", rows="country").decode("utf-8-sig")

    sheet = openpyxl.load_workbook(workbook).worksheets[0]
    cells = {row[0].value: row[1] for row in sheet.iter_rows()}
    labels = {row[0]: row[1] for row in csv.reader(io.StringIO(text)) if len(row) > 1}
    for name, code in codes.items():
        assert NAMES[name] in html
        assert (cells[code].value, cells[code].data_type) == (name, "s")
        assert labels[code].removeprefix("'") == name
        assert labels[code][0] not in "=@+-"


def test_an_arabic_report_builds_its_tables_in_arabic(client, transactional_db):
    region = RegionFactory(code="ARB", name="Arab States", name_ar="الدول العربية")
    ProjectFactory(country__region=region)
    report = approved_and_published(built(requested(language="ar")))

    html = client.get(page(report, rows="region", columns="year")).content.decode()
    workbook = io.BytesIO(file(client, report, "xlsx", rows="region", columns="year"))

    assert "الدول العربية" in html
    assert openpyxl.load_workbook(workbook).worksheets[0].sheet_view.rightToLeft
