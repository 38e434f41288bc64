"""The checklist: what keeps a report from being approved, and what it only says."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from common.moves.workflow import MoveRefused
from reports.publication.workflow import Status
from reports.report.checklist import problems_of
from reports.report.models import Report
from tests.factories import CountryFactory, ProjectFactory, UserFactory
from tests.markup import compact
from tests.reports.records import built, frozen, requested, secretariat
from tests.reports.report.pages import Editor
from tests.reports.report.records import report, section_of

pytestmark = pytest.mark.django_db


def codes(text, language="en", severity="error"):
    whole = Report.objects.with_outline().get(pk=text.pk)
    found = problems_of(whole, language)
    return [problem.code for problem in found if problem.severity == severity]


def written(text, kind="foreword", words="Dear reader"):
    """A section with a text, and its block."""
    section = section_of(text, kind=kind)
    section.blocks.first().write("text", "en", words, secretariat())
    return section, section.blocks.first()


def test_an_untouched_report_has_no_error_and_wants_a_next_date():
    text = report()
    assert codes(text) == []
    assert codes(text, severity="warning") == ["NO_NEXT_DATE"]

    Report.objects.filter(pk=text.pk).update(next_on=datetime.date(2027, 5, 1))
    assert codes(text, severity="warning") == []


def test_a_section_with_a_heading_and_nothing_else_is_an_error():
    text = report()
    section = section_of(text, kind="foreword")
    section.write("heading", "en", "A word before", secretariat())
    assert codes(text) == ["EMPTY_SECTION"]

    section.blocks.get().write("text", "en", "Dear reader", secretariat())
    assert codes(text) == []


def test_a_section_of_ones_own_needs_a_heading():
    text = report()
    section = text.sections.create(kind="text", position=99)
    assert codes(text) == ["EMPTY_SECTION"]

    block = section.blocks.create(kind="text", position=1)
    block.write("text", "en", "Words", secretariat())
    assert codes(text) == ["HEADING_MISSING"]

    section.write("heading", "en", "On words", secretariat())
    assert codes(text) == []


def test_a_chart_without_a_description_is_an_error():
    text = report()
    section, _block = written(text)
    chart = section.blocks.create(
        kind="chart", position=2, settings={"chart": "region"}
    )
    assert codes(text) == ["ALT_MISSING"]

    chart.write("alt", "en", "Seven bars", secretariat())
    assert codes(text) == []


@pytest.mark.parametrize("kind", ["table", "chart", "quote", "picture", "key_number"])
def test_a_part_that_is_not_complete_is_an_error(kind):
    text = report()
    section, _block = written(text)
    section.blocks.create(kind=kind, position=2)

    assert codes(text) == ["BLOCK_INCOMPLETE"]


def test_a_report_says_how_it_counts():
    text = report()
    section_of(text, kind="methodology").delete()
    assert codes(text) == ["NO_METHODOLOGY"]

    section = section_of(text, kind="introduction")
    section.blocks.create(kind="standard", position=2, settings={"name": "methodology"})
    assert codes(text) == []


def test_what_is_missing_in_a_language_is_a_warning_and_a_heading_an_error():
    text = report()
    section, block = written(text)
    assert codes(text, "fr") == []
    assert "TEXT_UNTRANSLATED" in codes(text, "fr", "warning")

    section.write("heading", "en", "A word before", secretariat())
    assert codes(text, "fr") == ["HEADING_UNTRANSLATED"]
    assert codes(text, "en") == []

    section.write("heading", "fr", "Un mot d’abord", secretariat())
    block.write("text", "fr", "Chers lecteurs", secretariat(), state="machine")
    assert codes(text, "fr") == []
    assert codes(text, "fr", "warning") == ["NO_NEXT_DATE", "MACHINE_TRANSLATION"]

    block.write("text", "en", "Dear readers", secretariat())
    assert "OUT_OF_DATE" in codes(text, "fr", "warning")


def test_open_comments_are_counted():
    text = report()
    _section, block = written(text)
    for words in ("One", "Two"):
        block.comments.create(text=words, by=secretariat())

    whole = Report.objects.with_outline().get(pk=text.pk)
    problem = next(p for p in problems_of(whole, "en") if p.code == "COMMENT_OPEN")
    assert problem.sentence == "2 comments on “Foreword” are open."
    assert problem.place.endswith(f"#b{block.pk}")


def test_approval_is_refused_by_name_until_the_text_is_mended(client):
    ProjectFactory()
    publication = frozen(status=Status.READY)
    section = section_of(publication.report, kind="foreword")
    section.write("heading", "en", "A word before", secretariat())
    with pytest.raises(MoveRefused, match="A word before"):
        publication.move("approve", secretariat())

    client.force_login(secretariat())
    url = reverse("reports:move", args=[publication.pk])
    refused = client.post(url, {"move": "approve", "note": ""})
    page = compact(refused.content.decode())
    assert refused.status_code == 409
    assert "The section “A word before” is empty." in page
    assert f'href="{section.get_absolute_url()}?language=en"' in page

    section.blocks.get().write("text", "en", "Dear reader", secretariat())
    again = client.post(url, {"move": "approve", "note": ""})
    assert again.status_code == 409
    assert "The text was changed after this version was built" in again.content.decode()

    publication.snapshots.update(taken_at=timezone.now())  # built again
    assert client.post(url, {"move": "approve", "note": ""}).status_code == 302
    publication.refresh_from_db()
    assert publication.status == Status.APPROVED


def test_the_desk_page_leads_to_the_editor(client):
    ProjectFactory()
    publication = frozen(status=Status.READY, language="fr")
    client.force_login(secretariat())
    page = client.get(publication.get_absolute_url()).content.decode()

    edit = f"{publication.report.get_absolute_url()}?language=fr"
    assert f'href="{edit}"' in page
    assert "The date of the next edition is not set." in page


def test_the_public_sees_no_checklist(client):
    ProjectFactory()
    page = client.get(frozen().get_absolute_url()).content.decode()

    assert "Checklist" not in page
    assert "Edit the text" not in page


def test_the_outline_counts_the_problems_of_each_section(client):
    text = report()
    section = section_of(text, kind="foreword")
    section.write("heading", "en", "A word before", secretariat())
    client.force_login(secretariat())

    page = Editor(client, section).html
    outline = page[page.index('class="outline"') : page.index('for="new-section"')]
    assert compact(outline).count("1 problem") == 1


def test_the_secretariat_names_editors_who_find_their_report(client):
    editor = UserFactory()
    client.force_login(secretariat())
    client.post(
        reverse("admin:reports_report_add"),
        {
            "series": "regional",
            "region": "ARB",
            "from_year": "2025",
            "to_year": "2026",
            "language": "en",
            "planned_on": "2027-02-01",
            "next_on": "2029-02-01",
            "editorships-TOTAL_FORMS": "1",
            "editorships-INITIAL_FORMS": "0",
            "editorships-0-user": str(editor.pk),
        },
    )
    text = Report.objects.get()
    assert text.sections.filter(kind="foreword").exists()
    assert list(text.editors.all()) == [editor]

    client.force_login(editor)
    page = client.get(reverse("reports:publications")).content.decode()
    assert f'href="{text.get_absolute_url()}"' in page


def test_readers_see_the_date_of_the_next_edition(client):
    ProjectFactory()
    publication = frozen()
    Report.objects.update(next_on=datetime.date(2027, 5, 1))

    page = client.get(publication.get_absolute_url()).content.decode()
    assert "Next edition: " in page
    assert "2027" in page


def projects_in(country, year, number):
    country = CountryFactory(code=country)
    for _n in range(number):
        ProjectFactory(country=country, start_year=year, year=year)


@pytest.mark.django_db(transaction=True)
def test_a_claim_that_is_not_true_keeps_the_report_from_being_approved(client):
    projects_in("EG", 2024, 1)
    projects_in("KE", 2024, 2)
    publication = requested()
    _section, block = written(
        publication.report,
        words="The Arab region has {{largest: region=ARB, year=2024 | the largest number}}.",
    )
    publication = built(publication)

    problems = publication.problems()
    assert [p.code for p in problems if p.is_error] == ["CLAIM_FALSE"]
    assert problems[0].place.endswith(f"#b{block.pk}")
    with pytest.raises(MoveRefused, match="the largest number"):
        publication.move("approve", secretariat())

    projects_in("EG", 2024, 5)
    publication = built(publication.move("rebuild", publication.requested_by))
    assert publication.move("approve", secretariat()).status == Status.APPROVED


def test_a_number_that_nobody_understands_is_named_on_the_page(client):
    section, _block = written(
        report(), words="There are {{cuont: year=2024}} projects."
    )
    client.force_login(secretariat())

    page = Editor(client, section).html
    assert "“cuont” is not a word for a living number" in page
    assert "1 error" in page
