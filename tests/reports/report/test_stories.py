"""The text of the success stories: written on the editor's page, counted from the entries, and the
same on the page, in the PDF, the Word document, the JSON and the API."""

import json

import pytest
from django.core.exceptions import ValidationError

from reports.publication.models import Publication
from reports.report.checklist import problems_of
from reports.report.models import Report
from tests.factories import ProjectFactory
from tests.reports.output.test_word import opened, words
from tests.reports.output.test_written import page_text
from tests.reports.records import (
    approved_and_published,
    awarded_contest,
    built,
    close,
    file_of,
    pdf_text,
    secretariat,
    stories,
)
from tests.reports.report.pages import Editor

pytestmark = pytest.mark.django_db

FOREWORD = (
    "{{total}} entries from {{countries}} countries and {{organizations}} organization; "
    "the database has {{count: year=2031}} project of 2031."
)
PRINTED = (
    "3 entries from 1 countries and 1 organization; the database has 1 project of 2031."
)
HEADINGS = [
    "Introduction",
    "Executive summary",
    "Figures and their sources",
    "Winners and champions by category",
    "Annexes",
    "Disclaimer",
]


@pytest.fixture
def contest():
    return awarded_contest()


def text_of(contest):
    """The report of the contest, as its first publication makes it."""
    publication = Publication.objects.create(series="success_stories", contest=contest)
    return Report.objects.with_outline().get(pk=publication.report_id)


def test_languages_share_the_report_of_a_year(contest):
    english, french = (
        Publication.objects.create(
            series="success_stories", contest=contest, language=language
        )
        for language in ("en", "fr")
    )

    assert english.report == french.report
    assert str(english.report) == f"WSIS Prizes: success stories · {contest}"
    assert [str(one) for one in text_of(contest).printed_sections()] == HEADINGS
    assert [p.code for p in problems_of(text_of(contest), "en")] == ["NO_NEXT_DATE"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "Success stories need the year of the prizes"),
        ({"from_year": 2019}, "Only stocktaking reports have a first and last year."),
    ],
)
def test_its_scope_is_a_year_of_the_prizes(contest, values, sentence):
    scope = {"contest": contest, **values} if values else {}

    with pytest.raises(ValidationError, match=sentence):
        Report(series="success_stories", **scope).full_clean()


def test_an_editor_is_offered_what_the_series_has(client, contest):
    client.force_login(secretariat())
    text = text_of(contest)
    page = Editor(client, text.sections.get(kind="foreword"))

    assert 'value="chart"' in page.html
    for kind in ("boxes", "map", "heat_map", "cross_table", "curve", "reviews"):
        assert f'value="{kind}"' not in page.html
    assert "chapter-C1" not in page.html
    page.press("add", "map")
    assert text.sections.get(kind="foreword").blocks.count() == 1
    page.press("add", "chart")
    page.press("add", "table")
    page.press("add", "standard")
    html = Editor(client, text.sections.get(kind="foreword")).html
    assert "Figures stated by sources for the edition" in html
    assert "Entries known by name, by category" in html
    assert "Winners and champions by category" in html
    assert ">Projects by action line<" not in html
    assert ">Index of projects<" not in html


@pytest.mark.django_db(transaction=True)
def test_what_an_editor_writes_is_in_every_form(client, contest):
    ProjectFactory(year=2031)
    publication = stories(contest)
    report = publication.report
    client.force_login(secretariat())
    foreword = report.sections.get(kind="foreword")
    text = foreword.blocks.get()
    page = Editor(client, foreword)
    page.press("save", **{f"b{text.pk}-text": FOREWORD})
    for kind in ("table", "chart"):
        Editor(client, foreword).press("add", kind)
    table, chart = foreword.blocks.exclude(pk=text.pk)
    Editor(client, foreword).press(
        "save",
        **{
            f"b{table.pk}-table": "stated",
            f"b{table.pk}-caption": "What was said",
            f"b{chart.pk}-chart": "category",
            f"b{chart.pk}-alt": "Bars of the categories",
        },
    )
    preview = client.get(f"{foreword.get_absolute_url()}preview.pdf?language=en")
    assert preview["Content-Type"] == "application/pdf"

    publication = approved_and_published(built(publication))
    client.logout()

    html = client.get(publication.get_absolute_url()).content.decode()
    on_page = close(page_text(client, publication))
    printed, word = pdf_text(publication), words(opened(file_of(publication, "docx")))
    data = json.loads(file_of(publication, "json"))
    body = client.get(f"/api/v1/reports/{publication.pk}/text/").json()["body"]
    assert data["body"] == body == publication.snapshots.get().body
    assert f'href="/en/prizes/{contest.slug}/"' in html
    for said in (PRINTED, "What was said", "over 1,000", *HEADINGS[:4]):
        assert close(said) in on_page
        assert close(said) in printed
        assert close(said) in close(word)
    assert "Bars of the categories" in html
    found = client.get(
        f"/en/reports/{publication.pk}/v{publication.version}/search/?q=2031"
    ).content.decode()
    assert "Foreword" in found
