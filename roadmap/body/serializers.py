"""Bodies as JSON, with who chairs them."""

from rest_framework import serializers

from roadmap.body.models import Body, Office
from roadmap.record.serializers import WithPage


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
