"""Filters of the list of roadmaps, and roadmaps as a choice of other filters."""

from roadmap.record.filters import Choices, NameFilter
from roadmap.roadmap.models import Roadmap


def tracks() -> Choices:
    return [(roadmap.pk, roadmap.label) for roadmap in Roadmap.objects.all()]


class RoadmapFilter(NameFilter):
    class Meta:
        model = Roadmap
        fields: tuple[str, ...] = ()
