"""The state at a date is what was published then."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from roadmap.models import Milestone, ReconciliationNote
from roadmap.state import entries_at, state_document
from tests.roadmap.records import MilestoneFactory, ResolutionFactory, focal_point, published

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
        milestone = MilestoneFactory(title="Before", start="2025-07", progress="planned")
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
        {(str(milestone.pk), "ITU"): "not_started", (str(milestone.pk), "UNESCO"): "limited"},
        {(str(milestone.pk), "ITU"): "complete", (str(milestone.pk), "UNESCO"): "limited"},
    ]


def test_what_was_entered_later_is_told_apart_and_claims_no_progress():
    with on("2026-11-01"):
        MilestoneFactory(start="2024-05", progress="done")
        MilestoneFactory(start="2026-12", progress="planned")
        ResolutionFactory(adopted="2023").keep()

    found = entries_at(datetime.date(2025, 1, 1))
    document = frozen(datetime.date(2025, 1, 1))

    assert [e["recorded_later"] for e in found["milestone"] + found["resolution"]] == [True, True]
    shown = [i for s in document["sections"] for i in s["items"] if i.get("kind")]
    assert {item["progress"] for item in shown} == {""}


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
        ReconciliationNote.objects.create(milestone=milestone, text="Both count it.", by=itu)

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
