"""Files of every kind of import, as long as is wanted, for tests and for a look by hand."""

import csv
import io

from forum.imports.importer import SessionImporter
from prizes.contest.loading import load_contests
from prizes.entry.importing import EntryImporter
from roadmap.imports.milestones import MilestoneImporter
from stocktaking.imports.importer import ProjectImporter
from stocktaking.project.models import Project
from stocktaking.text.importing import TextImporter
from tests.forum.records import EditionFactory, SessionTypeFactory
from tests.roadmap.records import AgencyFactory, BodyFactory, RoadmapFactory

LANGUAGES = ("ar", "zh-hans", "fr", "ru", "es")


def as_csv(rows):
    target = io.StringIO(newline="")
    table = csv.DictWriter(target, rows[0])
    table.writeheader()
    table.writerows(rows)
    return io.BytesIO(target.getvalue().encode())


def projects(count, note):
    return [
        {
            "title": f"Telecentres {n}",
            "organization": f"Ministry {n % 20}",
            "stakeholder_type": "Government",
            "country_iso2": "KE",
            "action_lines": "C2;C4",
            "sdgs": "4;9",
            "start_year": "2014",
            "end_year": "2016",
            "website": "https://villages.example",
            "summary": "Centres in villages.",
            "prize_editions": "",
            "source": "A public list",
            "notes": note,
        }
        for n in range(count)
    ]


def sessions(count, note):
    return [
        {
            "edition": "2025",
            "session_no": str(n),
            "title": f"Session {n}",
            "session_type": "High-Level Dialogue",
            "organizers": f"Body {n % 20}; ITU",
            "date": f"2025-07-{7 + n % 5:02d}",
            "start": "09:00",
            "end": "10:00",
            "action_lines": "C1;C7-EGOV",
            "sdgs": "9;17",
            "source": "A public list",
            "room": f"Room {n // 5}",
            "notes": note,
            "speakers": f"Amina Person{n} (Ministry); Li Person{n} [moderator]",
        }
        for n in range(count)
    ]


def prize_entries(count, note):
    return [
        {
            "year": "2015",
            "category": "C4",
            "title": f"Telecentres {n}",
            "organization": "Ministry",
            "country_iso2": "PL",
            "stakeholder_type": "Government",
            "outcome": "nominated",
            "source": "A public list",
            "summary": "Volunteers help.",
            "notes": note,
        }
        for n in range(count)
    ]


def milestones(count, note):
    return [
        {
            "track": "ITU",
            "title": f"Milestone {n}",
            "kind": "event",
            "body": "UNGIS",
            "lead_agency": "ITU; UNESCO",
            "start_date": "2025-07-07",
            "end_date": "2025-07-11" if not note else "2025-07-12",
            "status": "done",
            "link": "",
            "source": "A public list",
            "action_lines": "C1;C2",
            "sdgs": "9",
            "reason": note,
        }
        for n in range(count)
    ]


def texts(count, note):
    numbers = list(Project.objects.order_by("pk").values_list("number", flat=True))
    return [
        {
            "project": numbers[n // len(LANGUAGES)],
            "language": LANGUAGES[n % len(LANGUAGES)],
            "engine": "Made-up 1",
            "title": f"Villages {n}",
            "summary": note,
        }
        for n in range(count)
    ]


ROWS = {
    "projects": (ProjectImporter, projects),
    "sessions": (SessionImporter, sessions),
    "prize-entries": (EntryImporter, prize_entries),
    "milestones": (MilestoneImporter, milestones),
    "texts": (TextImporter, texts),
}


def prepare(kind, count):
    """What the rows of this kind point to."""
    if kind == "sessions":
        SessionTypeFactory(code="HLD", name="High-Level Dialogue")
        EditionFactory(slug="2025", first_year=2025, last_year=2025)
    elif kind == "prize-entries":
        load_contests()
    elif kind == "milestones":
        RoadmapFactory(), BodyFactory(), AgencyFactory(), AgencyFactory(code="UNESCO")
    elif kind == "texts":
        ProjectImporter.import_file(as_csv(projects(count // len(LANGUAGES) + 1, "")))
