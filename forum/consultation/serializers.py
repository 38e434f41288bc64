"""The consultation over the API: phases and figures, without names and texts."""

from rest_framework import serializers

from forum.consultation.phases import InputKind


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


class InputKindRow(serializers.ModelSerializer):
    """What anyone may send, and until when; without times it follows the phases."""

    class Meta:
        model = InputKind
        fields = (
            "code",
            "name",
            "description",
            "opens_at",
            "closes_at",
            "is_official",
        )


class ConsultationRow(serializers.Serializer):
    """Phases, kinds of input, and submissions by kind, stakeholder type and region."""

    phases = PhaseRow(many=True)
    kinds = InputKindRow(many=True)
    kind = Count(many=True)
    stakeholder_type = Count(many=True)
    region = Count(many=True)
