"""Deletion of records that were made by mistake and never public; otherwise a sentence says why
not."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import NestedObjects, unquote
from django.db import models, router, transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _

NAMED_AT_MOST = 4  # kinds of records, or records, that one sentence lists

Parts = tuple[type[models.Model], ...] | None


def dependents_of(records: list[Any], goes_along: Parts = ()) -> list[models.Model]:
    """Rows that would be deleted, or lose their link, with these records of one model.

    `goes_along` are the models whose rows are parts of the records. None: everything that is
    deleted with them is a part, and only what the database protects depends on them.
    """
    first = records[0]
    collector = NestedObjects(using=router.db_for_write(type(first), instance=first))
    collector.collect(records)
    rows: list[models.Model] = list(collector.protected)
    if goes_along is not None:
        rows += [row for rows in collector.data.values() for row in rows]
        updates: Any = collector.field_updates
        rows += [row for sets in updates.values() for rows in sets for row in rows]
    others = {
        (row._meta.label, row.pk): row
        for row in rows
        if row not in records
        and not isinstance(row, goes_along or ())
        and not is_own_link(row, first)
    }
    return [others[key] for key in sorted(others)]


def is_own_link(row: models.Model, record: models.Model) -> bool:
    """Whether it is a row of a many-to-many field of the record itself."""
    owner = row._meta.auto_created
    return bool(owner) and isinstance(record, owner)  # type: ignore[arg-type]  # a model


def in_use(records: Iterable[Any], goes_along: Parts = ()) -> str:
    """A sentence about what refers to the records, or "" when nothing does."""
    rows = list(records)
    return depend_on_it(counted(dependents_of(rows, goes_along))) if rows else ""


def counted(dependents: list[models.Model]) -> list[str]:
    kinds = Counter(str(row._meta.verbose_name_plural) for row in dependents)
    return [f"{kind} ({number})" for kind, number in kinds.most_common(NAMED_AT_MOST)]


def named(dependents: list[models.Model]) -> list[str]:
    names = [f"{capfirst(row._meta.verbose_name)} “{row}”" for row in dependents]
    return names[:NAMED_AT_MOST] + ["…"] * (len(names) > NAMED_AT_MOST)


def depend_on_it(names: list[str]) -> str:
    if not names:
        return ""
    return _("Other records depend on it: %(names)s.") % {
        "names": get_text_list(names, _("and"))
    }


class DeletesMistakes(admin.ModelAdmin):
    """Mix in before the other bases. `kept_because` says why a record cannot be deleted, "" if
    it can."""

    goes_along: Parts = ()
    deletes_many = True  # several that were ticked in the list
    names_dependents = False  # a sentence names them; else it counts them by kind

    def was_public(self, record: Any) -> bool:
        return False

    def dependent(self, record: Any) -> list[models.Model]:
        """Records that refer to these."""
        return dependents_of([record], self.goes_along)

    def kept_because(self, record: Any) -> str:
        if self.was_public(record):
            return _("It is or was public.")
        dependents = self.dependent(record)
        name = named if self.names_dependents else counted
        return depend_on_it(name(dependents))

    def has_delete_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        if not admin.ModelAdmin.has_delete_permission(self, request, obj):
            return False
        return self.deletes_many if obj is None else not self.kept_because(obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Parts are deleted with their record, whatever their own admin allows."""
        names, counts, _lacking, _protected = super().get_deleted_objects(objs, request)
        reasons = [(record, self.kept_because(record)) for record in objs]
        return (
            names,
            counts,
            set(),
            [f"{record}: {why}" for record, why in reasons if why],
        )

    def delete_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """An old page may still offer what is no longer possible.

        The record is read under a lock, so the check holds until it is deleted.
        """
        with transaction.atomic():
            return self.delete_or_refuse(request, object_id, extra_context)

    def delete_or_refuse(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None
    ) -> HttpResponse:
        record = self.get_object(request, unquote(object_id))
        if record and (why := self.kept_because(record)):
            sentence = _("%(record)s cannot be deleted. %(reason)s")
            messages.error(
                request, sentence % {"record": capfirst(str(record)), "reason": why}
            )
            return redirect(
                f"admin:{self.opts.app_label}_{self.opts.model_name}_change", record.pk
            )
        return super().delete_view(request, object_id, extra_context)

    def delete_queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> None:
        with transaction.atomic():
            for record in queryset:
                self.delete_model(request, record)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        record = kwargs.get("obj") or context.get("original")
        may_delete = admin.ModelAdmin.has_delete_permission(self, request)
        if record and may_delete:
            context["kept_because"] = self.kept_because(record)
        return super().render_change_form(request, context, *args, **kwargs)
