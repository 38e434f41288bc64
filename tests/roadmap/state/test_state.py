"""The state at a date is what was published then."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from roadmap.body.models import Office
from roadmap.document.models import Document, Issue
from roadmap.milestone.models import Milestone
from roadmap.position.models import ReconciliationNote
from roadmap.state.document import entries_at, state_document
from tests.roadmap.records import (
    AgencyFactory,
    BodyFactory,
    MilestoneFactory,
    ResolutionFactory,
    RoadmapFactory,
    focal_point,
    published,
)

pytestmark = pytest.mark.django_db


def on(day):
    return time_machine.travel(f"{day}T12:00:00+00:00", tick=False)


def positions(document):
    return {
        (item["id"], p["agency"]): p["completion"]
        for section in document["sections"]
        for item in section["items"]
        for p in item.get("positions", [])
    }


def frozen(day):
    """The document without the moment at which it was built."""
    return {k: v for k, v in state_document(day, "en").items() if k != "built_at"}


def test_a_past_day_is_answered_as_it_was_answered_then():
    days, answers = [], []
    itu, unesco = (focal_point(code, approves=True) for code in ("ITU", "UNESCO"))
    with on("2025-01-10"):
        milestone = MilestoneFactory(
            title="Before", start="2025-07", progress="planned"
        )
        published(milestone, itu, "not_started")
        days.append(datetime.date(2025, 1, 10))
        answers.append(frozen(days[-1]))
    with on("2025-05-01"):
        milestone.revise({"title": "After", "start": "2025-09"}, {}, None, "Moved.")
        published(milestone, unesco, "limited")
        days.append(datetime.date(2025, 5, 1))
        answers.append(frozen(days[-1]))
    with on("2025-10-01"):
        published(milestone, itu, "complete", seen=1)
        Milestone.objects.get().revise({"progress": "done"}, {}, None)
        days.append(datetime.date(2025, 10, 1))
        answers.append(frozen(days[-1]))

    assert [frozen(day) for day in days] == answers
    assert [positions(a) for a in answers] == [
        {(str(milestone.pk), "ITU"): "not_started"},
        {
            (str(milestone.pk), "ITU"): "not_started",
            (str(milestone.pk), "UNESCO"): "limited",
        },
        {
            (str(milestone.pk), "ITU"): "complete",
            (str(milestone.pk), "UNESCO"): "limited",
        },
    ]


def test_what_was_entered_later_is_told_apart_and_claims_what_its_dates_show():
    with on("2026-11-01"):
        MilestoneFactory(start="2024-05", progress="done")
        MilestoneFactory(start="2026-12", progress="planned")
        ResolutionFactory(adopted="2023").keep()

    found = entries_at(datetime.date(2025, 1, 1))
    document = frozen(datetime.date(2025, 1, 1))

    assert [e["recorded_later"] for e in found["milestone"] + found["resolution"]] == [
        True,
        True,
    ]
    shown = [i for s in document["sections"] for i in s["items"] if i.get("kind")]
    assert {item["progress"] for item in shown} == {"done"}


def test_withdrawn_milestones_are_gone_from_that_day_on(django_user_model):
    officer = django_user_model.objects.create_superuser("chief@example.org", "x")
    with on("2025-01-10"):
        milestone = MilestoneFactory(start="2025-01")
    with on("2025-02-10"):
        milestone.move("withdraw", officer, "Entered twice.")

    days = [datetime.date(2025, month, 15) for month in (1, 2)]

    assert [len(entries_at(day)["milestone"]) for day in days] == [1, 0]


def test_reconciliation_notes_stand_from_the_day_on_which_they_were_written(client):
    itu, unesco = (focal_point(code, approves=True) for code in ("ITU", "UNESCO"))
    with on("2025-01-10"):
        milestone = MilestoneFactory(start="2025-01")
        published(milestone, itu, "not_started")
        published(milestone, unesco, "complete")
    with on("2025-03-01"):
        ReconciliationNote.objects.create(
            milestone=milestone, text="Both count it.", by=itu
        )

    def notes(day):
        items = [item for part in frozen(day)["sections"] for item in part["items"]]
        return [item["notes"] for item in items if item["id"] == str(milestone.pk)]

    days = [datetime.date(2025, 2, 28), datetime.date(2025, 3, 1)]
    page = client.get(reverse("roadmap:state"), {"at": "2025-03-01"}).content.decode()
    row = client.get(f"/api/v1/milestones/{milestone.pk}/").json()
    assert [notes(day) for day in days] == [
        [[]],
        [[{"text": "Both count it.", "at": "2025-03-01"}]],
    ]
    assert page.count("Both count it.") == 1
    assert [note["text"] for note in row["notes"]] == ["Both count it."]


def section(document, key):
    return next(s for s in document["sections"] if s["key"] == key)


def test_a_past_day_has_what_was_planned_and_what_existed_then(client):
    """All of it was entered long after that day."""
    event = MilestoneFactory(
        title="High-Level Event",
        start="2025-07-07",
        announced="2024-11",
        progress="done",
        body=BodyFactory(code="WSIS-FORUM"),
    )
    MilestoneFactory(title="Held before", start="2024-04-15", progress="done")
    MilestoneFactory(title="Not heard of", start="2026-07-06")
    Document.objects.create(
        title="Report under preparation", source="S", milestone=event
    )
    document = Document.objects.get()
    Issue.objects.create(document=document, label="Announced", date="2025-01")
    Issue.objects.create(document=document, label="Final", date="2025-07")
    document.keep()
    body = BodyFactory(code="GROUP", description="Coordinates.", since="2006")
    for role, start, end in (("chair", "2019", "2020"), ("co-chair", "2023", "2025")):
        Office.objects.create(
            body=body,
            agency=AgencyFactory(),
            role=role,
            from_date=start,
            until_date=end,
            source="S",
        )
    body.keep()

    page = client.get("/en/roadmap/state/?at=2025-02-10").content.decode()
    state = state_document(datetime.date(2025, 2, 10), "en")

    assert "High-Level Event" in page
    assert "Report under preparation" in page
    assert "Coordinates." in page
    assert "Not heard of" not in page
    (planned,) = section(state, "forum")["items"]
    assert (planned["progress"], planned["recorded_later"]) == ("planned", True)
    (written,) = section(state, "forum")["documents"]
    assert [label for label, _date, _link in written["issues"]] == ["Announced"]
    (group,) = section(state, "international")["bodies"]
    assert [office["role"] for office in group["offices"]] == ["co-chair"]
    held = [m for m in section(state, "joint")["items"] if m["title"] == "Held before"]
    assert [m["progress"] for m in held] == ["done"]
    early = state_document(datetime.date(2005, 6, 1), "en")
    assert section(early, "international")["bodies"] == []
    assert section(early, "forum")["documents"] == []


def test_each_milestone_stands_in_the_section_where_it_belongs():
    for roadmap, body, title in (
        ("ITU", "ITU-COUNCIL", "Report to Council"),
        ("FOLLOW-UP", "UN", "Deadline of the 2030 Agenda"),
        ("ITU", "ACTION-LINES", "Facilitators meet"),
        ("ITU", "PRIZES", "Ceremony"),
        ("REGIONAL", "ESCAP", "Regional consultation"),
    ):
        MilestoneFactory(
            title=title,
            roadmap=RoadmapFactory(code=roadmap),
            body=BodyFactory(code=body),
        )

    state = state_document(timezone.now().date(), "en")

    found = {
        s["key"]: [item["title"] for item in s["items"]] for s in state["sections"]
    }
    assert {key: titles for key, titles in found.items() if titles} == {
        "stocktaking": ["Ceremony"],
        "joint": ["Report to Council"],
        "international": ["Regional consultation"],
        "action_lines": ["Facilitators meet"],
        "follow_up": ["Deadline of the 2030 Agenda"],
    }
