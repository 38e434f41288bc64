"""Codes with a list are chosen from it, never typed."""

from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Field
from django.utils.text import capfirst

from common.text.zone_names import zone_names

TIME_ZONE = "time_zone"  # how a field with the name of a zone is called in every app


def has_listed_codes(db_field: models.Field) -> bool:
    """Whether the field holds several codes of a list."""
    return isinstance(db_field, ArrayField) and bool(db_field.base_field.choices)


def field_of_codes(db_field: Any) -> forms.Field:
    """A checkbox for each code."""
    return forms.MultipleChoiceField(
        label=capfirst(db_field.verbose_name),
        choices=db_field.base_field.choices,
        required=not db_field.blank,
        widget=forms.CheckboxSelectMultiple,
    )


def zone_choices() -> list[tuple[str, str]]:
    return [(name, name) for name in sorted(zone_names())]


def field_of_zone(db_field: Field) -> forms.Field:
    return forms.ChoiceField(
        label=capfirst(db_field.verbose_name),
        choices=zone_choices,
        initial=db_field.default,
        help_text=db_field.help_text,
    )
