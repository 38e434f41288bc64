"""Public entries of all contests, over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from common.api.views import Records
from prizes.entry.amendment import DISQUALIFIED, Amendment
from prizes.entry.fields import SAID
from prizes.entry.filters import EntryFilters
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from reference.names import vocabulary

OUTCOMES = [
    *((s.value, s.label) for s in Status),
    (DISQUALIFIED, Amendment.Kind.DISQUALIFIED.label),
]


class AmendmentRow(serializers.ModelSerializer):
    """What two officers decided after the count, with its public note."""

    at = serializers.DateTimeField(source="confirmed_at")

    class Meta:
        model = Amendment
        fields = ("kind", "at", "note")


class PrizeEntryRow(serializers.ModelSerializer):
    """A public entry: `outcome` is its public outcome at this moment."""

    contest = serializers.CharField(source="contest.slug")
    action_line = serializers.CharField(
        source="category.action_line_id", default=None, allow_null=True
    )
    title = serializers.CharField(
        allow_blank=True, help_text="Empty: not given in the source"
    )
    organization_name = serializers.CharField()
    country = serializers.CharField(source="country_id", allow_null=True)
    stakeholder_type = serializers.CharField(
        source="stakeholder_type_id", allow_null=True
    )
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    amendments = AmendmentRow(source="public_amendments", many=True, read_only=True)
    project = serializers.IntegerField(source="project_id", allow_null=True)
    url = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField()
    names = serializers.SerializerMethodField()
    texts = serializers.SerializerMethodField()

    class Meta:
        model = Entry
        fields: tuple[str, ...] = (
            "id",
            "contest",
            "action_line",
            *(field.name for field in SAID),
            "outcome",
            "amendments",
            "project",
            "url",
            "page",
            "names",
            "texts",
        )

    def get_url(self, entry: Entry) -> str:
        return reverse(
            "api:prize-entry-detail", [entry.pk], request=self.context["request"]
        )

    def get_page(self, entry: Entry) -> str:
        return self.context["request"].build_absolute_uri(entry.get_absolute_url())

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_names(self, entry: Entry) -> dict[str, str]:
        codes = {
            "action_line": entry.category.action_line_id if entry.category else None,
            "country": entry.country_id,
            "stakeholder_type": entry.stakeholder_type_id,
        }
        return {
            kind: vocabulary.label(kind, code) for kind, code in codes.items() if code
        }

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "object"}})
    def get_texts(self, entry: Entry) -> dict[str, dict[str, str]]:
        """Language → the approved text of the entry in it: `title`, `description`, `kind` (human or
        machine) and `engine`. The original is the record itself, and it is what competes."""
        texts: Any = entry.other_texts.all()  # type: ignore[attr-defined]  # of a noun above
        return {text.language: text.approved for text in texts if text.approved}


class PrizeEntryViewSet(Records):
    """Public entries of all editions: nominees, champions, winners and entries known from
    sources."""

    queryset = Entry.objects.none()
    serializer_class: type[PrizeEntryRow] = PrizeEntryRow
    filter_set = EntryFilters

    def get_queryset(self) -> Any:
        public = Entry.objects.public().for_list().defer("words", "answers")
        return public.with_amendments().with_texts().order_by("pk")
