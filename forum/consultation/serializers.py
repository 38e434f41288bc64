"""The consultation over the API: phases and figures, without names and texts."""

from rest_framework import serializers


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
    """Phases, and submissions by kind, stakeholder type and region."""

    phases = PhaseRow(many=True)
    kind = Count(many=True)
    stakeholder_type = Count(many=True)
    region = Count(many=True)
