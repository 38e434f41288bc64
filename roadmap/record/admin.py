"""What the admin pages of the roadmap share: versions are kept, nothing public is deleted."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib import admin
from django.db import transaction
from django.db.models import Model
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from common.admin.deletion import DeletesMistakes
from common.records.admin import ShowsVersions
from common.records.models import Change, PublicRecord

HOURS_OF_MISTAKES = 24


class PublicRecordAdmin(DeletesMistakes, ShowsVersions):
    """For a PublicRecord: each saved change is the next version, shown below the form.

    Public records are kept. One that is public from its first save can be deleted within a day, to
    correct a mistake; its versions and the log of changes keep its content.
    """

    list_per_page = 50
    show_full_result_count = False
    readonly_fields: ClassVar[Any] = ("version", "kept_versions")

    def save_related(
        self,
        request: HttpRequest,
        form: ModelForm,
        formsets: Iterable[BaseModelFormSet],
        change: bool,
    ) -> None:
        super().save_related(request, form, formsets, change)
        self.keep(request, form.instance)

    def keep(self, request: HttpRequest, record: PublicRecord) -> None:
        record.keep(by=request.user)

    def kept_because(self, record: Any) -> str:
        if record.version and not self.is_new(record):
            return gettext(
                "It has been public for more than %(hours)d hours: correct it instead; the older "
                "text is kept."
            ) % {"hours": HOURS_OF_MISTAKES}
        return super().kept_because(record)

    def is_new(self, record: PublicRecord) -> bool:
        first = record.versions.last()
        return first is None or first.at > timezone.now() - timedelta(
            hours=HOURS_OF_MISTAKES
        )

    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """The log of changes records the deletion for harvesters."""
        if obj.version:
            obj.record_change(Change.Kind.DELETE, by=request.user)
        super().delete_model(request, obj)


class PlainAdmin(admin.ModelAdmin):
    list_per_page = 50
    show_full_result_count = False


class FixedCode(DeletesMistakes, PlainAdmin):
    """The code is part of addresses and files: it cannot be changed."""

    def get_readonly_fields(
        self, request: HttpRequest, obj: Model | None = None
    ) -> Any:
        return ("code",) if obj else ()
