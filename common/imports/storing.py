"""The writing half of an import: records, and what is remembered so that it can be undone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.imports.columns import Wanted
from common.imports.models import (
    ImportedRecord,
    ImportedRecordQuerySet,
    ImportJob,
    stamp_of,
)
from common.moves.actors import Person
from common.moves.workflow import MoveRefused

M = TypeVar("M", bound=models.Model)


@dataclass
class Made(Generic[M]):
    """A record that a row makes."""

    record: M
    wanted: Wanted


@dataclass
class Changed(Made[M]):
    """A record that a row changes: what differs, and what was there before."""

    fields: dict[str, Any] = field(default_factory=dict)
    links: dict[str, list[Any]] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.fields or self.links)


def read_anew(records: Sequence[models.Model], relations: Sequence[str]) -> None:
    """Read these relations of many records together, as they are now."""
    for record in records:
        record.__dict__.pop("_prefetched_objects_cache", None)
    models.prefetch_related_objects(records, *relations)


class Store(Generic[M]):
    """Stores records in batches; a kind says what follows from that."""

    model: ClassVar[type[models.Model]]
    links: ClassVar[tuple[str, ...]] = ()  # relations that a file can fill
    withdrawal: ClassVar[str] = ""  # the move that takes a new record back; "": it goes

    def __init__(self, by: "Person | None", job: ImportJob | None) -> None:
        self.by, self.job = by, job
        self.besides: list[models.Model] = []  # made on the way, such as organizations

    @property
    def is_staff(self) -> bool:
        """Whether what is done is done with the powers of staff, or by the portal."""
        return self.job is None or (self.job.as_staff and self.job.by.is_secretariat)

    @property
    def records(self) -> ImportedRecordQuerySet:
        """What this import has done so far."""
        return ImportedRecord.objects.filter(job=self.job)

    def links_of(self, record: M) -> dict[str, list[Any]]:
        """Keys by relation, as rows of a file have them; relations are prefetched."""
        return {
            name: [row.pk for row in getattr(record, name).all()] for name in self.links
        }

    def before(self, record: M, change: Changed[M]) -> dict[str, Any]:
        """What the record says now where the row says otherwise, to be put back."""
        standing = self.links_of(record)
        return {
            "fields": {name: getattr(record, name) for name in change.fields},
            "links": {name: standing[name] for name in change.links},
        }

    def write(self, made: list[Made[M]], changed: list[Changed[M]]) -> None:
        if made:
            self.create(made)
        if changed:
            self.update(changed)
        self.written(made, changed)
        if self.job:
            self.remember(made, changed)

    def create(self, made: list[Made[M]]) -> None:
        """Store new records, in a number of queries that does not grow with them."""
        records = [one.record for one in made]
        self.model._default_manager.bulk_create(records)
        for name in self.links:
            pairs = [(one.record, one.wanted.links.get(name, [])) for one in made]
            self.write_links(name, pairs)
        self.created(made)

    def update(self, changed: list[Changed[M]]) -> None:
        """The same for records that change, and for those that are put back."""
        now = timezone.now()
        columns = dict.fromkeys(name for one in changed for name in one.fields)
        for stamp in self.model._meta.concrete_fields:
            if getattr(stamp, "auto_now", False):
                columns[stamp.name] = None
                for one in changed:
                    setattr(one.record, stamp.attname, now)
        records = [one.record for one in changed]
        if columns:
            self.model._default_manager.bulk_update(records, [*columns])
        for name in dict.fromkeys(name for one in changed for name in one.links):
            pairs = [
                (one.record, one.links[name]) for one in changed if name in one.links
            ]
            self.write_links(name, pairs, is_new=False)
        self.changed(changed)

    def write_links(
        self, name: str, pairs: list[tuple[M, list[Any]]], *, is_new: bool = True
    ) -> None:
        """The keys of one relation for many records, in the order of the file."""
        relation: Any = self.model._meta.get_field(name)
        through = relation.remote_field.through
        source, target = relation.m2m_field_name(), relation.m2m_reverse_field_name()
        if not is_new:
            keys = [record.pk for record, _keys in pairs]
            through.objects.filter(**{f"{source}__in": keys}).delete()
        through.objects.bulk_create(
            through(**{f"{source}_id": record.pk, f"{target}_id": key})
            for record, keys in pairs
            for key in dict.fromkeys(keys)
        )

    def created(self, made: list[Made[M]]) -> None:
        """What follows when records were made: their moves and the log of changes."""

    def changed(self, changed: list[Changed[M]]) -> None:
        """The same when records were changed."""

    def written(self, made: list[Made[M]], changed: list[Changed[M]]) -> None:
        """What follows once all records of a batch are stored."""

    # --- remembering, and putting back ---

    def remember(self, made: Sequence[Made[M]], changed: Sequence[Changed[M]]) -> None:
        """Keep what this import did, so that it can be undone."""
        touched = {one.record.pk: one for one in (*made, *changed)}
        stored = self.model._base_manager.in_bulk(list(touched))
        kept = [
            ImportedRecord(
                job=self.job,
                record_kind=self.model._meta.label_lower,
                record_id=pk,
                is_new=not isinstance(one, Changed),
                before=getattr(one, "before", {}),
                stamp=stamp_of(stored[pk]),
            )
            for pk, one in touched.items()
        ]
        kept += [
            ImportedRecord(
                job=self.job,
                record_kind=record._meta.label_lower,
                record_id=record.pk,
                is_new=True,
                stamp=stamp_of(record),
            )
            for record in self.besides
        ]
        self.besides.clear()
        put_back = self.records.of(self.model).exclude(put_back_at=None)
        put_back.filter(record_id__in=list(touched)).delete()
        ImportedRecord.objects.bulk_create(
            kept,
            update_conflicts=True,
            unique_fields=["job", "record_kind", "record_id"],
            update_fields=["stamp", "put_back_at"],
        )

    def put_back(self, row: ImportedRecord) -> bool:
        """Put one record back as it was; False when it was changed since, or has to stay."""
        standing = self.model._base_manager.select_for_update().filter(pk=row.record_id)
        try:
            with transaction.atomic():
                record: Any = standing.first()
                if record and stamp_of(record) != row.stamp:
                    return False
                if record and row.is_new:
                    self.withdraw(record)
                elif record:
                    self.restore(record, row)
                stored = ImportedRecord.objects.filter(pk=row.pk)
                stored.update(put_back_at=timezone.now())
        except (MoveRefused, models.ProtectedError):
            return False
        return True

    def withdraw(self, record: Any) -> None:
        """Take back a record that the import made. Raises MoveRefused, or ProtectedError when
        something points to it by now."""
        if self.withdrawal:
            record.move(self.withdrawal, self.by, self.undo_note)
        else:
            record.delete()

    def restore(self, record: M, row: ImportedRecord) -> None:
        """Give a record that the import changed its former values."""
        fields = {
            name: self.model._meta.get_field(name).to_python(value)  # type: ignore[union-attr]
            for name, value in row.before["fields"].items()
        }
        wanted = Wanted(0, fields=fields, links=row.before["links"])
        change = Changed(record, wanted, fields, wanted.links)
        change.before = self.before(record, change)
        for name, value in fields.items():
            setattr(record, name, value)
        self.update([change])

    def end_undo(self) -> None:
        """What is done once all records are back: things made on the way that nothing uses go."""

    def drop_unused(self, model: type[models.Model]) -> None:
        """Delete what this import made on the way and nothing points to."""
        made = set(self.made_besides(model))
        used: set[int] = set()
        for relation in model._meta.related_objects:
            name = relation.field.name
            rows = relation.field.model._base_manager.filter(**{f"{name}__in": made})
            used.update(rows.values_list(name, flat=True))
        model._default_manager.filter(pk__in=made - used).delete()

    def made_besides(self, model: type[models.Model]) -> list[int]:
        """What this import made on the way, such as organizations of new names."""
        return list(self.records.of(model).values_list("record_id", flat=True))

    @property
    def undo_note(self) -> str:
        return _("The import “%(name)s” was undone.") % {"name": self.job}
