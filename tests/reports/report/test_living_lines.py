"""Living numbers and claims in headings, labels, captions and descriptions."""

import io

import openpyxl
import pytest

from common.moves.workflow import MoveRefused
from reports.living.counting import Counter
from reports.report.checklist import problems_of
from reports.report.freezing import body_of
from reports.report.kinds import BlockKind, SectionKind
from tests.factories import ActionLineFactory, CountryFactory, ProjectFactory
from tests.reports.records import (
    built,
    file_of,
    pdf_text,
    requested,
    secretariat,
)
from tests.reports.written import report_of, written


def with_lines(publication):
    """A heading with a number, a key number with a claim in its label, a chart with both."""
    foreword = report_of(publication).sections.get(kind=SectionKind.FOREWORD)
    foreword.write("heading", "en", "{{total}} projects & *no* Markdown", None)
    written(publication, "Words.")
    written(
        publication,
        "projects; C1 is {{largest: line=C1 | the largest line}}",
        kind=BlockKind.KEY_NUMBER,
        settings={"token": "{{total}}"},
    )
    written(
        publication,
        "Bars of {{countries}} countries",
        kind=BlockKind.CHART,
        settings={"chart": "region"},
        caption="{{count: line=C1}} of {{total}}",
    )


def projects():
    for line, country in (("C1", "KE"), ("C1", "SN"), ("C2", "KE")):
        ProjectFactory(
            main_action_line=ActionLineFactory(code=line),
            country=CountryFactory(code=country),
        )


@pytest.mark.django_db(transaction=True)
def test_page_pdf_spreadsheet_and_checklist_have_the_same_numbers(client):
    projects()
    publication = requested()
    with_lines(publication)
    publication = built(publication)
    client.force_login(secretariat())

    page = client.get(publication.get_absolute_url()).content.decode()
    book = openpyxl.load_workbook(io.BytesIO(file_of(publication, "xlsx")))
    numbers = [
        row[:2] for row in book["Numbers in the text"].iter_rows(values_only=True)
    ]

    assert "3 projects &amp; *no* Markdown" in page
    assert "Bars of 2 countries" in page
    assert "<figcaption>2 of 3</figcaption>" in page
    assert "{{" not in page.partition("report-text")[2].partition("</article>")[0]
    text = pdf_text(publication)
    assert "3projects&*no*Markdown" in text
    assert "2of3" in text
    assert ("total", "3") in numbers
    assert ("countries", "2") in numbers
    assert ("largest: line=C1 | the largest line", "the largest line") in numbers


@pytest.mark.django_db(transaction=True)
def test_a_claim_in_a_label_that_is_not_true_keeps_from_being_approved():
    projects()
    publication = requested()
    written(
        publication,
        "C2 is {{largest: line=C2 | the largest line}}",
        kind=BlockKind.KEY_NUMBER,
        settings={"token": "{{total}}"},
    )
    publication = built(publication)

    with pytest.raises(MoveRefused, match="the largest line"):
        publication.move("approve", secretariat())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("{{totl}} projects", "TOKEN_UNKNOWN"),
        ("{{total projects", "TOKEN_UNKNOWN"),
        ("C2 is {{largest: line=C2 | the largest}}", "CLAIM_FALSE"),
    ],
)
def test_what_is_wrong_in_a_heading_is_named_with_its_place(heading, code):
    projects()
    publication = requested()
    written(publication, "Words.")
    report = report_of(publication)
    foreword = report.sections.get(kind=SectionKind.FOREWORD)
    foreword.write("heading", "en", heading, None)
    report = report_of(publication)

    named = [p for p in problems_of(report, "en") if p.code == code]

    assert [problem.place for problem in named] == [foreword.edit_url("en")]
    body = body_of(report.printed_sections(), "en", Counter(report.scope), [])
    assert body[0]["heading"]["text"]
