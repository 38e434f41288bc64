"""The Forum as JSON: codes, with their names in the language of `?lang=`; nothing private."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from forum.models import Document, Edition, Person, ReleasedSession
from forum.models.people import Role
from reference import vocabulary


class PageMixin(serializers.Serializer):
    """The address of the page for people."""

    page = serializers.SerializerMethodField()

    def get_page(self, record: Any) -> str:
        return str(self.context["request"].build_absolute_uri(record.get_absolute_url()))


class EditionRow(PageMixin, serializers.ModelSerializer):
    class Meta:
        model = Edition
        fields = [
            "slug", "kind", "title", "theme", "first_year", "last_year", "start_date", "end_date",
            "time_zone", "venue", "host", "co_organisers", "chair", "participants", "countries",
            "sessions_held", "ministers", "source", "notes", "page",
        ]  # fmt: skip
        read_only_fields = fields


class Part(serializers.Serializer):
    """Somebody's part in a session, as it was released."""

    person = serializers.IntegerField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)
    organisation = serializers.CharField()


class SessionRow(PageMixin, serializers.ModelSerializer):
    """A session as the last release shows it; times in UTC, the zone is the edition's."""

    id = serializers.IntegerField(source="pk", read_only=True)
    edition = serializers.CharField(source="edition.slug", read_only=True)
    type = serializers.CharField(source="type_id", allow_null=True, read_only=True)
    track = serializers.CharField(source="track_id", allow_null=True, read_only=True)
    room = serializers.SerializerMethodField()
    action_lines = serializers.ListField(
        child=serializers.CharField(), source="action_line_codes", read_only=True
    )
    sdgs = serializers.ListField(child=serializers.CharField(), source="sdg_codes", read_only=True)
    organisers = serializers.ListField(
        child=serializers.CharField(), source="organiser_names", read_only=True
    )
    interpretation = serializers.ListField(child=serializers.CharField(), read_only=True)
    people = Part(many=True, read_only=True)
    names = serializers.SerializerMethodField()

    class Meta:
        model = ReleasedSession
        fields = [
            "id", "edition", "number", "title", "language", "description", "type", "track", "mode",
            "room", "day", "precision", "start", "end", "status", "reason", "action_lines",
            "sdgs", "organisers", "people", "interpretation", "has_captions", "link", "recording",
            "source", "source_note", "sequence", "changed_at", "content_hash", "page", "names",
        ]  # fmt: skip
        read_only_fields = fields

    def get_room(self, session: ReleasedSession) -> str | None:
        return str(session.room) if session.room else None

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_names(self, session: ReleasedSession) -> dict[str, Any]:
        return {
            "type": str(session.type) if session.type else None,
            "track": str(session.track) if session.track else None,
            "action_lines": [
                vocabulary.label("action_line", code) for code in session.action_line_codes
            ],
            "sdgs": [vocabulary.label("sdg", code) for code in session.sdg_codes],
        }


class PersonRow(PageMixin, serializers.ModelSerializer):
    country = serializers.CharField(source="country_id", allow_null=True, read_only=True)

    class Meta:
        model = Person
        fields = [
            "id", "name", "organisation", "position", "country", "bio", "bio_language", "source",
            "page",
        ]  # fmt: skip
        read_only_fields = fields


class ForumDocumentRow(serializers.ModelSerializer):
    edition = serializers.CharField(source="edition.slug", read_only=True)
    session = serializers.IntegerField(source="session_id", allow_null=True, read_only=True)
    address = serializers.SerializerMethodField()

    class Meta:
        model = Document
        fields = [
            "id", "edition", "session", "kind", "title", "language", "version", "address", "size",
            "source", "source_note", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_address(self, document: Document) -> str:
        """Where the document is: our own file, or the address outside."""
        return str(self.context["request"].build_absolute_uri(document.get_absolute_url()))


class Count(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field called label
    count = serializers.IntegerField()


class PhaseRow(serializers.Serializer):
    number = serializers.IntegerField()
    name = serializers.CharField()
    opens_on = serializers.DateField(allow_null=True)
    closes_on = serializers.DateField()
    takes_submissions = serializers.BooleanField()
    is_current = serializers.BooleanField()
    source = serializers.CharField()  # type: ignore[assignment]  # a column, not DRF's own source


class ConsultationRow(serializers.Serializer):
    """Phases, and submissions handed in by kind, stakeholder type and region."""

    phases = PhaseRow(many=True)
    kind = Count(many=True)
    stakeholder_type = Count(many=True)
    region = Count(many=True)
