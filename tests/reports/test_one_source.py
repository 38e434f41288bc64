"""One country of one project changes: every number and sentence that is no longer true is named,
nothing false is approved, and page, PDF, spreadsheet, JSON and API agree on every number."""

import io
import json
import re

import openpyxl
import pytest

from reports.output.comparison import changes
from stocktaking.project.models import Project
from tests.factories import CountryFactory, ProjectFactory
from tests.reports.output.test_pdf import read_by_pdfium
from tests.reports.output.test_word import opened, words
from tests.reports.output.test_written import close, page_text
from tests.reports.records import (
    approved_and_published,
    built,
    file_of,
    requested,
    secretariat,
)
from tests.reports.written import written

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = (
    "Africa has {{count: region=AFR, year=2025}} projects, {{largest: region=AFR, "
    "year=2025 | more than any other region}}. That is {{share: region=AFR, year=2025}}, "
    "from {{countries}} countries; Africa {{grew: region=AFR, from=2024, to=2025 | grew}}."
)
MENDED = (
    "Africa has {{count: region=AFR, year=2025}} projects, Europe {{largest: region=EUR, "
    "year=2025 | more than any other region}}. That is {{share: region=AFR, year=2025}}, "
    "from {{countries}} countries; Africa {{ratio: region=AFR, from=2024, to=2025, "
    "at_least=1 | did not lose any}}."
)
COUNTRIES = ("BR", "EG", "IN", "KZ", "FR")


@pytest.fixture
def projects():
    """Africa has three projects of 2025, each other region two: one move changes the order."""
    for code in COUNTRIES:
        ProjectFactory.create_batch(2, year=2025, country=CountryFactory(code=code))
    ProjectFactory.create_batch(2, year=2024)
    return ProjectFactory.create_batch(3, year=2025)


def rebuilt(publication):
    return built(publication.move("rebuild", secretariat()))


def approval(client, publication):
    """What somebody else of the secretariat gets who presses “Approve”."""
    client.force_login(secretariat())
    answer = client.post(
        f"/en/reports/{publication.pk}/move/", {"move": "approve"}, follow=True
    )
    publication.refresh_from_db()
    return " ".join(answer.content.decode().split())


def numbers_and_claims(publication):
    body = publication.snapshots.latest("version").body
    (text,) = (
        block for part in body for block in part["blocks"] if block["kind"] == "text"
    )
    return [
        inline
        for inline in text["nodes"][0]["inlines"]
        if inline["kind"] in ("figure", "claim")
    ]


def test_a_moved_project_makes_false_sentences_that_nobody_can_approve(
    client, projects
):
    publication = requested(language="en")
    block = written(publication, TEXT)
    publication = built(publication)
    first = publication.snapshots.get()
    assert [one["text"] for one in numbers_and_claims(publication)] == [
        "3",
        "more than any other region",
        "23.1%",
        "6",
        "grew",
    ]

    projects[0].country = CountryFactory(code="FR")
    projects[0].save()
    publication = rebuilt(publication)

    refused = approval(client, publication)
    assert publication.status == "ready"
    assert "“more than any other region” is not true (Africa: 2; Europe: 3)." in refused
    assert "“grew” is not true (2024: 2; 2025: 2)." in refused
    require_page_of_changes(client, publication, first)

    block.write("text", "en", MENDED, None)
    publication = rebuilt(publication)
    passed = approval(client, publication)
    assert publication.status == "approved"
    assert "is not true" not in passed


def require_page_of_changes(client, publication, first):
    """Every number that differs is on the page, and nothing else."""
    later = publication.snapshots.latest("version")
    page = client.get(f"/en/reports/{publication.pk}/v{later.version}/changes/")
    page = " ".join(page.content.decode().split())
    rows = re.findall(
        r'<td dir="auto">(.*?)</td><th scope="row" dir="auto">(.*?)</th><td><bdi>(.*?)'
        r"</bdi></td><td><bdi>(.*?)</bdi></td><td><bdi>(.*?)</bdi></td>",
        page,
    )

    assert set(rows) == {
        ("Projects by region", "Africa", "5", "4", "−1"),
        ("Projects by region", "Europe", "2", "3", "+1"),
        ("Projects by country", "Kenya", "5", "4", "−1"),
        ("Projects by country", "France", "2", "3", "+1"),
        ("Numbers in the text", "count: region=AFR, year=2025", "3", "2", ""),
        ("Numbers in the text", "share: region=AFR, year=2025", "23.1%", "15.4%", ""),
    }
    red = page.split('class="notice notice-error"')[1].split("</section>")[0]
    assert "“more than any other region” is not true" in red
    assert "“grew” is not true" in red
    assert f"/en/reports/editions/{publication.report_id}/edit/" in red
    assert len(rows) == len(changes(first, later))


def test_all_outputs_agree_on_every_number(client, projects):
    publication = requested(language="en")
    written(publication, TEXT)
    publication = approved_and_published(built(publication))
    told = numbers_and_claims(publication)
    sentence = (
        "Africa has 3 projects, more than any other region. That is 23.1%, from 6 "
        "countries; Africa grew."
    )

    page = " ".join(page_text(client, publication).split())
    pdf = close(read_by_pdfium(file_of(publication, "pdf")))
    book = openpyxl.load_workbook(io.BytesIO(file_of(publication, "xlsx")))
    rows = list(book["Numbers in the text"].iter_rows(min_row=2, values_only=True))
    body = json.loads(file_of(publication, "json"))["body"]
    answer = client.get(f"/api/v1/reports/{publication.pk}/text/").json()

    assert sentence in page
    assert close(sentence) in pdf
    assert sentence in words(opened(file_of(publication, "docx")))
    assert [row[:2] for row in rows] == [(one["token"], one["text"]) for one in told]
    assert answer == {"version": 1, "body": body}
    assert body == publication.snapshots.get().body
    for figure in told:  # and so does the register behind each of them
        assert client.get(figure["address"]).status_code == 200


def test_all_outputs_list_the_same_projects(client, projects):
    publication = approved_and_published(built(requested(language="en")))
    expected = set(Project.objects.published().values_list("number", flat=True))
    assert len(expected) == 15

    pages = pages_of_index(client, publication)
    book = openpyxl.load_workbook(io.BytesIO(file_of(publication, "xlsx")))
    listed = list(book["Projects"].iter_rows(min_row=2, max_col=1, values_only=True))
    csv = file_of(publication, "csv").decode("utf-8-sig")

    assert numbers_in(pages) == expected
    assert numbers_in(read_by_pdfium(file_of(publication, "pdf"))) == expected
    assert numbers_in(words(opened(file_of(publication, "docx")))) == expected
    assert {row[0] for row in listed} == expected
    assert numbers_in(csv) == expected


def pages_of_index(client, publication):
    return client.get(f"/en/reports/{publication.pk}/index/").content.decode()


def numbers_in(text):
    return set(re.findall(r"WSIS-\d{4}-\d+", text))


def test_the_api_lists_what_changed_between_public_versions(client, projects):
    publication = approved_and_published(built(requested(language="en")))
    projects[0].country = CountryFactory(code="FR")
    projects[0].save()
    publication = publication.move("amend", secretariat(), "One country was wrong.")
    publication = approved_and_published(built(publication))

    answer = client.get(f"/api/v1/reports/{publication.pk}/changes/").json()
    asked = client.get(
        f"/api/v1/reports/{publication.pk}/changes/?base={publication.pk}v1"
    ).json()

    assert answer == asked
    assert (answer["version"], answer["compared_with"]) == (2, f"{publication.pk}v1")
    assert {
        (row["table"], row["code"], row["before"], row["after"], row["difference"])
        for row in answer["changes"]
    } == {
        ("Projects by region", "AFR", "5", "4", -1),
        ("Projects by region", "EUR", "2", "3", 1),
        ("Projects by country", "KE", "5", "4", -1),
        ("Projects by country", "FR", "2", "3", 1),
    }


def test_an_edition_is_compared_with_the_one_before(client, projects):
    approved_and_published(
        built(requested(language="en", from_year=2023, to_year=2024))
    )
    later = approved_and_published(
        built(requested(language="en", from_year=2025, to_year=2026))
    )

    page = client.get(f"/en/reports/{later.pk}/v1/changes/").content.decode()

    page = " ".join(page.split())
    row = '<th scope="row" dir="auto">Projects</th><td><bdi>2</bdi></td><td><bdi>13</bdi></td>'
    assert row in page
    assert "<bdi>Global stocktaking report 2023–2024</bdi>" in page
    assert "<td><bdi>+11</bdi></td>" in page


@pytest.mark.parametrize(
    "base", ["x", "1", "1v", "999999v1", "1v99999999999999", "٣v١"]
)
def test_a_wrong_version_is_not_found(client, projects, base):
    publication = approved_and_published(built(requested(language="en")))

    page = client.get(f"/en/reports/{publication.pk}/v1/changes/?base={base}")
    answer = client.get(f"/api/v1/reports/{publication.pk}/changes/?base={base}")

    assert (page.status_code, answer.status_code) == (404, 404)
