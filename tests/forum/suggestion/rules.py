"""What a plan breaks, counted without the sets of starts and the model of the solver."""

from itertools import combinations

from forum.suggestion.problem import NO_ROOM


def broken(problem, spots):
    """The rules that a plan breaks, each with the sessions."""
    talks = {talk.pk: talk for talk in (*problem.talks, *problem.fixed)}
    at = {one.pk: one.at for one in problem.fixed} | spots
    return [
        *(fault for pk in spots for fault in alone(problem, talks[pk], spots[pk])),
        *(
            fault
            for one, other in combinations(sorted(at), 2)
            for fault in together(problem, talks[one], at[one], talks[other], at[other])
        ),
        *at_once(problem.teams, "booths", talks, at),
        *at_once(problem.units, "captions", talks, at),
    ]


def inside(spans, talk, spot):
    return any(a <= spot.start and spot.start + talk.minutes <= b for a, b in spans)


def alone(problem, talk, spot):
    place = problem.of_room[spot.room]
    end = spot.start + talk.minutes
    faults = {
        "day": not inside(problem.days, talk, spot),
        "hours": place.open is not None and not inside(place.open, talk, spot),
        "break": any(a < end and spot.start < b for a, b, _row in place.blocked),
        "seats": place.seats is not None and talk.seats > place.seats,
        "booths": place.booths is not None and talk.booths > place.booths,
        "captions": talk.captions and not place.has_captioning,
        "available": not all(
            inside(problem.available[person], talk, spot)
            for person in talk.people & set(problem.available)
        ),
    }
    return [(name, talk.pk) for name, is_broken in faults.items() if is_broken]


def together(problem, talk, spot, other, there):
    gap = max(
        there.start - spot.start - talk.minutes,
        spot.start - there.start - other.minutes,
    )
    if spot.room == there.room != NO_ROOM and gap < 0:
        yield "room", talk.pk, other.pk
    if talk.people & other.people and gap < problem.walk(spot.room, there.room):
        yield "person", talk.pk, other.pk


def at_once(limit, name, talks, at):
    """Moments at which more sessions need one of these than there are."""
    needing = [(talks[pk], spot) for pk, spot in at.items() if getattr(talks[pk], name)]
    for moment in {spot.start for _talk, spot in needing}:
        going_on = sum(
            spot.start <= moment < spot.start + talk.minutes for talk, spot in needing
        )
        if limit is not None and going_on > limit:
            yield name, moment
