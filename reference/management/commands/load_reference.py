"""Updates the tables of the vocabularies from reference/data/*.csv; safe at every deployment."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import models, transaction
from django.utils import translation

from reference.loading.files import DATA, TABLES, Row, Table, read_files
from reference.names import vocabulary

SHOWN_ERRORS = 50


class Command(BaseCommand):
    help = "Loads the vocabularies: adds and changes rows, never deletes any."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="only look for mistakes in the files"
        )
        parser.add_argument(
            "--folder", type=Path, default=DATA, help="where the CSV files lie"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        files = read_files(options["folder"])
        if files.errors:
            raise CommandError("Nothing was loaded.\n" + _listed(files.errors))
        if options["check"]:
            for table in TABLES:
                self.stdout.write(
                    f"{table.file}: {len(files.rows[table.file])} rows are in order"
                )
            return
        with transaction.atomic(), translation.override("en"):
            for table in TABLES:
                self.stdout.write(load(table, files.rows[table.file]))
            transaction.on_commit(vocabulary.forget)


def _listed(errors: list[str]) -> str:
    more = len(errors) - SHOWN_ERRORS
    return "\n".join(errors[:SHOWN_ERRORS]) + (
        f"\n… and {more} more" if more > 0 else ""
    )


def load(table: Table, rows: list[Row]) -> str:
    """Upsert the rows; returns a summary line, which names rows that no file has."""
    stored = {_key(table, record): record for record in _stored(table)}
    lists = {name for name, f in table.fields.items() if f.many_to_many}
    plain = {name: f.attname for name, f in table.fields.items() if name not in lists}
    created, updated = [], []
    for row in rows:
        record = stored.pop(row.key, None)
        values = {attname: row.values[name] for name, attname in plain.items()}
        if record is None:
            created.append(_new(table.model, values))
        elif any(
            getattr(record, attname) != value for attname, value in values.items()
        ):
            updated.append(_changed(record, values))
        elif any(_codes(record, name) != sorted(row.values[name]) for name in lists):
            updated.append(record)
    table.model._default_manager.bulk_create(created)
    if updated:
        columns = [name for name in plain if name not in table.key]
        if hasattr(table.model, "name"):
            columns.append("name")
        table.model._default_manager.bulk_update(updated, columns)
    _set_lists(table, rows, created + updated, lists)
    kept = len(rows) - len(created) - len(updated)
    line = f"{table.file}: {len(created)} created, {len(updated)} updated, {kept} unchanged"
    if stored:
        left = ", ".join(" × ".join(key) for key in sorted(stored))
        line += f"\n{table.file}: in the table but not in the file, left as they are: {left}"
    return line


def _stored(table: Table) -> models.QuerySet[Any]:
    lists = [name for name, f in table.fields.items() if f.many_to_many]
    return table.model._default_manager.prefetch_related(*lists)


def _key(table: Table, record: models.Model) -> tuple[str, ...]:
    return tuple(getattr(record, table.fields[name].attname) for name in table.key)


def _codes(record: models.Model, name: str) -> list[str]:
    return sorted(related.pk for related in getattr(record, name).all())


def _new(model: type[models.Model], values: dict[str, Any]) -> Any:
    return model(
        **values, **({"name": values["name_en"]} if "name_en" in values else {})
    )


def _changed(record: Any, values: dict[str, Any]) -> Any:
    for attname, value in values.items():
        setattr(record, attname, value)
    if "name_en" in values:
        record.name = values["name_en"]
    return record


def _set_lists(
    table: Table, rows: list[Row], records: list[Any], lists: set[str]
) -> None:
    by_key = {row.key: row for row in rows}
    for record in records:
        for name in lists:
            getattr(record, name).set(by_key[_key(table, record)].values[name])
