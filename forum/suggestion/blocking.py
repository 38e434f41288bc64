"""Why a session cannot be placed: a set of rules and of other sessions that exclude it together,
and of which none could be left out (by QuickXplain, Junker 2004)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from forum.suggestion.draft import Spots
from forum.suggestion.problem import Problem, Rule, Talk, unmet
from forum.suggestion.solving import Model, Watch

FOR_ONE_QUESTION = 3.0  # seconds


def blocking_set(
    problem: Problem, spots: Spots, talk: Talk, watch: Watch
) -> list[Rule]:
    """Rules by kind and id; ("session", id) is another session that has to be placed. Empty when
    the solver found no proof in time."""
    for others in circles(problem, spots, talk):
        question = Question(problem, talk, others, watch)
        if question.is_impossible(question.groups):
            return question.smallest()
    return []


def circles(problem: Problem, spots: Spots, talk: Talk) -> Iterator[list[Talk]]:
    """Which other sessions to look at: none, those with the same people, those that could want
    the same rooms or teams, all. Those that have a place are possible together, so what is
    impossible concerns this one."""
    placed = [one for one in problem.talks if one.pk in spots]
    sharing = [one for one in placed if one.people & talk.people]
    rooms = {
        place.pk for place in problem.places_for(talk) if not any(unmet(talk, place))
    }
    rivals = [
        one
        for one in placed
        if one in sharing
        or spots[one.pk].room in rooms
        or (one.booths and talk.booths)
        or (one.captions and talk.captions)
    ]
    yield []
    for larger in (sharing, rivals, placed):
        if larger:
            yield larger


class Question:
    """Whether one session fits in beside some others under some of the rules."""

    def __init__(
        self, problem: Problem, talk: Talk, others: list[Talk], watch: Watch
    ) -> None:
        self.problem, self.talk, self.watch = problem, talk, watch
        self.others = {one.pk: replace(one, at=None) for one in others}
        self.groups = [*self._rules(), *(("session", pk) for pk in self.others)]
        self.asked: dict[frozenset[Rule], bool] = {}

    def _rules(self) -> list[Rule]:
        """All rules that concern these sessions, those that say most to a reader last: what comes
        early is left out first."""
        talks = [self.talk, *self.others.values()]
        people = sorted({person for one in talks for person in one.people})
        kinds = {
            (kind, one.pk)
            for one in talks
            for place in self.problem.places
            if one.needs_room
            for kind in unmet(one, place)
        }
        breaks = {row for place in self.problem.places for *_span, row in place.blocked}
        return [
            ("day", 0),
            *(("break", row) for row in sorted(breaks)),
            *(("hours", one.pk) for one in self.problem.places if one.open is not None),
            ("walk", 0),
            ("teams", 0),
            ("units", 0),
            *(("fixed", one.pk) for one in self.problem.fixed),
            *sorted(kinds),
            *(("person", person) for person in people),
            *(("available", one) for one in people if one in self.problem.available),
        ]

    def is_impossible(self, groups: Sequence[Rule]) -> bool:
        """Proved, under these rules and with these sessions alone."""
        key = frozenset(groups)
        if key not in self.asked:
            self.asked[key] = self._ask(key)
        return self.asked[key]

    def _ask(self, kept: frozenset[Rule]) -> bool:
        if not self.watch():
            return False
        talks = [one for pk, one in self.others.items() if ("session", pk) in kept]
        talks.append(replace(self.talk, at=None))
        problem = self.problem.only(talks)
        without = frozenset(self.groups) - kept
        problem = replace(
            problem,
            teams=problem.teams if ("teams", 0) in kept else None,
            units=problem.units if ("units", 0) in kept else None,
        )
        model = Model(problem, [one.pk for one in talks], without)
        answer = model.solve(FOR_ONE_QUESTION, self.watch)
        return answer.spots is None and answer.is_proved

    def smallest(self) -> list[Rule]:
        """Impossible, and possible without any one of them."""
        return sorted(self._explain([], self.groups, has_new=False))

    def _explain(
        self, background: list[Rule], groups: list[Rule], *, has_new: bool
    ) -> list[Rule]:
        """The part of `groups` that makes the question impossible together with `background`."""
        if has_new and self.is_impossible(background):
            return []
        if len(groups) == 1:
            return groups
        half = len(groups) // 2
        first, second = groups[:half], groups[half:]
        late = self._explain(background + first, second, has_new=bool(first))
        early = self._explain(background + late, first, has_new=bool(late))
        return early + late
