"""The lines that each app gives for “My pages”."""

from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db import models
from django.utils.formats import number_format

from common.moves.actors import Person


class Line(NamedTuple):
    """One link. `count` is a number or a text such as “7 of 18”; `note` adds to it."""

    text: Any
    url: str
    count: Any = ""
    note: Any = ""

    @property
    def shown(self) -> str:
        return (
            number_format(self.count)
            if isinstance(self.count, int)
            else str(self.count)
        )


class Section(NamedTuple):
    """What an app tells a person; `desk`: what waits in it for the secretariat; `waiting`: what
    waits for this person, as a member of panels or agencies."""

    title: Any
    lines: list[Line]
    desk: tuple[Line, ...] = ()
    waiting: tuple[Line, ...] = ()


class CountOf(models.Subquery):
    """The number of rows of a query, as a column of another query."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = models.IntegerField()


def counted(user: Person, **rows: models.QuerySet[Any]) -> dict[str, int]:
    """The number of rows of each queryset by its name, in one query."""
    people = get_user_model()._default_manager.filter(pk=user.pk).order_by()
    columns = {
        f"n_{name}": CountOf(numbers.order_by().values("pk"))
        for name, numbers in rows.items()
    }
    (numbers,) = people.annotate(**columns).values_list(*columns)
    return dict(zip(rows, numbers, strict=True))
