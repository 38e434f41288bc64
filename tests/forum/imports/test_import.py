"""Import of sessions, and the editions that every deployment loads."""

import csv
import datetime
import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import translation

from common.moves.models import StatusChange
from common.records.models import Change
from forum.agenda.models import AgendaRelease, ReleasedSession
from forum.consultation.phases import Phase
from forum.edition.models import Edition
from forum.imports.importer import SessionImporter
from forum.imports.rows import SESSION_COLUMNS
from forum.room.models import Room, SessionType, Track
from forum.session.description import Mode
from forum.session.models import Session
from forum.session.workflow import SessionStatus
from tests import restoring
from tests.factories import OrganizationFactory
from tests.forum.records import EditionFactory, SessionFactory

pytestmark = pytest.mark.django_db
COLUMNS = [column.name for column in SESSION_COLUMNS]
DATA = Path(__file__).resolve().parents[3] / "forum" / "data"
GOOD = {
    "edition": "2025",
    "session_no": "133",
    "title": "WSIS Legacy in Motion",
    "session_type": "High-Level Dialogue",
    "organizers": "ITU; UNESCO",
    "date": "2025-07-07",
    "start": "09:34",
    "end": "10:30",
    "action_lines": "C1;C7-EGOV",
    "sdgs": "9;17",
    "source": "itu forum/2025 Session/133",
    "room": "Plenary Room C",
    "building": "Palexpo",
}


def load_editions():
    call_command("load_editions", stdout=io.StringIO())


@pytest.fixture(scope="module", autouse=True)
def _editions(django_db_setup, django_db_blocker):
    yield from restoring.for_one_file(django_db_blocker, load_editions)


def a_file(*rows, columns=COLUMNS):
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, columns, extrasaction="ignore", restval="")
    table.writeheader()
    table.writerows(GOOD | row for row in rows)
    return io.BytesIO(text.getvalue().encode())


def refusals(result):
    return [(error.row, error.column, error.message) for error in result.errors]


def everything():
    models = (Session, ReleasedSession, AgendaRelease, Change, StatusChange, Room)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_a_row_is_a_session_that_everybody_reads():
    ours = OrganizationFactory(
        name="International Telecommunication Union", aliases=["ITU"]
    )

    result = SessionImporter.import_file(a_file({}))

    session = ReleasedSession.objects.select_related("edition", "room", "type").get()
    assert str(result) == "1 created, 0 updated, 0 unchanged, 0 failed"
    assert (session.edition.slug, session.number, session.title) == (
        "2025",
        "133",
        GOOD["title"],
    )
    assert session.start == datetime.datetime(2025, 7, 7, 7, 34, tzinfo=datetime.UTC)
    assert session.end == datetime.datetime(2025, 7, 7, 8, 30, tzinfo=datetime.UTC)
    assert (session.day, session.precision) == (datetime.date(2025, 7, 7), "time")
    assert (session.type_id, str(session.room)) == ("HLD", "Plenary Room C, Palexpo")
    assert (session.action_line_codes, session.sdg_codes) == (
        ["C1", "C7-EGOV"],
        ["9", "17"],
    )
    assert (session.organizer_names, session.source) == (
        ["ITU", "UNESCO"],
        GOOD["source"],
    )
    organizers = session.session.organizers.values_list("name", "organization")
    assert list(organizers) == [("ITU", ours.pk), ("UNESCO", None)]
    assert list(StatusChange.objects.order_by("pk").values_list("move", "target")) == [
        ("import", "scheduled"),
        ("release", "released"),
    ]


@pytest.mark.parametrize(
    ("cells", "day", "precision", "has_time"),
    [
        (
            {"date": "2025", "start": "", "end": ""},
            datetime.date(2025, 1, 1),
            "year",
            False,
        ),
        (
            {"date": "2025-07", "start": "", "end": ""},
            datetime.date(2025, 7, 1),
            "month",
            False,
        ),
        (
            {"date": "2025-07-09", "start": "", "end": ""},
            datetime.date(2025, 7, 9),
            "day",
            False,
        ),
        ({"date": "", "start": "", "end": ""}, None, "unknown", False),
        ({"end": ""}, datetime.date(2025, 7, 7), "time", True),
        (
            {"date": "2021-09-30"},
            datetime.date(2021, 9, 30),
            "time",
            True,
        ),  # a year before
        (
            {
                "date": "2025-07-07",
                "start": "23:30",
                "end": "23:45",
                "time_zone": "UTC",
            },
            datetime.date(2025, 7, 8),
            "time",
            True,
        ),
    ],
)
def test_dates_are_as_exact_as_their_source(cells, day, precision, has_time):
    result = SessionImporter.import_file(a_file(cells))

    session = ReleasedSession.objects.get()
    assert str(result) == "1 created, 0 updated, 0 unchanged, 0 failed"
    assert (session.day, session.precision, bool(session.start)) == (
        day,
        precision,
        has_time,
    )


def test_numbers_are_not_unique_across_editions():
    result = SessionImporter.import_file(
        a_file(
            {"session_no": "400"},
            {"session_no": "400", "edition": "2024", "date": "2024-05-27"},
        )
    )

    numbers = ReleasedSession.objects.order_by("edition__slug").values_list(
        "edition__slug", "number"
    )
    assert (result.created, list(numbers)) == (2, [("2024", "400"), ("2025", "400")])


def test_the_second_run_writes_nothing():
    SessionImporter.import_file(
        a_file({}, {"title": "Another", "session_no": "", "room": ""})
    )
    before = everything()

    result = SessionImporter.import_file(
        a_file({}, {"title": "Another", "session_no": "", "room": ""})
    )

    assert str(result) == "0 created, 0 updated, 2 unchanged, 0 failed"
    assert everything() == before


def test_a_dry_run_writes_nothing():
    before = everything()

    result = SessionImporter.import_file(a_file({}), dry_run=True)

    assert (str(result), everything()) == (
        "1 created, 0 updated, 0 unchanged, 0 failed",
        before,
    )


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Renamed"},
        {"sdgs": "1"},
        {"organizers": "ITU"},
        {"start": "09:00"},
        {"room": "Room K"},
        {"notes": "Time unconfirmed"},
    ],
)
def test_a_changed_row_is_a_new_release(change):
    SessionImporter.import_file(a_file({}))

    result = SessionImporter.import_file(a_file(change))

    assert str(result) == "0 created, 1 updated, 0 unchanged, 0 failed"
    assert ReleasedSession.objects.get().sequence == 1
    assert AgendaRelease.objects.count() == 2


def test_only_new_leaves_standing_records_alone():
    SessionImporter.import_file(a_file({}))

    result = SessionImporter.import_file(
        a_file({"sdgs": "1"}, {"title": "New", "session_no": "134", "room": ""}),
        only_new=True,
    )

    assert str(result) == "1 created, 0 updated, 1 unchanged, 0 failed"
    assert ReleasedSession.objects.get(number="133").sdg_codes == ["9", "17"]


def test_what_the_desk_plans_is_not_published_by_an_import():
    edition = Edition.objects.get(slug="2025")
    draft = SessionFactory(edition=edition, status=SessionStatus.SCHEDULED, room=None)

    SessionImporter.import_file(a_file({}))

    draft.refresh_from_db()
    assert draft.status == SessionStatus.SCHEDULED
    assert not ReleasedSession.objects.filter(pk=draft.pk).exists()


def test_a_session_of_the_desk_is_not_changed_by_a_file():
    SessionFactory(
        edition=Edition.objects.get(slug="2025"), number="133", title=GOOD["title"]
    )

    result = SessionImporter.import_file(a_file({}))

    assert refusals(result) == [
        (
            2,
            "title",
            "This session was entered by staff; change it in the admin, not by a file.",
        )
    ]


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        ({"edition": "1999"}, "edition", "There is no edition “1999”."),
        ({"title": ""}, "title", "This field cannot be blank."),
        (
            {"title": "x" * 301},
            "title",
            "Ensure this value has at most 300 characters (it has 301).",
        ),
        ({"title": "a\x07b"}, "title", "This cell contains a control character."),
        (
            {"date": "07/07/2025"},
            "date",
            "Enter a date such as 2019, 2019-04 or 2019-04-08, not “07/07/2025”.",
        ),
        (
            {"date": "2025-02-30"},
            "date",
            "Enter a date such as 2019, 2019-04 or 2019-04-08, not “2025-02-30”.",
        ),
        ({"start": "9:34"}, "start", "Enter a time such as 09:34, not “9:34”."),
        ({"end": "24:00"}, "end", "Enter a time such as 09:34, not “24:00”."),
        (
            {"date": "2025"},
            "start",
            "Enter a day for the time, and a start for the end.",
        ),
        ({"start": ""}, "start", "Enter a day for the time, and a start for the end."),
        ({"end": "09:34"}, "end", "The end must be after the start."),
        (
            {"time_zone": "Mars/Olympus"},
            "time_zone",
            "“Mars/Olympus” is not a time zone.",
        ),
        ({"source": ""}, "source", "Enter where information on the session was found."),
        ({"link": "no address"}, "link", "Enter a valid URL."),
        (
            {"mode": "by ship"},
            "mode",
            "“by ship” is not known. Possible: On site (on_site); Remote (remote); "
            "On site and remote (both).",
        ),
        (
            {"organizers": ";".join(map(str, range(31)))},
            "organizers",
            "At most 30 organizers.",
        ),
    ],
)
def test_a_bad_cell_gets_its_sentence(cells, column, message):
    result = SessionImporter.import_file(
        a_file(cells, {"title": "Good", "session_no": "", "room": ""})
    )

    assert refusals(result) == [(2, column, message)]
    assert [row.title for row in ReleasedSession.objects.all()] == ["Good"]


@pytest.mark.parametrize("column", ["session_type", "action_lines", "sdgs", "track"])
def test_an_unknown_code_gets_the_list_of_what_is_possible(column):
    result = SessionImporter.import_file(a_file({column: "nonsense"}))

    (error,) = result.errors
    assert (error.row, error.column) == (2, column)
    assert error.message.startswith("“nonsense” is not known. Possible: ")


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_a_choice_is_understood_by_its_code_and_in_six_languages(language):
    with translation.override(language):
        words = [str(Mode(code).label) for code in Mode.values]
    cells = [*Mode.values, *words, words[0].upper(), ""]
    rows = [
        {"mode": cell, "title": f"Session {n}", "session_no": "", "room": ""}
        for n, cell in enumerate(cells)
    ]

    result = SessionImporter.import_file(a_file(*rows))

    modes = list(Session.objects.order_by("pk").values_list("mode", flat=True))
    assert refusals(result) == []
    assert modes == [*Mode.values, *Mode.values, Mode.values[0], ""]


def test_two_rows_of_one_session_are_one():
    result = SessionImporter.import_file(a_file({}, {}))

    assert refusals(result) == [(3, "title", "Row 2 already contains this session.")]


def test_a_room_is_not_given_twice():
    result = SessionImporter.import_file(
        a_file({}, {"title": "Another", "session_no": "134"})
    )

    assert refusals(result) == [
        (
            3,
            "room",
            "“Plenary Room C, Palexpo” is occupied by “WSIS Legacy in Motion”, "
            "7 July 2025, 09:34–10:30.",
        )
    ]


def test_a_room_that_the_desk_gave_up_but_still_is_public_holds_up_the_import():
    SessionImporter.import_file(a_file({}))
    Session.objects.update(room=None, source="")

    with pytest.raises(ValidationError) as refused:
        SessionImporter.import_file(a_file({"title": "Another", "session_no": "134"}))

    with pytest.raises(ValidationError) as foreseen:
        SessionImporter.import_file(
            a_file({"title": "Another", "session_no": "134"}), dry_run=True
        )

    assert refused.value.messages == foreseen.value.messages
    assert refused.value.messages == [
        "A room would be booked twice at the same time: release the whole agenda first."
    ]
    assert Session.objects.count() == 1


def test_a_check_says_what_the_release_would_refuse():
    rows = [
        {"speakers": "Amina Otieno (ICT)"},
        {
            "title": "Another",
            "session_no": "134",
            "room": "Room K",
            "speakers": "Amina Otieno (ICT)",
        },
    ]

    with pytest.raises(ValidationError) as foreseen:
        SessionImporter.import_file(a_file(*rows), dry_run=True)
    with pytest.raises(ValidationError) as refused:
        SessionImporter.import_file(a_file(*rows))

    assert "Amina Otieno" in foreseen.value.messages[0]
    assert "at this time, 7 July 2025, 09:34–10:30." in foreseen.value.messages[0]
    assert "Amina Otieno" in refused.value.messages[0]
    assert not Session.objects.exists()


def test_the_command_ends_with_its_line(tmp_path, capsys):
    path = tmp_path / "sessions.csv"
    path.write_bytes(a_file({}, {"edition": "1999"}).getvalue())

    with pytest.raises(SystemExit) as ended:
        call_command("import_sessions", path)

    out, err = capsys.readouterr()
    assert (ended.value.code, out) == (
        1,
        "1 created, 0 updated, 0 unchanged, 1 failed\n",
    )
    assert err == "row 3, edition: There is no edition “1999”.\n"


def test_the_shipped_sessions_are_all_taken():
    with (DATA / "sessions.csv").open("rb") as file:
        result = SessionImporter.import_file(file)

    odd = ReleasedSession.objects.get(edition__slug="2025", number="133")
    early = ReleasedSession.objects.get(edition__slug="2022", number="105")
    assert str(result) == "84 created, 0 updated, 0 unchanged, 0 failed"
    assert f"{odd.start.astimezone(odd.edition.zone):%H:%M}" == "09:34"
    assert early.day == datetime.date(2021, 9, 30)
    assert (
        ReleasedSession.objects.filter(source_note__contains="unconfirmed").count() > 0
    )
    assert not ReleasedSession.objects.filter(source="").exists()


def test_loading_editions_twice_changes_nothing():
    models = (Edition, SessionType, Track, Phase)
    before = [list(model.objects.order_by("pk").values()) for model in models]

    call_command("load_editions", stdout=io.StringIO())

    assert [list(model.objects.order_by("pk").values()) for model in models] == before


def test_editions_hold_what_their_source_says_and_no_more():
    fresh = Edition.objects.get(slug="2026")
    summit = Edition.objects.get(slug="2003")
    cluster = Edition.objects.get(slug="2006-2008")

    assert Edition.objects.count() == 21
    assert (summit.kind, summit.participants, summit.sessions_held) == (
        "summit",
        11000,
        None,
    )
    assert (cluster.years, cluster.start_date) == ("2006–2008", None)
    assert "unconfirmed" in fresh.notes
    assert not Edition.objects.filter(source="").exists()
    assert Edition.objects.get(slug="2025").chair == "Solly Malatsi, South Africa"


def test_an_edition_made_at_the_desk_survives_a_deployment():
    mine = EditionFactory(slug="2031", title="Ours")

    call_command("load_editions", stdout=io.StringIO())

    mine.refresh_from_db()
    assert mine.title == "Ours"
