"""An edition over the API."""

from rest_framework import serializers

from forum.base.serializers import PageMixin
from forum.edition.models import Edition


class EditionRow(PageMixin, serializers.ModelSerializer):
    class Meta:
        model = Edition
        fields = [
            "slug",
            "kind",
            "title",
            "theme",
            "first_year",
            "last_year",
            "start_date",
            "end_date",
            "time_zone",
            "venue",
            "host",
            "co_organizers",
            "chair",
            "participants",
            "countries",
            "sessions_held",
            "ministers",
            "source",
            "notes",
            "page",
        ]
        read_only_fields = fields
