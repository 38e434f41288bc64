"""The editor's page in the browser: for everybody, by keyboard, without JavaScript; somebody
without training makes the whole report of 2020."""

import re

import pytest
from django.utils import translation
from playwright.sync_api import expect

from reports.publication.models import Publication
from reports.report.models import Report
from tests.browser.test_pages import sign_in, walk
from tests.reports.records import secretariat
from tests.reports.report.records import report, section_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


def used_section():
    """A section with a part of each kind, a comment, a translation and a problem."""
    officer = secretariat()
    section = section_of(report(), kind="foreword")
    section.write("heading", "en", "Foreword by the Secretary-General", officer)
    first = section.blocks.get()
    first.write("text", "en", "Dear reader,\n\nthe Summit goes on.", officer)
    first.write("text", "ar", "القارئ العزيز، القمة مستمرة.", officer)
    first.write("text", "en", "Dear readers,\n\nthe Summit goes on.", officer)
    first.comments.create(text="Who signs this?", by=officer)
    settings = {
        "standard": {"name": "summary"},
        "boxes": {"by": "country", "count": 6},
        "chart": {"chart": "region"},
    }
    kinds = ["standard", "key_number", "table", "chart", "quote", "picture", "boxes"]
    for position, kind in enumerate(kinds, start=2):
        section.blocks.create(
            kind=kind, position=position, settings=settings.get(kind, {})
        )
    return section


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_editor_can_be_used_by_everybody(page, live_server, language):
    section = used_section()
    sign_in(page, live_server, secretariat())
    with translation.override(language):
        address = section.get_absolute_url()
        addresses = [
            ("editor", address),
            ("editor-arabic", f"{address}?language=ar"),
            ("editor-remove", f"{address}?remove=section"),
            ("editor-preview", f"{address}preview/"),
            ("editor-earlier", f"{address}earlier/"),
        ]

    assert walk(page, live_server, language, addresses) == []


def test_the_page_saves_itself_and_two_tabs_keep_both_texts(page, live_server):
    section = section_of(report(), kind="foreword")
    sign_in(page, live_server, secretariat())
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(live_server.url + section.get_absolute_url())

    page.get_by_label("Text", exact=True).fill("From the first")
    expect(page.locator("#saved")).to_contain_text("Saved at")
    other.get_by_label("Text", exact=True).fill("From the second")
    expect(other.locator("#conflicts")).to_contain_text("From the first")
    expect(other.locator("#conflicts")).to_contain_text("From the second")
    assert text_of(section) == "From the first"

    save(other)
    expect(other.get_by_label("Text", exact=True)).to_have_value("From the second")
    save(other)
    assert text_of(section) == "From the second"


def text_of(section):
    return section.blocks.first().segments.get(field="text", language="en").text


def test_the_last_words_before_a_link_is_followed_are_kept(page, live_server):
    section = section_of(report(), kind="foreword")
    sign_in(page, live_server, secretariat())
    page.goto(live_server.url + section.get_absolute_url())

    page.get_by_label("Text", exact=True).fill("The last words")
    page.locator(".outline").get_by_role("link", name="Introduction").click()
    page.wait_for_url(re.compile(r"/edit/\d+/"))
    page.locator(".outline").get_by_role("link", name="Foreword").click()
    expect(page.get_by_label("Text", exact=True)).to_have_value("The last words")


def test_the_enter_key_saves_and_adds_nothing(page, live_server):
    section = section_of(report(), kind="foreword")
    sections = section.report.sections.count()
    sign_in(page, live_server, secretariat())
    page.goto(live_server.url + section.get_absolute_url())

    page.get_by_label("Heading").fill("A word before")
    page.get_by_label("Heading").press("Enter")
    expect(page.get_by_label("Heading")).to_have_value("A word before")
    page.wait_for_load_state()
    assert section.report.sections.count() == sections
    assert section.blocks.count() == 1


CHAPTERS = [
    *("C1", "C2", "C3", "C4", "C5", "C6"),
    *("C7-EGOV", "C7-EBUS", "C7-ELEA", "C7-EHEA"),
    *("C7-EEMP", "C7-EENV", "C7-EAGR", "C7-ESCI"),
    *("C8", "C9", "C10", "C11"),
]


@pytest.mark.parametrize(
    "javascript", [True, False], ids=["with JavaScript", "without"]
)
def test_somebody_without_training_makes_the_report_of_2020(
    browser, live_server, javascript
):
    context = browser.new_context(java_script_enabled=javascript)
    page = context.new_page()
    sign_in(page, live_server, secretariat())
    page.goto(f"{live_server.url}/en/reports/new/")
    page.get_by_label("Global stocktaking report").check()
    page.get_by_label("Last year").fill("2020")
    page.get_by_role("button", name="Build the report").click()
    publication = Publication.objects.get()
    page.goto(live_server.url + publication.get_absolute_url())
    page.get_by_role("link", name="Edit the text").click()

    write(page, "Foreword", "The Summit has met for twenty years.")
    write(page, "Acknowledgements", "We thank the facilitators.")
    open_section(page, "Methodology and statistics")
    press(page, "Text")
    page.get_by_label("Text", exact=True).fill("We counted each project once.")
    save(page)
    for code in CHAPTERS:
        write(page, code, f"What the facilitators of {code} report.")
    open_section(page, "Conclusions")
    press(page, "Text")
    page.get_by_label("Text", exact=True).fill("Much is done, more remains.")
    save(page)
    page.get_by_label("Add a section").select_option(label="Statistics")
    page.get_by_role("button", name="Add the section").click()
    press(page, "Table")
    page.locator("#entry").get_by_label("Table", exact=True).select_option(
        label="Projects by region"
    )
    save(page)

    checklist = page.locator("section", has=page.locator("#checklist-title"))
    assert checklist.get_by_text("Error:").count() == 0
    context.close()
    assert structure(publication) == [
        "foreword",
        "acknowledgements",
        "introduction",
        "summary",
        "methodology",
        "chapter",
        *chapters_printed(),
        "conclusions",
        "statistics",
        "annex",
        "disclaimer",
    ]


def chapters_printed():
    """The eighteen, with C7 itself above its eight parts."""
    first_part = CHAPTERS.index("C7-EGOV")
    return [*CHAPTERS[:first_part], "C7", *CHAPTERS[first_part:]]


def structure(publication):
    whole = Report.objects.with_outline().get(pk=publication.report_id)
    return [
        section.action_line_id or section.kind for section in whole.printed_sections()
    ]


def open_section(page, name):
    link = re.compile(rf"^{re.escape(name)}( |$)")
    page.locator(".outline").get_by_role("link", name=link).click()
    expect(page.locator("#section-title")).to_have_text(link)


def write(page, name, text):
    open_section(page, name)
    page.get_by_label("Text", exact=True).fill(text)
    save(page)
    expect(page.get_by_label("Text", exact=True)).to_have_value(text)


def save(page):
    page.locator(".editor-save").get_by_role("button", name="Save").click()
    page.wait_for_load_state()


def press(page, name):
    page.locator("#entry").get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()
