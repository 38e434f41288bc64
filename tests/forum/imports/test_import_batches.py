"""An import of a whole programme: few queries, drafts without a source, speakers, dates."""

import csv
import datetime
import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.moves.models import StatusChange
from forum.agenda.models import ReleasedSession
from forum.imports.importer import DraftSessionImporter, SessionImporter
from forum.imports.rows import SESSION_COLUMNS
from forum.people.models import Participation, Person
from forum.session.models import Session
from tests.forum.imports.test_import import GOOD
from tests.forum.records import (
    EditionFactory,
    PersonFactory,
    SessionTypeFactory,
    officer,
)

pytestmark = pytest.mark.django_db
COLUMNS = [column.name for column in SESSION_COLUMNS]


@pytest.fixture(autouse=True)
def edition():
    SessionTypeFactory(code="HLD", name="High-Level Dialogue")
    return EditionFactory(
        slug="2025", start_date=datetime.date(2025, 7, 7), end_date=None
    )


def a_file(rows):
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, COLUMNS, restval="")
    table.writeheader()
    table.writerows(GOOD | row for row in rows)
    return io.BytesIO(text.getvalue().encode())


def programme(count, **more):
    return [
        {
            "title": f"Session {n}",
            "session_no": str(n),
            "room": f"Room {n % 15}",
            "date": f"2025-07-{7 + n // 120:02d}",
            "start": f"{8 + n // 15 % 8:02d}:00",
            "end": f"{8 + n // 15 % 8:02d}:45",
            "organizers": f"Body {n}; ITU",
        }
        | more
        for n in range(count)
    ]


def queries(rows):
    with CaptureQueriesContext(connection) as seen:
        result = SessionImporter.import_file(a_file(rows))
    return len(seen), str(result)


def test_a_row_costs_less_than_one_query():
    new, made = queries(programme(200))
    same, unchanged = queries(programme(200))
    changed, updated = queries(programme(200, notes="Time unconfirmed"))

    assert made == "200 created, 0 updated, 0 unchanged, 0 failed"
    assert unchanged == "0 created, 0 updated, 200 unchanged, 0 failed"
    assert updated == "0 created, 200 updated, 0 unchanged, 0 failed"
    assert max(new, same, changed) < 100
    assert ReleasedSession.objects.count() == 200


def test_statuses_come_from_the_import_move_of_the_table():
    SessionImporter.import_file(a_file(programme(3)))

    moves = StatusChange.objects.filter(record_kind="forum.session").order_by("pk")
    assert list(moves.values_list("move", "source", "target")) == [
        *[("import", "draft", "scheduled")] * 3,
        *[("release", "scheduled", "released")] * 3,
    ]


def test_a_known_month_with_an_hour_is_taken_without_an_invented_day():
    row = {"date": "2022-05", "start": "14:30", "end": "", "notes": "unconfirmed"}

    first = SessionImporter.import_file(a_file([row]))
    again = SessionImporter.import_file(a_file([row]))

    session = ReleasedSession.objects.get()
    assert (str(first)[:9], again.unchanged) == ("1 created", 1)
    assert (session.precision, session.day, session.start) == (
        "month",
        datetime.date(2022, 5, 1),
        None,
    )
    assert "14:30" in session.source_note


def test_a_programme_is_loaded_as_draft_with_its_speakers_and_without_sources(
    tmp_path, capsys
):
    known = PersonFactory(name="Łukasz Kąkol", organization="NASK")
    path = tmp_path / "programme.csv"
    speakers = "Lukasz Kakol (NASK) [moderator]; 李伟 (CAICT); Amina Otieno"
    path.write_bytes(a_file([{"source": "", "speakers": speakers}]).getvalue())

    call_command("import_sessions", path, "--draft")
    call_command("import_sessions", path, "--draft")

    session = Session.objects.get()
    parts = Participation.objects.filter(session=session).values_list(
        "person__name", "person__organization", "role"
    )
    assert capsys.readouterr().out.splitlines() == [
        "1 created, 0 updated, 0 unchanged, 0 failed",
        "0 created, 0 updated, 1 unchanged, 0 failed",
    ]
    assert (session.status, ReleasedSession.objects.count()) == ("draft", 0)
    assert list(parts) == [
        ("Łukasz Kąkol", "NASK", "moderator"),
        ("李伟", "CAICT", "panellist"),
        ("Amina Otieno", "", "panellist"),
    ]
    assert list(Person.objects.filter(name_key=known.name_key)) == [known]


def test_a_draft_that_the_desk_has_changed_is_not_overwritten_by_a_file():
    DraftSessionImporter.import_file(a_file([{"source": ""}]))
    Session.objects.update(title="Typed at the desk", updated_by=officer())

    result = DraftSessionImporter.import_file(a_file([{"source": ""}]))

    assert [error.message for error in result.errors] == [
        "This session was entered by staff; change it in the admin, not by a file."
    ]
    assert Session.objects.get().title == "Typed at the desk"


def test_two_sessions_that_change_rooms_in_one_file_are_both_moved():
    SessionImporter.import_file(a_file(programme(2)))
    swapped = programme(2)
    swapped[0]["room"], swapped[1]["room"] = "Room 1", "Room 7"

    result = SessionImporter.import_file(a_file([swapped[1], swapped[0]]))

    assert str(result) == "0 created, 2 updated, 0 unchanged, 0 failed"
    rooms = ReleasedSession.objects.order_by("number").values_list(
        "room_name", flat=True
    )
    assert list(rooms) == ["Room 1", "Room 7"]
