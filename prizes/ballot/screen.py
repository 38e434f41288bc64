"""One screen of a category: eight cards in the voter's order, or five that they have not seen."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from common.moves.actors import SignedInRequest
from common.text.digits import whole_number
from prizes.ballot.order import note_shown, order_of, places_in, seen_by, turn_of
from prizes.contest.models import Category, Contest
from prizes.entry.filters import NomineeFilters, choices_among
from prizes.entry.models import Entry
from prizes.text.reading import with_translations

CARDS = 8
UNSEEN = 5  # cards of a screen of nominees that were not seen
OURS = ("choice", "page", "unseen")  # parameters that are no filters


@dataclass(frozen=True)
class Screen:
    """`number` of `pages`, from 1; `choice` is the nominee that a link or a form has chosen."""

    filters: NomineeFilters
    choices: dict[str, Any]
    object_list: list[Entry]
    choice: Entry | None
    number: int
    pages: int
    count: int  # nominees that match
    unseen: bool
    problem: str

    @property
    def has_next(self) -> bool:
        return self.number < self.pages

    @property
    def has_previous(self) -> bool:
        return self.number > 1


def screen(
    request: SignedInRequest, contest: Contest, place: Category, choice: str
) -> Screen:
    """The screen that the address asks for; its cards count as shown to this voter."""
    nominees = Entry.objects.on_ballot().filter(category=place)
    filters = NomineeFilters(without_ours(request.GET), queryset=nominees)
    places = places_in([place.pk])
    there = [nominee for nominee in places if nominee.on_ballot]
    order = order_of(places, turn_of(contest, request.user))
    found = {nominee.pk for nominee in there}
    if filters.is_valid() and filters.narrows:
        found &= set(filters.qs.order_by().values_list("pk", flat=True))
    matches = sorted(found, key=order.__getitem__)
    unseen = "unseen" in request.GET
    if unseen:
        seen = seen_by(contest, request.user)
        matches = [pk for pk in matches if pk not in seen][:UNSEEN]
    pages = max(1, -(-len(matches) // CARDS))
    number, problem = _page_number(request.GET, pages)
    wanted = matches[(number - 1) * CARDS : number * CARDS]
    chosen = whole_number(choice)
    here = [*wanted, chosen] if chosen else wanted
    listed = nominees.filter(pk__in=here).for_list()
    cards = with_translations(listed.defer("words", "answers"))
    by_pk = {entry.pk: entry for entry in cards}
    note_shown(contest, request.user, wanted)
    return Screen(
        filters=filters,
        choices=choices_among([(n.country, n.stakeholder_type) for n in there]),
        object_list=[by_pk[pk] for pk in wanted if pk in by_pk],
        choice=by_pk.get(chosen) if chosen else None,
        number=number,
        pages=pages,
        count=len(matches),
        unseen=unseen,
        problem=problem,
    )


def _page_number(query: QueryDict, pages: int) -> tuple[int, str]:
    """The page that is asked for, and a sentence when there is none."""
    asked = query.get("page", "1")
    number = whole_number(asked)
    if number and 1 <= number <= pages:
        return number, ""
    return 1, _("There is no such page; this is the first one.")


def without_ours(query: QueryDict) -> Any:
    """The query string with the filters only."""
    parameters = query.copy()
    for name in OURS:
        parameters.pop(name, None)
    return parameters
