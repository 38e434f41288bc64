"""Dates of a month or a year: in order after the days of that time, and in words everywhere."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags

from forum.templatetags.forum import short_day
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
