"""Moves the rows that refer to one record to another, in all apps, and back again.

Merges and splits are built on this. The tables are read from the models themselves, so that a table
of an app above, or one that is added later, is never forgotten.

A model whose rows cannot exist twice for the same record says what to do: `rival_at()` finds the
conflicting row and `outranks()` tells which of the two is kept; or `GIVES_UP` names the values that
a row takes so that both can stay. A merge with any other conflict is refused.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from common.moves.workflow import MoveRefused

Result = TypeVar("Result")
Column = tuple[str, str]  # label of the model in small letters, name of the field


def references_to(model: type[models.Model]) -> list[models.ForeignKey]:
    """The columns of all tables that refer to this model, including many-to-many links.

    Those of the same app come first: what a trigger of another app writes when they change, such as
    the former organization of a member, then moves as well.
    """
    relations: Iterable[Any] = model._meta.get_fields(include_hidden=True)
    columns = [
        relation.field
        for relation in relations
        if relation.auto_created
        and not relation.concrete
        and (relation.one_to_many or relation.one_to_one)
    ]

    def place(reference: Any) -> tuple[bool, Column]:
        return reference.model._meta.app_label != model._meta.app_label, column_of(
            reference
        )

    return sorted(columns, key=place)


def column_of(reference: Any) -> Column:
    return reference.model._meta.label_lower, reference.name


@dataclass
class Carried:
    """What was moved, as plain values: enough to move it back."""

    moved: list[dict[str, Any]] = field(default_factory=list)  # model, field, ids
    dropped: list[dict[str, Any]] = field(default_factory=list)  # model, row as JSON
    gave_up: list[dict[str, Any]] = field(default_factory=list)  # model, id, before

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Carried":
        return cls(**kept)

    def ids(self, label: str) -> list[Any]:
        """The rows of this model that were moved."""
        return [pk for row in self.moved if row["model"] == label for pk in row["ids"]]

    def counts(self) -> Counter[str]:
        """Model → number of its rows that move."""
        counts: Counter[str] = Counter()
        for row in self.moved:
            counts[row["model"]] += len(row["ids"])
        return counts

    def dropped_counts(self) -> Counter[str]:
        """Model → number of rows that exist at both and of which one is dropped."""
        return Counter(row["model"] for row in self.dropped)


class Carrier:
    """Moves rows from one record to another of the same model; call inside a transaction.

    Where two rows conflict and nothing says which is dropped, the merge is refused, or, with
    `may_stay`, the row stays where it is.
    """

    def __init__(
        self, old: models.Model, new: models.Model, *, may_stay: bool = False
    ) -> None:
        self.old, self.new, self.may_stay = old, new, may_stay
        self.carried = Carried()

    def carry(
        self,
        references: Iterable[models.ForeignKey],
        only: Mapping[Column, Iterable[Any]] | None = None,
    ) -> Carried:
        """Move all rows of these columns, or of each column the rows that `only` names."""
        for reference in references:
            rows = reference.model._base_manager.filter(**{reference.name: self.old.pk})
            if only is not None:
                rows = rows.filter(pk__in=list(only.get(column_of(reference), ())))
            self._carry(reference, rows.order_by("pk"))
        return self.carried

    def _carry(self, reference: Any, rows: models.QuerySet) -> None:
        model = reference.model
        if hasattr(model, "rival_at"):
            ids = [row.pk for row in rows if self._stands(row)]
        else:
            ids = list(rows.values_list("pk", flat=True))
        if not ids:
            return
        target = {reference.name: self.new.pk}
        everything = model._base_manager.filter(pk__in=ids)
        if not _tried(lambda: everything.update(**target)):
            ids = [pk for pk in ids if self._carry_one(model, pk, target)]
        label = model._meta.label_lower
        self.carried.moved.append({"model": label, "field": reference.name, "ids": ids})

    def _stands(self, row: Any) -> bool:
        """Whether the row can move; of two conflicting rows one is dropped."""
        rival = row.rival_at(self.new)
        if rival is None:
            return True
        stays = row.outranks(rival)
        self._drop(rival if stays else row)
        return stays

    def _drop(self, row: models.Model) -> None:
        self.carried.dropped.append(
            {"model": row._meta.label_lower, "values": _as_plain(row)}
        )
        type(row)._base_manager.filter(pk=row.pk).delete()

    def _carry_one(
        self, model: type[Model], pk: object, target: dict[str, Any]
    ) -> bool:
        row = model._base_manager.filter(pk=pk)
        if _tried(lambda: row.update(**target)):
            return True
        gives_up = getattr(model, "GIVES_UP", {})
        before = row.values(*gives_up).get() if gives_up else {}
        if not gives_up or not _tried(lambda: row.update(**target, **gives_up)):
            if self.may_stay:
                return False
            raise MoveRefused(
                _("“%(row)s” cannot go over: the other one has the same already.")
                % {"row": row.get()}
            )
        label = model._meta.label_lower
        self.carried.gave_up.append({"model": label, "id": pk, "before": before})
        return True


def put_back(carried: Carried, old: models.Model, new: models.Model) -> None:
    """Move back what was moved and still exists; restore what was dropped."""
    by_label = {column_of(ref): ref for ref in references_to(type(old))}
    models_of = {ref.model._meta.label_lower: ref.model for ref in by_label.values()}
    for row in carried.moved:
        reference: Any = by_label.get((row["model"], row["field"]))
        if reference is not None:
            there = reference.model._base_manager.filter(
                pk__in=row["ids"], **{reference.name: new.pk}
            )
            if not _tried(lambda: there.update(**{reference.name: old.pk})):  # noqa: B023  (called at once)
                raise MoveRefused(
                    _("Something has taken the place of what would come back.")
                )
    for row in carried.gave_up:
        models_of[row["model"]]._base_manager.filter(pk=row["id"]).update(
            **row["before"]
        )
    for row in carried.dropped:
        kept = _from_plain(models_of[row["model"]], row["values"])
        # somebody who has asked again in the meantime keeps the newer row
        _tried(partial(kept.save_base, raw=True, force_insert=True))


def _as_plain(row: models.Model) -> dict[str, Any]:
    """The columns of a row as texts, to the microsecond."""
    fields = [field for field in row._meta.concrete_fields if not field.generated]
    return {
        field.attname: None
        if field.value_from_object(row) is None
        else field.value_to_string(row)
        for field in fields
    }


def _from_plain(model: type[Model], values: dict[str, Any]) -> Any:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return model(
        **{
            name: fields[name].to_python(value)
            for name, value in values.items()
            if name in fields
        }
    )


def rehearsed(do: Callable[[], Result]) -> Result:
    """What a merge or split would do: it is carried out and rolled back."""
    with transaction.atomic():
        result = do()
        transaction.set_rollback(True)
    return result


def _tried(write: Callable[[], Any]) -> bool:
    """Whether the write kept all constraints; if not, it is rolled back."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        return False
    return True
