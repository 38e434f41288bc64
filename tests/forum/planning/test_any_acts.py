"""Whatever planners do, in any order: no hard clash is left, and undoing it all leads back."""

import datetime
import random

import pytest

from common.moves.workflow import MoveRefused
from forum.planning.clashes import Plan
from forum.planning.planner import Planner
from forum.planning.slots import Slot
from forum.session.models import Session
from tests.forum.records import (
    DAY,
    EditionFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
    at,
    blocked,
    hours,
    officer,
    release,
)

pytestmark = pytest.mark.django_db
ACTS = 150  # of each of two planners


def stands():
    rows = Session.objects.order_by("pk")
    return list(rows.values_list("pk", "status", "start", "end", "room", "day"))


def made_up(edition):
    """Twelve sessions whose speakers overlap, four rooms, hours, a break, a blocked room."""
    people = [PersonFactory(name=f"Speaker {n}") for n in range(8)]
    rooms = [RoomFactory(edition=edition, name=f"Room {n}") for n in range(4)]
    hours(rooms[0], "09:00", "13:00")
    blocked("Lunch", "12:00", "13:00", edition=edition)
    blocked("Rehearsal", "09:00", "10:00", edition=edition, room=rooms[1], day=DAY)
    sessions = [
        SessionFactory(
            edition=edition,
            room=None,
            start=None,
            end=None,
            speakers=[people[n % 8], people[(n * 3 + 1) % 8]],
        )
        for n in range(12)
    ]
    return sessions, rooms


def act(planner, chance, sessions, rooms):
    """One act at random; whether it was done."""
    session = Session.objects.get(pk=chance.choice(sessions).pk)
    kind = chance.choice(["place"] * 5 + ["swap", "remove", "undo", "undo", "redo"])
    try:
        if kind == "place":
            day = DAY + datetime.timedelta(days=chance.randrange(2))
            start = at(chance.randrange(8, 15), chance.choice([0, 15, 30]), day)
            slot = Slot.at(
                start,
                chance.choice([30, 60, 90]),
                chance.choice(rooms).pk,
                planner.edition.zone,
            )
            planner.place(session.pk, session.version, slot)
        elif kind == "swap":
            planner.swap(session.pk, session.version, chance.choice(sessions).pk)
        elif kind == "remove":
            planner.remove(session.pk, session.version)
        else:
            getattr(planner, kind)()
    except MoveRefused:
        return False
    return True


@pytest.mark.parametrize("seed", [1, 2])
def test_two_planners_at_random_leave_no_hard_clash(seed):
    chance = random.Random(seed)  # noqa: S311  (nothing secret)
    edition = EditionFactory()
    sessions, rooms = made_up(edition)
    planners = [Planner(edition, officer()) for _number in range(2)]

    done = sum(
        act(chance.choice(planners), chance, sessions, rooms) for _n in range(ACTS)
    )

    assert done > ACTS / 4
    hard = [
        clash.sentence
        for _session, clashes in Plan(edition).all()
        for clash in clashes
        if clash.is_hard
    ]
    assert hard == []
    release(edition)  # it would refuse a clash


def test_one_planner_undoes_everything_and_does_it_again():
    chance = random.Random(3)  # noqa: S311  (nothing secret)
    edition = EditionFactory()
    sessions, rooms = made_up(edition)
    planner = Planner(edition, officer())
    before = [row[:2] for row in stands()]
    for _number in range(40):
        act(planner, chance, sessions, rooms)
    after = stands()

    undone = repeat(planner.undo)
    assert [row[:2] for row in stands()] == before
    assert all(row[2:] == (None,) * 4 for row in stands())
    assert repeat(planner.redo) >= undone
    assert {row for row in after if row[1] == "scheduled"} <= set(stands())


def repeat(step):
    """How often a step can be taken."""
    number = 0
    while True:
        try:
            step()
        except MoveRefused:
            return number
        number += 1
