"""Figures as JSON."""

from rest_framework import serializers

from roadmap.figure.models import Figure
from roadmap.record.serializers import WithPage


class FigureRow(WithPage):
    subject_name = serializers.CharField(source="get_subject_display", read_only=True)

    class Meta:
        model = Figure
        fields = (
            "id",
            "page",
            "version",
            "subject",
            "subject_name",
            "as_of",
            "value",
            "written",
            "note",
            "link",
            "source",
        )
