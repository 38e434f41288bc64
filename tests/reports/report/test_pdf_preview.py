"""The open section as a PDF: with the mark of a draft, the numbers of now, for its editors."""

import io

import pikepdf
import pytest
from pypdf import PdfReader

from reports.publication import preview
from reports.report.kinds import BlockKind, SectionKind
from tests.factories import ActionLineFactory, ProjectFactory, UserFactory
from tests.reports.records import close, secretariat
from tests.reports.report.records import report

pytestmark = pytest.mark.django_db


def foreword(text, **fields):
    section = text.sections.get(kind=SectionKind.FOREWORD)
    block = section.blocks.create(position=9, kind=BlockKind.TEXT)
    block.write("text", "en", "{{total}} projects so far.", None)
    chart = section.blocks.create(
        position=10, kind=BlockKind.CHART, settings={"chart": "region"}
    )
    chart.write("alt", "en", "Projects by region", None)
    return section


def address(section, language="en"):
    return (
        f"/en/reports/editions/{section.report_id}/edit/{section.pk}/preview.pdf"
        f"?language={language}"
    )


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_section_is_shown_as_marked_pages(client, language):
    ProjectFactory(main_action_line=ActionLineFactory(code="C1"))
    section = foreword(report(to_year=None))
    client.force_login(secretariat())

    answer = client.get(address(section, language))

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline")
    assert "no-store" in answer["Cache-Control"]
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert all("/DraftMark" in page.Resources.XObject for page in pdf.pages)
        assert 3 <= len(pdf.pages) <= 5
    pages = PdfReader(io.BytesIO(answer.content)).pages
    assert "1projectssofar." in close(pages[2].extract_text())
    page = client.get(f"/en/reports/editions/{section.report_id}/edit/{section.pk}/")
    assert "preview.pdf?language=en#page=3" in page.content.decode()


def test_the_lists_of_a_large_report_are_left_out(client, monkeypatch):
    ProjectFactory(title="Village radio", main_action_line=ActionLineFactory(code="C1"))
    monkeypatch.setattr(preview, "MOST_PROJECTS", 0)
    text = report(to_year=None)
    section = text.sections.get(blocks__settings__name="index")
    client.force_login(secretariat())

    content = client.get(address(section)).content

    pages = PdfReader(io.BytesIO(content)).pages
    assert "Villageradio" not in close("".join(p.extract_text() for p in pages))


def test_only_its_editors_see_it(client):
    section = foreword(report())
    client.force_login(UserFactory())

    assert client.get(address(section)).status_code == 404
    client.logout()
    assert client.get(address(section)).status_code == 302


def test_it_is_not_typeset_without_end(client, monkeypatch):
    section = foreword(report())
    client.force_login(secretariat())
    monkeypatch.setattr(preview, "write_pdf", lambda *_args: b"")
    monkeypatch.setattr(preview, "marked_pdf", lambda *_args: b"%PDF")

    statuses = [
        client.get(address(section)).status_code
        for _n in range(preview.PREVIEWS_AN_HOUR + 1)
    ]

    assert statuses == [200] * preview.PREVIEWS_AN_HOUR + [429]
