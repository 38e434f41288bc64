"""The roadmap as JSON: codes with their names, dates as exact as their sources."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.api import KnownFields
from common.workflow import NOTE_MAX_LENGTH
from roadmap.models import (
    ActionLineReview,
    Agency,
    Body,
    Document,
    Evidence,
    Figure,
    Issue,
    Meeting,
    Milestone,
    Office,
    Paragraph,
    Partner,
    PositionVersion,
    ReconciliationNote,
    Relation,
    Resolution,
    Roadmap,
)
from roadmap.models.position import MAX_EVIDENCE, check_evidence
from roadmap.standing import standing
from roadmap.workflow import AUTOMATIC, POSITION_WORKFLOW


class WithPage(serializers.ModelSerializer):
    """Adds `page`, the address for people."""

    page = serializers.SerializerMethodField()

    def get_page(self, record: Any) -> str:
        return str(
            self.context["request"].build_absolute_uri(record.get_absolute_url())
        )


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


class AgencyRow(serializers.ModelSerializer):
    class Meta:
        model = Agency
        fields = ("code", "short", "name", "kind", "website", "source")


class PartnerRow(serializers.ModelSerializer):
    name = serializers.CharField(source="agency.short", read_only=True)

    class Meta:
        model = Partner
        fields = ("agency", "name", "role")


class ReconciliationNoteRow(serializers.ModelSerializer):
    class Meta:
        model = ReconciliationNote
        fields = ("text", "at")


class MilestoneRow(WithPage):
    """A milestone; `completion` is the lowest word of the published positions."""

    names = serializers.SerializerMethodField()
    partners = PartnerRow(source="partnerships", many=True, read_only=True)
    needs = serializers.SerializerMethodField()
    completion = serializers.SerializerMethodField()
    disagreement = serializers.SerializerMethodField()
    notes = ReconciliationNoteRow(
        many=True, read_only=True, help_text="Reconciliation notes of the secretariat."
    )

    class Meta:
        model = Milestone
        fields = (
            "id",
            "page",
            "version",
            "roadmap",
            "title",
            "summary",
            "kind",
            "body",
            "lead",
            "partners",
            "start",
            "end",
            "starts_on",
            "ends_on",
            "announced",
            "baseline_start",
            "baseline_end",
            "slip",
            "progress",
            "completion",
            "disagreement",
            "notes",
            "link",
            "action_lines",
            "sdgs",
            "resolutions",
            "paragraphs",
            "needs",
            "source",
            "published_at",
            "names",
        )

    slip = serializers.IntegerField(
        read_only=True, help_text="Days later than first published."
    )

    def get_names(self, milestone: Milestone) -> dict[str, str]:
        lead = milestone.lead.short if milestone.lead else ""
        return {
            "roadmap": str(milestone.roadmap),
            "body": milestone.body.short,
            "lead": lead,
            "kind": milestone.get_kind_display(),
            "progress": milestone.get_progress_display(),
        }

    def get_needs(self, milestone: Milestone) -> list[int]:
        return [row.needs_id for row in milestone.dependencies.all()]

    def get_completion(self, milestone: Milestone) -> str:
        return standing(getattr(milestone, "completions", [])).completion

    def get_disagreement(self, milestone: Milestone) -> bool:
        return standing(getattr(milestone, "completions", [])).disagreement


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

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            check_evidence(attrs["completion"], attrs["evidence"])
        except ValidationError as error:
            raise serializers.ValidationError(error.message_dict) from error
        return attrs


class PositionMoveRequest(KnownFields):
    move = serializers.ChoiceField(
        choices=[
            (m.name, m.label) for m in POSITION_WORKFLOW if m.name not in AUTOMATIC
        ]
    )
    note = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=NOTE_MAX_LENGTH
    )


class MeetingRow(WithPage):
    class Meta:
        model = Meeting
        fields = (
            "id",
            "page",
            "version",
            "title",
            "body",
            "start",
            "end",
            "place",
            "link",
            "agenda",
            "participants",
            "minutes",
            "outcome",
            "outcome_link",
            "milestone",
            "source",
        )


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


class OfficeRow(serializers.ModelSerializer):
    class Meta:
        model = Office
        fields = ("agency", "role", "of", "from_date", "until_date", "source")


class BodyRow(WithPage):
    offices = OfficeRow(many=True, read_only=True)

    class Meta:
        model = Body
        fields = (
            "code",
            "page",
            "version",
            "short",
            "name",
            "description",
            "website",
            "since",
            "offices",
            "source",
        )


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


class ReviewRow(WithPage):
    class Meta:
        model = ActionLineReview
        fields = (
            "id",
            "page",
            "version",
            "action_line",
            "section",
            "agency",
            "text",
            "language",
            "source",
        )
