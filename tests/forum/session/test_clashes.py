"""No room and no person is in two sessions at once: matrix, change of clocks, any edits."""

import datetime
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.moves.workflow import MoveRefused
from forum.agenda.models import ReleasedSession
from forum.agenda.releasing import NothingToRelease
from forum.base.workflow import DESK
from forum.people.models import PRESENT, Participation, Role
from forum.session.description import Mode
from forum.session.models import Session
from forum.session.workflow import SessionStatus
from tests.forum.records import (
    EditionFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
    at,
    officer,
    release,
    released,
    scheduled,
)

pytestmark = pytest.mark.django_db
FIRST = (at(10), at(11))
# Against a session from 10 to 11: start, end, whether both cannot be.
INTERVALS = [
    (at(9), at(10), False),  # ends as the other begins
    (at(11), at(12), False),  # begins as the other ends
    (at(8), at(9, 30), False),
    (at(9), at(10, 1), True),
    (at(10, 59), at(12), True),
    (at(10), at(11), True),
    (at(10, 15), at(10, 45), True),
    (at(9), at(12), True),
    (at(10, 34), at(10, 35), True),  # odd minutes
]


def outcome(session):
    try:
        session.move("schedule", DESK)
    except MoveRefused as refused:
        return str(refused.message)
    return ""


@pytest.mark.parametrize(("start", "end", "clash"), INTERVALS)
def test_a_room_holds_one_session_at_a_time(start, end, clash):
    room = RoomFactory(name="Popov", building="ITU")
    scheduled(room=room, start=FIRST[0], end=FIRST[1], title="The first")

    said = outcome(SessionFactory(room=room, start=start, end=end))

    sentence = "“Popov, ITU” is occupied by “The first”, 5 July 2027, 10:00–11:00."
    assert said == (sentence if clash else "")


@pytest.mark.parametrize(("start", "end", "clash"), INTERVALS)
def test_a_person_is_in_one_session_at_a_time(start, end, clash):
    person = PersonFactory(name="Amara")
    scheduled(start=FIRST[0], end=FIRST[1], title="The first", speakers=[person])

    said = outcome(SessionFactory(start=start, end=end, speakers=[person]))

    sentence = "Amara is in “The first” at this time, 5 July 2027, 10:00–11:00."
    assert said == (sentence if clash else "")


@pytest.mark.parametrize("first", Role.values)
@pytest.mark.parametrize("second", Role.values)
def test_organizers_may_be_elsewhere_all_others_not(first, second):
    person = PersonFactory()
    sessions = [SessionFactory(), SessionFactory()]
    for session, role in zip(sessions, (first, second), strict=True):
        Participation.objects.create(session=session, person=person, role=role)
    sessions[0].move("schedule", DESK)

    said = outcome(sessions[1])

    assert bool(said) == ({first, second} <= PRESENT)


@pytest.mark.parametrize("status", SessionStatus.values)
def test_only_placed_sessions_hold_their_room(status):
    room = RoomFactory()
    other = SessionFactory(room=room, status=status)

    said = outcome(SessionFactory(room=room))

    assert bool(said) == (other.status in {"scheduled", "released"})


def test_other_rooms_and_days_are_free():
    room = RoomFactory()
    scheduled(room=room)

    assert outcome(SessionFactory()) == ""
    next_day = datetime.timedelta(days=1)
    assert (
        outcome(
            SessionFactory(room=room, start=at(10) + next_day, end=at(11) + next_day)
        )
        == ""
    )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"room": None}, "“Villages” has no room: choose one, or hold it remotely."),
        ({"room": None, "mode": Mode.REMOTE}, ""),
        ({"start": None, "end": None}, "“Villages” has no time yet."),
        ({"end": None}, "“Villages” has no time yet."),
    ],
)
def test_a_session_without_a_place_is_not_scheduled(fields, sentence):
    assert outcome(SessionFactory(title="Villages", **fields)) == sentence


def test_the_database_itself_refuses_two_sessions_in_a_room():
    room = RoomFactory()
    scheduled(room=room)

    with pytest.raises(IntegrityError), transaction.atomic():
        SessionFactory(room=room, status=SessionStatus.SCHEDULED)


def test_the_public_agenda_cannot_hold_two_sessions_in_a_room():
    room = RoomFactory()
    first, second = released(room=room), released()

    def give_both_the_same():
        with transaction.atomic(), connection.cursor() as cursor:
            ReleasedSession.objects.filter(pk=second.pk).update(room=first.room)
            cursor.execute("SET CONSTRAINTS released_room_once_at_a_time IMMEDIATE")

    with pytest.raises(IntegrityError):
        give_both_the_same()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("shared_by_all", ["room", "person"])
def test_ten_schedule_at_once_and_one_succeeds(shared_by_all):
    room, person, desk = RoomFactory(), PersonFactory(), officer()
    fields = {"room": room} if shared_by_all == "room" else {"speakers": [person]}
    sessions = [SessionFactory(**fields) for _session in range(10)]
    start, outcomes = threading.Barrier(10), []

    def schedule(session):
        start.wait()
        try:
            session.move("schedule", desk)
            outcomes.append("scheduled")
        except MoveRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=schedule, args=[session]) for session in sessions
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["refused"] * 9 + ["scheduled"]
    assert Session.objects.placed().count() == 1


# In the night to 31 October 2027 clocks go back from 3:00 to 2:00; in 2026 on 25 October.
SUNDAY = datetime.date(2026, 10, 25)
MONDAY = datetime.date(2026, 10, 26)


def test_the_hour_that_comes_twice_is_two_hours():
    room = RoomFactory()
    first, second = at(2, 15, SUNDAY), at(2, 15, SUNDAY).replace(fold=1)
    minutes = datetime.timedelta(minutes=30)
    as_utc = [moment.astimezone(datetime.UTC) for moment in (first, second)]

    scheduled(room=room, start=as_utc[0], end=as_utc[0] + minutes)
    said = outcome(SessionFactory(room=room, start=as_utc[1], end=as_utc[1] + minutes))

    assert (as_utc[1] - as_utc[0], said) == (datetime.timedelta(hours=1), "")


@pytest.mark.parametrize("day", [SUNDAY, MONDAY])
def test_the_day_of_a_session_is_that_of_geneva(day):
    session = SessionFactory(start=at(0, 15, day), end=at(0, 45, day))

    assert session.day == day


def test_touching_sessions_over_the_change_of_clocks():
    room = RoomFactory()
    scheduled(
        room=room, start=at(1, 0, SUNDAY), end=at(3, 0, SUNDAY)
    )  # three hours long

    assert (
        outcome(SessionFactory(room=room, start=at(3, 0, SUNDAY), end=at(4, 0, SUNDAY)))
        == ""
    )
    assert (
        outcome(
            SessionFactory(room=room, start=at(2, 30, SUNDAY), end=at(3, 0, SUNDAY))
        )
        != ""
    )


def hard_clashes(edition):
    """Pairs of the released agenda that share a room or a person at one time: from the rows."""
    rows = list(
        ReleasedSession.objects.of_edition(edition).filter(
            status=SessionStatus.RELEASED
        )
    )
    return [
        (a.pk, b.pk)
        for place, a in enumerate(rows)
        for b in rows[place + 1 :]
        if a.start < b.end
        and b.start < a.end
        and (a.room_id == b.room_id or shared(a, b))
    ]


def shared(a, b):
    present = [
        {p["person"] for p in row.people if p["role"] in PRESENT} for row in (a, b)
    ]
    return bool(present[0] & present[1])


EDIT = st.tuples(
    st.sampled_from(
        [
            "place",
            "people",
            "schedule",
            "unschedule",
            "cancel",
            "restore",
            "postpone",
            "release",
        ]
    ),
    st.integers(0, 4),  # session
    st.integers(0, 1),  # room
    st.integers(0, 5),  # start, in quarters of an hour
    st.integers(1, 4),  # length, in quarters of an hour
    st.integers(0, 2),  # person
)


def edit(sessions, rooms, people, desk, step):
    """One edit at the desk, as the pages make it; what is refused changes nothing."""
    what, which, room, start, length, person = step
    session = Session.objects.get(pk=sessions[which])
    try:
        with transaction.atomic():
            if what == "place":
                session.room = rooms[room]
                session.start = at(9) + datetime.timedelta(minutes=15 * start)
                session.end = session.start + datetime.timedelta(minutes=15 * length)
                session.clean()
                if (
                    session.status in {"scheduled", "released"}
                    and session.people_clash()
                ):
                    return
                session.save()
            elif what == "people":
                if session.status in {"scheduled", "released"} and session.people_clash(
                    [people[person].pk]
                ):
                    return
                session.participations.all().delete()
                Participation.objects.create(
                    session=session, person=people[person], role=Role.PANELLIST
                )
            elif what == "release":
                release(session.edition)
            else:
                session.move(what, desk, "Because.")
    except (MoveRefused, NothingToRelease, ValidationError):
        pass


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(EDIT, min_size=5, max_size=30))
def test_after_any_edits_the_released_agenda_has_no_hard_clash(steps):
    sid = transaction.savepoint()
    edition, desk = EditionFactory(), officer()
    rooms = [RoomFactory(), RoomFactory()]
    people = [PersonFactory() for _ in range(3)]
    sessions = [SessionFactory(edition=edition, room=rooms[0]).pk for _ in range(5)]

    for step in steps:
        edit(sessions, rooms, people, desk, step)

    assert hard_clashes(edition) == []
    transaction.savepoint_rollback(sid)
