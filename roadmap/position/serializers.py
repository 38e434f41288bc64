"""Positions as JSON, and what an agency sends to write or move one."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.api.serializers import KnownFields
from common.moves.workflow import NOTE_MAX_LENGTH
from roadmap.position.models import (
    MAX_EVIDENCE,
    Evidence,
    PositionVersion,
    ReconciliationNote,
)
from roadmap.position.workflow import AUTOMATIC, POSITION_WORKFLOW
from roadmap.record.serializers import WithPage


class ReconciliationNoteRow(serializers.ModelSerializer):
    class Meta:
        model = ReconciliationNote
        fields = ("text", "at")


class EvidenceRow(serializers.ModelSerializer):
    address = serializers.CharField(read_only=True)

    class Meta:
        model = Evidence
        fields = ("label", "address")


class PositionRow(WithPage):
    evidence = EvidenceRow(many=True, read_only=True)
    agency_name = serializers.CharField(source="agency.short", read_only=True)
    freshness = serializers.CharField(read_only=True)

    class Meta:
        model = PositionVersion
        fields = (
            "id",
            "page",
            "milestone",
            "agency",
            "agency_name",
            "version",
            "completion",
            "text",
            "language",
            "expected",
            "evidence",
            "status",
            "created_at",
            "cleared_at",
            "published_at",
            "superseded_at",
            "withdrawn_at",
            "freshness",
        )


class EvidenceRequest(KnownFields):
    label = serializers.CharField(  # type: ignore[assignment]  # a field called label
        max_length=200
    )
    link = serializers.URLField(max_length=500)


class PositionRequest(KnownFields):
    """The next version of one's own agency; it stays a draft until its approver moves it."""

    agency = serializers.CharField(max_length=20)
    completion = serializers.ChoiceField(choices=PositionVersion.Completion.choices)
    text = serializers.CharField(max_length=2000)
    language = serializers.ChoiceField(
        choices=settings.LANGUAGES,
        required=False,
        default="en",
    )
    expected = serializers.CharField(
        max_length=10, required=False, allow_blank=True, default=""
    )
    evidence = EvidenceRequest(many=True, required=False, default=list)

    def validate_evidence(self, rows: list[Any]) -> list[Any]:
        if len(rows) > MAX_EVIDENCE:
            raise serializers.ValidationError(_("Add at most 20 pieces of evidence."))
        return rows


class PositionMoveRequest(KnownFields):
    move = serializers.ChoiceField(
        choices=[
            (m.name, m.label) for m in POSITION_WORKFLOW if m.name not in AUTOMATIC
        ]
    )
    note = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=NOTE_MAX_LENGTH
    )
