"""Agencies as JSON."""

from rest_framework import serializers

from roadmap.agency.models import Agency


class AgencyRow(serializers.ModelSerializer):
    class Meta:
        model = Agency
        fields = ("code", "short", "name", "kind", "website", "source")
