"""What the records of the Forum share over the API."""

from typing import Any

from rest_framework import serializers


class PageMixin(serializers.Serializer):
    """The address of the page for people."""

    page = serializers.SerializerMethodField()

    def get_page(self, record: Any) -> str:
        return str(
            self.context["request"].build_absolute_uri(record.get_absolute_url())
        )
