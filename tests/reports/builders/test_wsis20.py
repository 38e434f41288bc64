"""The report on twenty years: a chapter for each action line, with what facilitators reported, the
curve of all years, the number of projects, and boxes of projects."""

import datetime
import io

import docx
import pytest

from reports.builders.figures import table_named
from reports.report.models import Report
from reports.schedule.models import Schedule
from roadmap.review.models import ActionLineReview
from tests.factories import ActionLineFactory, CountryFactory, ProjectFactory
from tests.reports.output.test_pdf import read_by_pdfium
from tests.reports.output.test_written import close
from tests.reports.records import approved_and_published, built, file_of, requested
from tests.roadmap.records import AgencyFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def register():
    """E-government in three years, one of them after the twenty; access in one."""
    for year in (2006, 2006, 2015, 2026):
        ProjectFactory(year=year, other_action_lines=["C3"], country_id="KE")
    ProjectFactory(
        year=2010,
        title="A library in every town",
        main_action_line=ActionLineFactory(code="C3"),
        country=CountryFactory(code="FR"),
        other_action_lines=[],
    )
    ActionLineReview.objects.create(
        action_line_id="C3",
        section="challenges",
        agency=AgencyFactory(code="ITU"),
        text="Connections cost too much.\n\nFew texts are in local languages.",
        source="A test",
    )


def report(**fields):
    return requested(series="wsis20", **fields)


def test_it_has_a_chapter_for_each_line_and_c7_is_one_chapter_of_eight_parts():
    publication = report(language="en")
    text = Report.objects.with_outline().get(pk=publication.report_id)

    assert (publication.from_year, publication.to_year) == (2004, 2025)
    assert publication.title == "WSIS+20 stocktaking report 2004–2025"
    sections = list(text.sections.all())
    kinds = [one.kind for one in sections if not one.action_line_id]
    assert kinds == [
        *("foreword", "acknowledgements", "introduction", "summary", "methodology"),
        *("statistics", "conclusions", "annex", "disclaimer"),
    ]
    levels = {o.action_line_id: o.level for o in sections if o.action_line_id}
    assert [code for code, level in levels.items() if level == 1] == [
        f"C{n}" for n in range(1, 12)
    ]
    parts = [code for code, level in levels.items() if level == 2]
    assert len(parts) == 8
    assert all(code.startswith("C7-") for code in parts)


def test_other_years_make_another_report():
    publication = report(language="en", from_year=2005, to_year=2024)

    assert publication.title == "WSIS+20 stocktaking report 2005–2024"
    assert publication.report != report(language="fr").report


@pytest.mark.usefixtures("register")
def test_a_chapter_says_what_facilitators_wrote_and_counts_every_year(client):
    publication = approved_and_published(built(report(language="en")))
    snapshot = publication.snapshots.get()
    curve = table_named(snapshot.figures, "years-C7-EGOV")
    by_year = {row["code"]: row["values"][0] for row in curve["rows"]}

    assert list(by_year) == [str(year) for year in range(2004, 2026)]
    assert {y: n for y, n in by_year.items() if n} == {"2006": 2, "2015": 1}
    assert snapshot.figures["total"] == 4  # that of 2026 came later

    page = " ".join(
        client.get(f"/en/reports/{publication.pk}/").content.decode().split()
    )
    page = page.split('aria-labelledby="contents"')[1].split("</nav>", 1)[1]
    chapter = page.split(">C3 ")[1].split(">C4 ")[0]
    assert "<h3>Challenges</h3>" in chapter
    assert "Connections cost too much." in chapter
    assert "Main line: 1 · All lines: 4</a>" in chapter
    assert f"/en/reports/{publication.pk}/lines/C3/" in chapter
    assert "A library in every town" in chapter
    assert "Milestones reached" not in page  # nobody reported any

    pdf = close(read_by_pdfium(file_of(publication, "pdf")))
    file = docx.Document(io.BytesIO(file_of(publication, "docx")))
    word = close("".join(p.text for p in file.paragraphs))
    for words in (
        "Challenges",
        "Few texts are in local languages.",
        "Main line: 1 · All lines: 4",
        "Projects that name C7-EGOV E-government, by year of entry",
    ):
        assert close(words) in pdf
        assert close(words) in word

    answer = client.get(f"/api/v1/reports/{publication.pk}/text/").json()
    kinds = {block["kind"] for part in answer["body"] for block in part["blocks"]}
    assert {"map", "heat_map", "cross_table", "curve", "reviews", "boxes"} <= kinds


@pytest.mark.usefixtures("register")
def test_nothing_keeps_an_untouched_report_from_being_approved():
    publication = built(report(language="ar"))

    assert [p.sentence for p in publication.problems() if p.is_error] == []


def test_it_is_drafted_by_a_schedule():
    schedule = Schedule.objects.create(
        series="wsis20", next_on=datetime.date(2026, 3, 1), every_months=120
    )

    [draft] = Schedule.follow(schedule.pk, schedule.next_on)

    assert (draft.series, draft.from_year, draft.to_year) == ("wsis20", 2004, 2026)
    assert Schedule.follow(schedule.pk, schedule.next_on) == []
