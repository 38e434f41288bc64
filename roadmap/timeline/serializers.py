"""Milestones as JSON: codes with their names, dates as exact as their sources."""

from rest_framework import serializers

from roadmap.milestone.models import Milestone, Partner
from roadmap.position.completion import standing
from roadmap.position.serializers import ReconciliationNoteRow
from roadmap.record.serializers import WithPage


class PartnerRow(serializers.ModelSerializer):
    name = serializers.CharField(source="agency.short", read_only=True)

    class Meta:
        model = Partner
        fields = ("agency", "name", "role")


class MilestoneRow(WithPage):
    """A milestone; `completion` is the lowest of the published positions."""

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
