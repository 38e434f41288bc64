"""Base classes of serializers: unknown fields are refused, models validate as in forms."""

from collections.abc import Mapping
from typing import Any

from django.core import validators
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.exceptions import ValidationError as ModelRefusal
from django.db import models
from django.db.models import Field
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.lists.filters import NAMED, printable

SAID_BY_FIELDS = (
    validators.URLValidator,
    validators.EmailValidator,
)  # with the same sentence


class KnownFields(serializers.Serializer):
    """Refuses fields that cannot be written instead of ignoring them."""

    def to_internal_value(self, data: Any) -> Any:
        refused = self._refused(data) if isinstance(data, Mapping) else {}
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            if refused and isinstance(error.detail, dict):
                raise serializers.ValidationError(
                    {**refused, **error.detail}
                ) from error
            raise
        if refused:
            raise serializers.ValidationError(refused)
        return values

    def _refused(self, data: Mapping[str, Any]) -> dict[str, list[Any]]:
        refused: dict[str, list[Any]] = {}
        for name in data:
            if name not in self.fields:
                refused[printable(str(name))] = [_("There is no field with this name.")]
            elif self.fields[name].read_only:
                refused[name] = [_("This field cannot be changed.")]
        return dict(list(refused.items())[:NAMED])


class ModelSerializer(KnownFields, serializers.ModelSerializer):
    """Runs the model's validators, `clean()` and constraints: form and API refuse alike."""

    def build_standard_field(self, field_name: str, model_field: Field) -> Any:
        field_class, options = super().build_standard_field(field_name, model_field)
        for name in ("max_length", "min_value", "max_value"):
            options.pop(name, None)
        rules = [v for v in model_field.validators if not isinstance(v, SAID_BY_FIELDS)]
        if isinstance(model_field, models.TextField):
            rules.append(validators.MaxLengthValidator(model_field.max_length))
        if not options.get("read_only") and "choices" not in options:
            options["validators"] = rules
        return field_class, options

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        model: Any = self.Meta.model
        record = model() if self.instance is None else self.instance
        many = {field.name for field in record._meta.many_to_many}
        for name, value in attrs.items():
            if name not in many:
                setattr(record, name, value)
        try:
            record.clean()
            record.validate_constraints()
        except ModelRefusal as refusal:
            messages = refusal.message_dict
            raise serializers.ValidationError(
                {
                    ("non_field_errors" if n == NON_FIELD_ERRORS else n): t
                    for n, t in messages.items()
                }
            ) from refusal
        return attrs
