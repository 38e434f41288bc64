"""A change form that two people have open: the second save overwrites nothing unseen."""

from collections.abc import Iterator
from typing import Any

from django.db import connections, models
from django.http import HttpRequest

from common.forms.two_tabs import MARKS, Conflict, TwoTabsMixin

CONFLICT = 409


class GuardedForm(TwoTabsMixin):
    """A form of the admin. A new record cannot conflict with anybody: it carries no marks."""

    of_the_row: frozenset[str] = (
        frozenset()
    )  # the fields that link a row to its record and delete it

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields[MARKS]
        # A formset replaces some fields by others, which have to be bound again.
        self._bound_fields_cache: dict[str, Any] = {}

    def _guarded(self) -> list[Any]:
        return [
            bound for bound in super()._guarded() if bound.name not in self.of_the_row
        ]

    @property
    def changed_data(self) -> list[str]:
        """What the admin's log calls changed: the marks are not fields of the record."""
        return [name for name in super().changed_data if name != MARKS]


def guarded(form_class: type[Any], of_the_row: tuple[str, ...] = ()) -> type[Any]:
    """The same form with the protection of GuardedForm."""
    names = {"Meta": form_class.Meta, "of_the_row": frozenset(of_the_row)}
    return type(form_class.__name__, (GuardedForm, form_class), names)


def locked(model: type[models.Model], pk: object) -> None:
    """Lock the row until the end of the transaction, where there is one."""
    rows = model._base_manager.all()
    if connections[rows.db].in_atomic_block:
        list(rows.select_for_update(of=("self",)).filter(pk=pk).values_list("pk"))


def conflicts_in(context: dict[str, Any]) -> Iterator[Conflict]:
    """The conflicts of a form and of its inline rows."""
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += inline.formset.initial_forms
    for form in forms:
        yield from getattr(form, "conflicts", ())


def is_about_names_only(options: dict[str, Any]) -> bool:
    """Whether Django builds the form only to learn the names of its fields."""
    return "fields" in options and options["fields"] is None


def is_save(request: HttpRequest) -> bool:
    return request.method == "POST"
