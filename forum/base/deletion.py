"""What was made by mistake and never was public can be deleted; else it is said why not."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import NestedObjects
from django.db import models, router, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _

NAMED = 5  # records named in a refusal


class MistakesAdmin(admin.ModelAdmin):
    """One record at a time can be deleted, unless it was public or something depends on it."""

    def was_public(self, record: Any) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never many at once: each gets its own refusal or confirmation."""
        return obj is not None and admin.ModelAdmin.has_delete_permission(
            self, request, obj
        )

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def reason_to_keep(self, record: Any) -> str:
        """A sentence that says why the record stays; "" when it may go."""
        if self.was_public(record):
            return _("“%(record)s” is or was public and stays.") % {"record": record}
        dependent = self.dependent(record)
        if not dependent:
            return ""
        names = [
            f"{capfirst(one._meta.verbose_name)} “{one}”" for one in dependent[:NAMED]
        ] + ["…"] * (len(dependent) > NAMED)
        return _("“%(record)s” is in use and cannot be deleted: %(names)s.") % {
            "record": record,
            "names": ", ".join(names),
        }

    def dependent(self, record: Any) -> list[models.Model]:
        """Records that would lose something."""
        collector = NestedObjects(using=router.db_for_write(type(record)))
        collector.collect([record])
        return sorted(collector.protected, key=lambda one: (one._meta.label, one.pk))

    def delete_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The record is read under its lock, so the judgement holds until it is deleted."""
        with transaction.atomic():
            return self.delete_or_refuse(request, object_id, extra_context)

    def delete_or_refuse(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None
    ) -> HttpResponse:
        record = self.get_object(request, object_id)
        if record and (reason := self.reason_to_keep(record)):
            messages.error(request, reason)
            return redirect(
                f"admin:{self.opts.app_label}_{self.opts.model_name}_change", record.pk
            )
        return super().delete_view(request, object_id, extra_context)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Rows that go with a mistake, such as its speakers, need no permission of their own;
        whether anything depends on it was judged by `reason_to_keep`."""
        deleted, counts, _needed, _protected = super().get_deleted_objects(
            objs, request
        )
        return deleted, counts, set(), []
