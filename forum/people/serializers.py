"""A person over the API: public fields only."""

from rest_framework import serializers

from forum.base.serializers import PageMixin
from forum.people.models import Person


class PersonRow(PageMixin, serializers.ModelSerializer):
    country = serializers.CharField(
        source="country_id", allow_null=True, read_only=True
    )

    class Meta:
        model = Person
        fields = [
            "id",
            "name",
            "organization",
            "position",
            "country",
            "bio",
            "bio_language",
            "source",
            "page",
        ]
        read_only_fields = fields
