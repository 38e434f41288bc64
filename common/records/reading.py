"""Fields of a record as a page shows them: a value in words, under the heading of its field."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext as _

from common.records.fields import Field


class Fact(NamedTuple):
    """What a page says of one field; an address is shown as a link, a long text as prose."""

    heading: str
    text: str
    is_address: bool = False
    is_prose: bool = False


def in_words(model: type[models.Model], name: str, value: Any) -> str:
    """The value of a field in the reader's language; "" for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    described: Any = model._meta.get_field(name)
    labels = dict(getattr(described, "base_field", described).flatchoices)
    values = value if isinstance(value, list) else [value]
    return ", ".join(str(labels.get(one, one)) for one in values)


def facts_of(
    record: models.Model,
    fields: Iterable[Field],
    own: Mapping[str, str] = MappingProxyType({}),
) -> list[Fact]:
    """The fields with something to say; `own` has the words of those that are no plain value."""
    facts = []
    for field in fields:
        if field.name in own:
            facts.append(Fact(str(field.heading), own[field.name]))
            continue
        column = record._meta.get_field(field.name)
        value = getattr(record, field.name)
        facts.append(
            Fact(
                str(field.heading),
                in_words(type(record), field.name, value) if value else "",
                is_address=isinstance(column, models.URLField),
                is_prose=isinstance(column, models.TextField),
            )
        )
    return [fact for fact in facts if fact.text]
