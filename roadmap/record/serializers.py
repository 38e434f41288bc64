"""Base class of the roadmap's serializers: the address of the page for people."""

from typing import Any

from rest_framework import serializers


class WithPage(serializers.ModelSerializer):
    """Adds `page`, the address for people."""

    page = serializers.SerializerMethodField()

    def get_page(self, record: Any) -> str:
        return str(
            self.context["request"].build_absolute_uri(record.get_absolute_url())
        )
