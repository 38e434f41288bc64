"""Documents as JSON, with their versions."""

from rest_framework import serializers

from roadmap.document.models import Document, Issue
from roadmap.record.serializers import WithPage


class IssueRow(serializers.ModelSerializer):
    class Meta:
        model = Issue
        fields = ("label", "date", "language", "link", "source")


class DocumentRow(WithPage):
    issues = IssueRow(many=True, read_only=True)

    class Meta:
        model = Document
        fields = (
            "id",
            "page",
            "version",
            "title",
            "issuer",
            "milestone",
            "note",
            "issues",
            "source",
        )
