"""The solver on plain values: plans that are known to exist, plans that cannot, least moves."""

from dataclasses import replace
from itertools import combinations

import pytest

from benchmarks.known_plan import known_plan
from forum.suggestion.blocking import Question
from forum.suggestion.planning import moves, propose, repair
from forum.suggestion.problem import Place, Problem, Spot, Talk, minutes_of
from forum.suggestion.wishes import Wish, heaviest
from tests.forum.suggestion.rules import broken

HOUR = 60
ONE_DAY = ((9 * HOUR, 18 * HOUR),)


def problem(talks, places=None, **more):
    values = {"length": 1440, "step": 15, "days": ONE_DAY}
    return Problem(
        **values | more, places=tuple(places or [Place(1)]), talks=tuple(talks)
    )


@pytest.mark.parametrize(("seed", "sessions", "days"), [(1, 60, 2), (5, 84, 1)])
def test_a_plan_that_exists_is_found_whole_and_breaks_no_rule(seed, sessions, days):
    plan, spots = known_plan(seed, sessions, days)
    assert broken(plan, spots) == []  # the fixture is what it says

    found = propose(plan, Wish())

    assert len(found.spots) == sessions
    assert broken(plan, found.spots) == []
    assert found.blocked == {}


def test_what_the_draft_does_not_find_the_solver_does():
    """Two rooms filled to the minute, with people in several sessions."""
    talks = [
        Talk(1, 120, frozenset({1})),
        Talk(2, 120, frozenset({2})),
        Talk(3, 90, frozenset({1})),
        Talk(4, 90, frozenset({2})),
        Talk(5, 30, frozenset({1, 2})),
        Talk(6, 30, frozenset({3})),
    ]
    plan = problem(talks, [Place(1), Place(2)], days=((540, 780),))

    found = propose(plan, Wish())

    assert sorted(found.spots) == [1, 2, 3, 4, 5, 6]
    assert broken(plan, found.spots) == []


def test_fixed_sessions_hold_their_room_their_people_and_their_team():
    fixed = Talk(9, 60, frozenset({1}), booths=1, at=Spot(540, 1))
    plan = problem(
        [Talk(1, 60, frozenset({1})), Talk(2, 60, booths=1), Talk(3, 60)],
        [Place(1, "A", booths=2), Place(2, "B", booths=2)],
        days=((540, 675),),
        fixed=(fixed,),
        walks={frozenset({"A", "B"}): 15},
        teams=1,
    )

    found = propose(plan, Wish())

    assert sorted(found.spots) == [1, 2, 3]
    assert broken(plan, found.spots) == []
    assert found.spots[1].start >= 600


def is_possible(plan, talk, others, kept):
    question = Question(plan, talk, others, lambda: True)
    return not question.is_impossible(kept)


IMPOSSIBLE = {
    # one hour, three sessions of thirty minutes, one room
    "too many for the room": (
        problem([Talk(n, 30) for n in (1, 2, 3)], days=((540, 600),)),
        1,
        {"session", "day"},
        2,
    ),
    "nobody has the booths": (
        problem([Talk(1, 30, booths=3)], [Place(1, booths=2), Place(2, booths=1)]),
        1,
        {"booths"},
        0,
    ),
    "somebody can only come at night": (
        problem([Talk(1, 60, frozenset({7}))], available={7: ((1200, 1320),)}),
        1,
        {"available", "day"},
        0,
    ),
    "two sessions of one person in the hour when they can come": (
        problem(
            [Talk(1, 60, frozenset({7})), Talk(2, 60, frozenset({7})), Talk(3, 30)],
            [Place(1), Place(2)],
            available={7: ((540, 630),)},
        ),
        1,
        {"available", "person", "session"},
        1,
    ),
    "one team of interpreters": (
        problem(
            [Talk(1, 60, booths=1), Talk(2, 60, booths=1)],
            [Place(1, booths=6), Place(2, booths=6)],
            days=((540, 600),),
            teams=1,
        ),
        1,
        {"day", "session", "teams"},
        1,
    ),
    "the way is too long": (
        problem(
            [
                Talk(1, 60, frozenset({7}), seats=90),
                Talk(2, 60, frozenset({7}), booths=1),
            ],
            [Place(1, "A", 90, 0), Place(2, "B", 50, 1)],
            days=((540, 660),),
            walks={frozenset({"A", "B"}): 10},
        ),
        1,
        {"booths", "day", "person", "seats", "session", "walk"},
        1,
    ),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_cannot_be_names_a_smallest_set_of_reasons(name):
    """Without any one of the reasons it would be possible."""
    plan, unplaced, kinds, sessions = IMPOSSIBLE[name]

    found = propose(plan, Wish())

    assert len(found.spots) == len(plan.talks) - unplaced
    assert broken(plan, found.spots) == []
    ((pk, reasons),) = found.blocked.items()
    assert reasons
    assert sum(kind == "session" for kind, _id in reasons) == sessions
    talk = plan.of_talk[pk]
    others = [plan.of_talk[one] for kind, one in reasons if kind == "session"]
    assert not is_possible(plan, talk, others, reasons)
    for reason in reasons:
        rest = [one for one in reasons if one != reason]
        assert is_possible(plan, talk, others, rest), (reason, reasons)
    assert {kind for kind, _id in reasons} == kinds


def standing(plan, spots):
    talks = [replace(talk, at=spots[talk.pk]) for talk in plan.talks]
    return replace(plan, talks=tuple(talks))


@pytest.mark.parametrize("seed", [1, 2])
def test_a_repair_after_a_room_is_closed_moves_only_its_sessions(seed):
    """There is room elsewhere, so the least number of moves is that of the sessions that were in
    the room."""
    plan, spots = known_plan(seed, 60, 2)
    rooms = [spot.room for spot in spots.values()]
    closed = max(set(rooms), key=lambda room: (rooms.count(room), room))
    places = [
        replace(place, blocked=(*place.blocked, (0, plan.length, 99)))
        if place.pk == closed
        else place
        for place in plan.places
    ]
    # its sessions suit another room
    talks = [replace(talk, seats=0, booths=0, captions=False) for talk in plan.talks]
    plan = replace(
        plan, places=tuple(places), talks=tuple(talks), units=None, teams=None
    )

    found = repair(standing(plan, spots))

    assert broken(plan, found.spots) == []
    assert len(found.spots) == 60
    assert rooms.count(closed) <= moves(standing(plan, spots), found.spots)
    assert moves(standing(plan, spots), found.spots) <= rooms.count(closed) + 2


def test_a_repair_moves_a_chain_when_nothing_shorter_exists():
    """Session 1 can only go where 2 is, and 2 only where 3 was never: three stand, two move."""
    places = [Place(1, seats=100), Place(2, seats=50), Place(3, seats=10)]
    talks = [
        Talk(1, 60, frozenset({7}), seats=60, at=Spot(540, 1)),
        Talk(2, 60, seats=40, at=Spot(600, 1)),
        Talk(3, 60, seats=5, at=Spot(540, 3)),
    ]
    plan = problem(talks, places, days=((540, 660),), available={7: ((600, 660),)})

    found = repair(plan)

    assert found.spots[1] == Spot(600, 1)
    assert found.spots[2].room in (1, 2)
    assert found.spots[3] == Spot(540, 3)
    assert moves(plan, found.spots) == 2


def test_a_repair_leaves_what_planners_accepted():
    """A room that is too small, and a start beside the grid and before the hours, stay."""
    talk = Talk(1, 60, seats=500, at=Spot(8 * HOUR + 34, 1))
    plan = problem([talk, Talk(2, 60, at=Spot(600, 1))], [Place(1, seats=20)])

    assert moves(plan, repair(plan).spots) == 0


def test_sessions_of_one_interest_are_put_beside_each_other_only_if_they_must():
    talks = [Talk(n, 60, group="a") for n in range(1, 7)]
    pairs = {(a.pk, b.pk): 1 for a, b in combinations(talks, 2)}
    plan = problem(talks, [Place(n) for n in (1, 2, 3)], days=((540, 900),))

    spots = propose(plan, Wish(pairs=heaviest(pairs))).spots

    assert len({spot.start for spot in spots.values()}) == 6


def test_a_track_stays_in_one_room_if_that_is_wished():
    talks = [Talk(n, 60, group="ab"[n % 2]) for n in range(6)]
    plan = problem(talks, [Place(n) for n in (1, 2, 3)])

    spots = propose(plan, Wish(same_room=10)).spots

    for group in (0, 1):
        assert len({spots[n].room for n in range(6) if n % 2 == group}) == 1


def test_a_start_that_costs_less_is_taken():
    plan = problem([Talk(1, 60), Talk(2, 60)])

    spots = propose(plan, Wish(start=lambda talk, start: abs(start - 780))).spots

    assert {spot.start for spot in spots.values()} <= {720, 780, 735, 795, 840}


def test_a_session_says_how_many_slots_were_left_for_it():
    plan = problem(
        [Talk(1, 60), Talk(2, 60), Talk(3, 60, booths=1)],
        [
            Place(1, booths=0, open=((540, 660),)),
            Place(2, booths=1, open=((540, 600),)),
        ],
    )

    reasons = propose(plan, Wish()).reasons

    assert (reasons[3].rooms, reasons[3].slots) == (1, 1)
    assert reasons[1].rooms == 2


def test_a_set_of_starts_is_read_back():
    assert minutes_of(0b100101) == [0, 2, 5]
