"""What makes one plan better than another when both keep all rules: the costs of a variant."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from forum.suggestion.problem import Place, Talk

PARALLEL, ROOMS, NIGHT = "parallel", "rooms", "night"
VARIANTS = (PARALLEL, ROOMS, NIGHT)
EMPTY_SEATS = 20  # so many empty seats cost 1
MOST_PAIRS = (
    1200  # those with the most common interest; the others are too many to weigh
)
LEVELS = 8  # costs of starts are told apart in so many steps


def no_cost(talk: Talk, start: int) -> int:
    return 0


@dataclass(frozen=True)
class Wish:
    """`pairs`: two sessions that should not be at the same time, and how much. `start`: what a
    start costs. `same_room`: what each further room of a track costs."""

    pairs: Mapping[tuple[int, int], int] = field(default_factory=dict)
    start: Callable[[Talk, int], int] = no_cost
    same_room: int = 0
    fits: int = 1  # weight of empty seats

    def room(self, talk: Talk, place: Place) -> int:
        """A session that half fills a hall leaves it to nobody else."""
        if place.seats is None or not talk.seats:
            return 0
        return self.fits * max(place.seats - talk.seats, 0) // EMPTY_SEATS


def heaviest(pairs: Mapping[tuple[int, int], int]) -> dict[tuple[int, int], int]:
    ordered = sorted(pairs, key=lambda pair: (-pairs[pair], pair))
    return {pair: pairs[pair] for pair in ordered[:MOST_PAIRS]}
