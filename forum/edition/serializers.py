"""An edition over the API."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from forum.base.serializers import PageMixin
from forum.edition.models import Edition


class ProgrammeFiles(serializers.Serializer):
    """The released programme for other programs; not there before the first release."""

    calendar = serializers.URLField(help_text="iCalendar.")
    schedule_xml = serializers.URLField(help_text="As frab and pretalx write it.")
    schedule_json = serializers.URLField(help_text="The same as JSON.")
    csv = serializers.URLField(help_text="All sessions, also cancelled ones.")


# name → that of its address
FILES = {
    "calendar": "forum:edition-calendar",
    "schedule_xml": "forum:schedule-xml",
    "schedule_json": "forum:schedule-json",
    "csv": "forum:programme-csv",
}


class EditionRow(PageMixin, serializers.ModelSerializer):
    files = serializers.SerializerMethodField()

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
            "files",
        ]
        read_only_fields = fields

    @extend_schema_field(ProgrammeFiles)
    def get_files(self, edition: Edition) -> dict[str, str]:
        request = self.context["request"]
        return {
            name: request.build_absolute_uri(reverse(address, args=[edition.slug]))
            for name, address in FILES.items()
        }
