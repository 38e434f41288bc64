"""Roadmaps as JSON."""

from rest_framework import serializers

from roadmap.record.serializers import WithPage
from roadmap.roadmap.models import Roadmap


class RoadmapRow(WithPage):
    name = serializers.CharField(source="label", read_only=True)

    class Meta:
        model = Roadmap
        fields = (
            "code",
            "short",
            "name",
            "owner",
            "description",
            "link",
            "source",
            "page",
        )
