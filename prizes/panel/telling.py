"""Experts are told by e-mail which entries they are given, and which are no longer theirs: one mail
for each expert, however many entries one step is about."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from accounts.user.models import User
from common.mail.outbox import send
from prizes.contest.models import Contest, Phase
from prizes.entry.models import Entry
from prizes.panel.anonymous import without_names
from prizes.panel.decision import Assignment

LISTED = 20  # entries that a mail names; of the others it says how many they are


def tell(
    contest: Contest,
    given: Iterable[Assignment],
    lost: Iterable[Assignment],
    but: User | None = None,
) -> int:
    """Write to everybody who was given entries of the contest or has lost some; returns to how
    many. `but` has asked for it and knows. Constant queries beside the mails themselves.
    """
    by_expert: defaultdict[int, tuple[list[int], list[int]]]
    by_expert = defaultdict(lambda: ([], []))
    for side, rows in enumerate((given, lost)):
        for row in rows:
            by_expert[row.expert_id][side].append(row.entry_id)
    if but:
        by_expert.pop(but.pk, None)
    if not by_expert:
        return 0
    people = list(User.objects.filter(pk__in=by_expert, is_active=True).order_by("pk"))
    told = [
        pk
        for sides in by_expert.values()
        for side in sides
        for pk in sorted(side)[:LISTED]
    ]
    entries = _as_experts_read(contest, told)
    work = contest.phase(Phase.Kind.NOMINATION)
    for person in people:
        mine, gone = by_expert[person.pk]
        context = {
            "contest": contest,
            "work": work,
            "given": len(mine),
            "given_entries": [entries[pk] for pk in sorted(mine)[:LISTED]],
            "lost": len(gone),
            "lost_entries": [entries[pk] for pk in sorted(gone)[:LISTED]],
            "more_given": max(0, len(mine) - LISTED),
            "more_lost": max(0, len(gone) - LISTED),
        }
        send("prizes/panel_assignments", person, context)
    return len(people)


def _as_experts_read(contest: Contest, ids: Iterable[int]) -> dict[int, Any]:
    """The entries by id; without names where experts review without them."""
    rows: list[Any] = list(Entry.objects.filter(pk__in=set(ids)).for_page())
    if contest.reviews_anonymous and not contest.has_begun(Phase.Kind.VOTING):
        rows = without_names(rows)
    return {row.pk: row for row in rows}
