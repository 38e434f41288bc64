"""Dates of a month or a year: in order after the days of that time, and in words everywhere."""

import datetime
import io
import itertools
import re

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import strip_tags

from forum.templatetags.forum import short_day
from reports.builders import roadmap_state
from roadmap.body.models import Body, Office
from roadmap.document.models import Document, Issue
from roadmap.figure.models import Figure
from roadmap.meeting.models import Meeting
from roadmap.milestone.models import Milestone
from roadmap.record import dates
from roadmap.resolution.models import Resolution
from tests.roadmap.records import AgencyFactory, BodyFactory, MilestoneFactory

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh-hans")
MIXED = [
    "2025-12-31",
    "2025",
    "2026-01",
    "2025-12-03",
    "2025-12",
    "2026-01-31",
    "2025-11",
]
ORDER = [
    "2025-11",
    "2025-12-03",
    "2025-12-31",
    "2025-12",
    "2025",
    "2026-01-31",
    "2026-01",
]


def test_the_order_of_written_dates():
    assert sorted(MIXED, key=dates.sort_key) == ORDER


def records_with(text):
    """A record of each register that has a written date."""
    body = Body.objects.first() or BodyFactory()
    paper = Document.objects.first() or Document.objects.create(
        title="Outcome", source="S"
    )
    MilestoneFactory(title=f"On {text}", start=text, body=body)
    Meeting.objects.create(title=f"On {text}", start=text, body=body, source="S")
    Resolution.objects.create(
        code=f"r-{text}",
        symbol=f"On {text}",
        title="T",
        adopted=text,
        body=body,
        source="S",
    )
    Figure.objects.create(subject="projects", as_of=text, written="7,000+", source="S")
    Issue.objects.create(document=paper, label=f"On {text}", date=text)
    Office.objects.create(
        body=body, agency=AgencyFactory(), role="chair", from_date=text, source="S"
    )


@pytest.fixture
def registers():
    for text in MIXED:
        records_with(text)


@pytest.mark.usefixtures("registers")
@pytest.mark.parametrize(
    ("model", "field", "newest_first"),
    [
        (Milestone, "start", False),
        (Meeting, "start", True),
        (Resolution, "adopted", True),
        (Figure, "as_of", True),
        (Issue, "date", True),
        (Office, "from_date", True),
    ],
)
def test_every_register_sorts_a_month_after_its_days(model, field, newest_first):
    expected = ORDER[::-1] if newest_first else ORDER

    assert list(model.objects.values_list(field, flat=True)) == expected


def titles_in(text):
    return re.findall(r"On (\d{4}(?:-\d\d)*)", text)


@pytest.mark.usefixtures("registers")
def test_pages_and_api_show_that_order(client):
    line = (
        client.get(reverse("roadmap:timeline")).content.decode().partition("<table")[2]
    )
    meetings = client.get(reverse("roadmap:meetings")).content.decode()
    resolutions = client.get(reverse("roadmap:resolutions")).content.decode()
    answer = client.get("/api/v1/milestones/")
    assert answer.status_code == 200, answer.content
    served = answer.json()["results"]
    papers = client.get(reverse("roadmap:figures")).content.decode()

    assert titles_in(line) == ORDER
    assert list(dict.fromkeys(titles_in(strip_tags(meetings)))) == ORDER[::-1]
    assert list(dict.fromkeys(titles_in(strip_tags(resolutions)))) == ORDER[::-1]
    assert [row["start"] for row in served] == ORDER
    assert list(dict.fromkeys(titles_in(strip_tags(papers)))) == ORDER[::-1]


@pytest.fixture
def shipped():
    """The registers that ship with the portal, and what a report makes of them."""
    for name in ("load_roadmap", "load_editions", "load_contests"):
        call_command(name, verbosity=0, stdout=io.StringIO())


# A month or a span as no reader writes it; a large number without separators.
RAW_MONTH = re.compile(r"(?<![\d/-])(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?![\d-])")
EQUAL_SPAN = re.compile(r"\b((?:19|20)\d\d)\s?[–-]\s?\1\b")
RAW_NUMBER = re.compile(r"(?<![\d.,/:_A-Za-z-])\d{5,}(?![\d/:_A-Za-z-])")
FOREIGN = re.compile(r'<(\w+)[^>]*\blang="en"[^>]*>.*?</\1>', re.DOTALL)
UNSEEN = re.compile(r"<(script|style|head)\b.*?</\1>", re.DOTALL)
PAGES = [
    "roadmap:timeline",
    "roadmap:meetings",
    "roadmap:bodies",
    "roadmap:figures",
    "roadmap:resolutions",
    "roadmap:state",
    "forum:editions",
    "prizes:contests",
]


def seen(html):
    """The text of the portal: what a source wrote in English is its own."""
    return strip_tags(FOREIGN.sub(" ", UNSEEN.sub(" ", html)))


def faults_in(text):
    return [m.group() for rule in (RAW_MONTH, EQUAL_SPAN) for m in rule.finditer(text)]


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_prints_a_raw_month_an_equal_span_or_a_raw_number(client, language):
    with translation.override(language):
        addresses = [reverse(name) for name in PAGES]
        addresses += [body.get_absolute_url() for body in Body.objects.all()]
        addresses += [
            reverse("forum:edition", args=[year]) for year in ("2024", "2025")
        ]

    for address in addresses:
        text = seen(client.get(address).content.decode())
        assert faults_in(text) == [], address
        assert RAW_NUMBER.findall(text) == [], address


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_of_the_roadmap_prints_dates_in_words_and_numbers_in_groups(
    language,
):
    with translation.override(language):
        today = timezone.now().date()
        figures, entries = roadmap_state.collect(roadmap_state.Scope(today))
    ours = [e["when"] for e in entries] + [e["status"] for e in entries]
    papers = [e["text"] for e in entries if e["kind"] == "document"]
    offices = [e["status"] for e in entries if e["kind"] == "body"]

    for text in [*ours, *papers, *offices]:
        assert faults_in(text) == []
    for text in ours:
        assert RAW_NUMBER.findall(text) == [], text
    assert any(offices)
    assert figures["total"] == len(entries)


@pytest.mark.usefixtures("shipped")
def test_the_newest_draft_of_a_paper_comes_first_and_figures_too():
    figures, entries = roadmap_state.collect(roadmap_state.Scope(timezone.now().date()))
    stated = next(t for t in figures["tables"] if t["name"] == "stated")["rows"]
    shown = [(row["code"], row["values"][2]) for row in stated]
    written = dict(Figure.objects.values_list("pk", "as_of"))
    by_words = {
        str(dates.parse(text)): dates.sort_key(text) for text in written.values()
    }

    for (code, when), (next_code, next_when) in itertools.pairwise(shown):
        assert code != next_code or by_words[when] >= by_words[next_when]
    drafts = [
        [issue["text"] for issue in entry["details"]]
        for entry in entries
        if entry["kind"] == "document"
    ]
    (drafts,) = [texts for texts in drafts if "Revision 3" in texts][:1]
    assert drafts.index("Revision 3") < drafts.index("Revision 2")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Thu, 7 January"),
        ("ru", "чт, 7 января"),
        ("zh-hans", "1月7日"),
        ("fr", "7 janvier"),
    ],
)
def test_a_day_of_the_agenda_is_written_as_the_language_does(language, text):
    with translation.override(language):
        shown = short_day(datetime.date(2027, 1, 7))

    assert text in shown
    assert "01月" not in shown
