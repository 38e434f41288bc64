"""What was made by mistake and was never public can be deleted; else a sentence says why not."""

from collections import Counter
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import models, router, transaction
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _

NAMED_AT_MOST = 4  # kinds of records that one sentence lists


def users_of(
    records: list[Any], goes_along: tuple[type[models.Model], ...]
) -> Counter[str]:
    """How many rows of which kind would vanish, or lose their link, with these of one model.

    `goes_along` are the models whose rows are parts of the records.
    """
    first = records[0]
    database = router.db_for_write(type(first), instance=first)
    collector = Collector(using=database, origin=records)  # type: ignore[arg-type]  # a list will do
    # Rows that the database could delete by itself are counted like the others.
    collector.can_fast_delete = lambda *args, **kwargs: False  # type: ignore[method-assign]
    found: list[models.Model] = []
    try:
        collector.collect(records)
    except ProtectedError as error:
        found += error.protected_objects
    except RestrictedError as error:
        found += error.restricted_objects
    found += [row for rows in collector.data.values() for row in rows]
    updates: Any = collector.field_updates
    found += [row for sets in updates.values() for rows in sets for row in rows]
    others = {
        (type(row), row.pk): row
        for row in found
        if row not in records
        and not isinstance(row, goes_along)
        and not is_own_link(row, first)
    }
    return Counter(str(row._meta.verbose_name_plural) for row in others.values())


def is_own_link(row: models.Model, record: models.Model) -> bool:
    """Whether it is a row behind a many-to-many field of the record itself."""
    owner = row._meta.auto_created
    return bool(owner) and isinstance(record, owner)  # type: ignore[arg-type]  # a model


def in_use(records: Any, goes_along: tuple[type[models.Model], ...] = ()) -> str:
    """A sentence about what points to the records, or "" when nothing does."""
    rows = list(records)
    counted = users_of(rows, goes_along).most_common(NAMED_AT_MOST) if rows else []
    if not counted:
        return ""
    names = [f"{name} ({number})" for name, number in counted]
    return _("Other records depend on it: %(names)s.") % {
        "names": get_text_list(names, _("and"))
    }


class DeletesMistakes(admin.ModelAdmin):
    """Mix in before the other bases. `kept_because` says why a record has to stay, "" if not."""

    goes_along: tuple[type[models.Model], ...] = ()

    def kept_because(self, record: Any) -> str:
        return in_use([record], self.goes_along)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj) and (
            obj is None or not self.kept_because(obj)
        )

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Parts go with their record, whatever the admin says of parts alone."""
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
        """An old page may still offer what is not possible any more.

        The record is read under its lock, so the judgement holds until it is deleted.
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
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        record = kwargs.get("obj") or context.get("original")
        may_delete = admin.ModelAdmin.has_delete_permission(self, request)
        if record and may_delete:
            context["kept_because"] = self.kept_because(record)
        return super().render_change_form(request, context, *args, **kwargs)
