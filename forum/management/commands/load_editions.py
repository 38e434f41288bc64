"""Loads editions, session types, tracks and known phases from forum/data/*.csv."""

import csv
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import models, transaction

from forum.consultation.phases import Phase
from forum.edition.models import Edition
from forum.room.models import SessionType, Track

DATA = Path(__file__).resolve().parents[2] / "data"
# Columns of the file that the model calls by another name.
RENAMED = {"sessions": "sessions_held"}


class Command(BaseCommand):
    help = "Loads editions, session types, tracks and phases: adds and changes, never deletes."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        for model in (SessionType, Track):
            for order, row in enumerate(rows(f"{model._meta.model_name}s")):
                code = row.pop("code")
                model._default_manager.update_or_create(
                    code=code, defaults=row | {"order": order, "name": row["name_en"]}
                )
        for row in rows("editions"):
            values = {RENAMED.get(name, name): text for name, text in row.items()}
            upsert(Edition, {"slug": values.pop("slug")}, values)
        editions = Edition.objects.in_bulk(field_name="slug")
        for row in rows("phases"):
            edition = editions[row.pop("edition")]
            upsert(Phase, {"edition": edition, "number": int(row.pop("number"))}, row)
        self.stdout.write(
            f"{Edition.objects.count()} editions, {SessionType.objects.count()} session types, "
            f"{Track.objects.count()} tracks and {Phase.objects.count()} phases are in order"
        )


def rows(name: str) -> list[dict[str, str]]:
    names = {"sessiontypes": "session_types"}
    with (DATA / f"{names.get(name, name)}.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        return list(csv.DictReader(file))


def upsert(
    model: type[models.Model], key: dict[str, Any], texts: dict[str, str]
) -> None:
    """Write a row when the file differs from the table. Raises CommandError."""
    record = model._default_manager.filter(**key).first() or model(**key)
    try:
        values = {name: clean(model, name, text) for name, text in texts.items()}
        changed = [
            name for name, value in values.items() if getattr(record, name) != value
        ]
        for name in changed:
            setattr(record, name, values[name])
        if changed or not record.pk:
            record.full_clean()
            record.save()
    except ValidationError as error:
        raise CommandError(
            f"{model.__name__} {key}: {' '.join(error.messages)}"
        ) from error


def clean(model: type[models.Model], name: str, text: str) -> Any:
    """A cell as the field's own type; an empty one as None where the column takes it."""
    field: Any = model._meta.get_field(name)
    if not text and field.null:
        return None
    if isinstance(field, models.BooleanField):
        return text == "1"
    return field.clean(text, None) if text else ""
