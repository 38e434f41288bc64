"""Released sessions, and releases with their changes, over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from forum.agenda.changes import differences, marked
from forum.agenda.models import AgendaRelease, ReleaseChange, ReleasedSession
from forum.base.serializers import PageMixin
from forum.people.models import Role
from forum.session.description import Mode
from forum.session.fields import RELEASED_NAMES
from reference.names import vocabulary


class Part(serializers.Serializer):
    """A person's part in a session, as released."""

    person = serializers.IntegerField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)
    organization = serializers.CharField()


class TextInOtherLanguage(serializers.Serializer):
    """The text of a session in another language; one by a machine is marked as such."""

    title = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(choices=["human", "machine"])
    engine = serializers.CharField(allow_blank=True)


class SessionRow(PageMixin, serializers.ModelSerializer):
    """A session as last released; times in UTC, the time zone is the edition's."""

    id = serializers.IntegerField(source="pk", read_only=True)
    edition = serializers.CharField(source="edition.slug", read_only=True)
    type = serializers.CharField(source="type_id", allow_null=True, read_only=True)
    track = serializers.CharField(source="track_id", allow_null=True, read_only=True)
    mode = serializers.ChoiceField(
        choices=Mode.choices,
        allow_blank=True,
        read_only=True,
        help_text="Empty: not known.",
    )
    room = serializers.SerializerMethodField()
    action_lines = serializers.ListField(
        child=serializers.CharField(), source="action_line_codes", read_only=True
    )
    sdgs = serializers.ListField(
        child=serializers.CharField(), source="sdg_codes", read_only=True
    )
    organizers = serializers.ListField(
        child=serializers.CharField(), source="organizer_names", read_only=True
    )
    interpretation = serializers.ListField(
        child=serializers.CharField(), read_only=True
    )
    people = Part(many=True, read_only=True)
    titles = serializers.DictField(
        child=serializers.CharField(),
        read_only=True,
        help_text="Language → the title as people translated it.",
    )
    texts = serializers.DictField(
        child=TextInOtherLanguage(),
        read_only=True,
        help_text="Language → title and description in it.",
    )
    names = serializers.SerializerMethodField()
    changed_from = serializers.SerializerMethodField()

    class Meta:
        model = ReleasedSession
        fields = [
            "id",
            "edition",
            *RELEASED_NAMES,
            "reason",
            "sequence",
            "changed_at",
            "changed_from",
            "content_hash",
            "page",
            "names",
        ]
        read_only_fields = fields

    def get_room(self, session: ReleasedSession) -> str | None:
        return session.room_text or None

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_changed_from(self, session: ReleasedSession) -> dict[str, str]:
        """Part → its value before the last release that changed it, until the session is over."""
        return {one.part: one.old for one in marked(session)}

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_names(self, session: ReleasedSession) -> dict[str, Any]:
        return {
            "title": session.said.title,
            "title_language": session.said.language,
            "type": session.type_text or None,
            "track": session.track_text or None,
            "action_lines": [
                vocabulary.label("action_line", code)
                for code in session.action_line_codes
            ],
            "sdgs": [vocabulary.label("sdg", code) for code in session.sdg_codes],
        }


class DifferenceRow(serializers.Serializer):
    """One part of a session that a release changed, in words; both empty for a long text."""

    part = serializers.CharField()
    name = serializers.CharField()
    old = serializers.CharField()
    new = serializers.CharField()


class ReleasedChange(serializers.Serializer):
    """The change of one session in a release; `old` and `new` are its columns before and after."""

    session = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=ReleaseChange.choices)
    title = serializers.CharField()
    differences = DifferenceRow(many=True)
    old = serializers.DictField()
    new = serializers.DictField()


class ReleaseRow(PageMixin, serializers.ModelSerializer):
    edition = serializers.CharField(source="edition.slug", read_only=True)
    changes = serializers.SerializerMethodField()

    class Meta:
        model = AgendaRelease
        fields = [
            "edition",
            "number",
            "name",
            "note",
            "at",
            "unanswered",
            "early_reason",
            "changes",
            "page",
        ]
        read_only_fields = fields

    @extend_schema_field(ReleasedChange(many=True))
    def get_changes(self, release: AgendaRelease) -> list[dict[str, Any]]:
        return [
            {
                "session": row["id"],
                "kind": kind.value,
                "title": row["title"],
                "differences": [
                    one._asdict() for one in differences(row, release.edition)
                ],
                "old": row["old"],
                "new": row["new"],
            }
            for kind in ReleaseChange
            for row in release.changes.get(kind, [])
        ]
