"""Filters of the list of bodies, and bodies as a choice of other filters."""

from roadmap.body.models import Body
from roadmap.record.filters import Choices, NameFilter


def bodies() -> Choices:
    return list(Body.objects.values_list("pk", "short"))


class BodyFilter(NameFilter):
    class Meta:
        model = Body
        fields: tuple[str, ...] = ()
