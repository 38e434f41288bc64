"""A programme for which a plan is known: rooms are filled first, then sessions are described so
that they fit. Made-up, and the same for the same seed."""

import random

from forum.suggestion.problem import Place, Problem, Span, Spot, Talk

PEOPLE, IN_ONE, WALK = 600, 4, 10
MORNING, AFTERNOON = (9 * 60, 12 * 60 + 30), (13 * 60 + 30, 18 * 60)
LUNCH = (12 * 60 + 30, 13 * 60 + 30)
LENGTHS = (45, 60, 60, 75, 90)
TEAMS, UNITS = 4, 5


def on_each(days: int, *hours: Span) -> tuple[Span, ...]:
    return tuple(
        (day * 1440 + since, day * 1440 + until)
        for day in range(days)
        for since, until in hours
    )


def rooms(days: int, number: int = 15) -> tuple[Place, ...]:
    return tuple(
        Place(
            pk=room + 1,
            building=f"Building {room % 2}",
            seats=60 + 20 * room,
            booths=room % 7,
            has_captioning=room % 2 == 0,
            open=on_each(days, (8 * 60, 20 * 60)),
            blocked=tuple((*span, 1) for span in on_each(days, LUNCH)),
        )
        for room in range(number)
    )


def known_plan(seed: int, sessions: int, days: int) -> tuple[Problem, dict[int, Spot]]:
    """The problem, and one plan that solves it; fewer sessions if the rooms hold no more."""
    chance = random.Random(seed)  # noqa: S311
    places = rooms(days)
    slots = []
    for place in places:
        for since, until in on_each(days, MORNING, AFTERNOON):
            start = since
            while start + (minutes := chance.choice(LENGTHS)) <= until:
                slots.append((start, minutes, place))
                start += minutes
    chance.shuffle(slots)
    busy: dict[int, list[Span]] = {person: [] for person in range(1, PEOPLE + 1)}
    at_once: dict[str, list[Span]] = {"teams": [], "units": []}
    talks, spots = [], {}
    for pk, (start, minutes, place) in enumerate(slots[:sessions], 1):
        span = (start, start + minutes)
        people = free_people(chance, busy, span)
        booths = 0
        if (
            place.booths
            and chance.random() < 0.4
            and is_free(at_once["teams"], span, TEAMS)
        ):
            booths = chance.randrange(1, place.booths + 1)
            at_once["teams"].append(span)
        captions = place.has_captioning and is_free(at_once["units"], span, UNITS)
        if captions := captions and chance.random() < 0.3:
            at_once["units"].append(span)
        seats = chance.randrange((place.seats or 0) // 3, (place.seats or 0) + 1)
        talk = Talk(
            pk, minutes, people, seats, booths, captions, group=f"track {pk % 12}"
        )
        talks.append(talk)
        spots[pk] = Spot(start, place.pk)
    available = {}
    for person in chance.sample(sorted(busy), PEOPLE // 5):
        when = {span[0] // 1440 for span in busy[person]} | {chance.randrange(days)}
        available[person] = tuple(
            (day * 1440 + 8 * 60, day * 1440 + 20 * 60) for day in sorted(when)
        )
    problem = Problem(
        length=days * 1440,
        step=15,
        days=on_each(days, (9 * 60, 18 * 60)),
        places=places,
        talks=tuple(talks),
        available=available,
        walks={frozenset({"Building 0", "Building 1"}): WALK},
        teams=TEAMS,
        units=UNITS,
    )
    return problem, spots


def free_people(
    chance: random.Random, busy: dict[int, list[Span]], span: Span
) -> frozenset[int]:
    """Some who are nowhere else, and could walk from any building."""
    people: set[int] = set()
    while len(people) < IN_ONE:
        person = chance.randrange(1, PEOPLE + 1)
        if all(
            span[1] + WALK <= since or until + WALK <= span[0]
            for since, until in busy[person]
        ):
            people.add(person)
    for person in people:
        busy[person].append(span)
    return frozenset(people)


def is_free(spans: list[Span], span: Span, limit: int) -> bool:
    return sum(since < span[1] and span[0] < until for since, until in spans) < limit
