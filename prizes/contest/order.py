"""Phases of a contest follow one another: none opens or closes before an earlier one does."""

import datetime
from collections.abc import Iterable
from itertools import combinations
from typing import Any

from django.utils.translation import gettext_lazy as _

from common.forms.together import Misplaced


def misplaced(phases: Iterable[Any]) -> list[Misplaced]:
    """Phases that open or close before an earlier one does."""
    begun = sorted(
        (p for p in phases if p.kind in p.Kind.values), key=lambda p: p.place
    )
    return [
        Misplaced(
            (before, after), (name, name), sentence % {"first": before, "second": after}
        )
        for before, after in combinations(begun, 2)
        for name, sentence in OUT_OF_ORDER.items()
        if before.place != after.place
        and is_before(getattr(after, name), getattr(before, name))
    ]


def is_before(
    moment: datetime.datetime | None, other: datetime.datetime | None
) -> bool:
    return moment is not None and other is not None and moment < other


OUT_OF_ORDER = {
    "opens_at": _("“%(second)s” cannot open before “%(first)s” opens."),
    "closes_at": _("“%(second)s” cannot close before “%(first)s” closes."),
}
