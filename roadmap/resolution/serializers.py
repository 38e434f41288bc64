"""Resolutions as JSON, with their paragraphs and relations."""

from rest_framework import serializers

from roadmap.record.serializers import WithPage
from roadmap.resolution.models import Paragraph, Relation, Resolution


class RelationRow(serializers.ModelSerializer):
    class Meta:
        model = Relation
        fields = ("kind", "target", "source")


class ParagraphRow(serializers.ModelSerializer):
    class Meta:
        model = Paragraph
        fields = ("id", "number", "summary", "asked", "source")


class ResolutionRow(WithPage):
    relations = RelationRow(many=True, read_only=True)
    paragraphs = ParagraphRow(many=True, read_only=True)

    class Meta:
        model = Resolution
        fields = (
            "code",
            "page",
            "version",
            "symbol",
            "title",
            "body",
            "adopted",
            "summary",
            "link",
            "relations",
            "paragraphs",
            "action_lines",
            "source",
        )
