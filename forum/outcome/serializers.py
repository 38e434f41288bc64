"""A document of the Forum over the API."""

from typing import Any

from rest_framework import serializers

from common.records.models import ServedState
from forum.outcome.models import Document


class DocumentList(serializers.ListSerializer):
    """Reads the times of change of all documents with one query."""

    def to_representation(self, data: Any) -> Any:
        documents = list(data)
        times = ServedState.objects.times_of_change(
            "forum.document", [d.pk for d in documents]
        )
        for document in documents:
            document.updated_at = times.get(str(document.pk), document.updated_at)
        return super().to_representation(documents)


class ForumDocumentRow(serializers.ModelSerializer):
    edition = serializers.CharField(source="edition.slug", read_only=True)
    session = serializers.IntegerField(
        source="session_id", allow_null=True, read_only=True
    )
    address = serializers.SerializerMethodField()

    class Meta:
        model = Document
        list_serializer_class = DocumentList
        fields = [
            "id",
            "edition",
            "session",
            "kind",
            "title",
            "language",
            "version",
            "address",
            "size",
            "source",
            "source_note",
            "updated_at",
        ]
        read_only_fields = fields

    def get_address(self, document: Document) -> str:
        """The address of our own file, or the external one."""
        return str(
            self.context["request"].build_absolute_uri(document.get_absolute_url())
        )
