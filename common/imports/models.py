"""An import in the browser: the file, how its columns are read, how far it is, what it did."""

import hashlib
from datetime import timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.jobs.models import Job, JobQuerySet
from common.moves.actors import Person


class ImportJobQuerySet(JobQuerySet):
    def visible_to(self, user: Person) -> Self:
        """One's own imports; the secretariat sees all."""
        return self if user.is_secretariat else self.filter(by=user)


class ImportJob(Job):
    """A file and what is to be done with it. A worker may be killed at any row: an importer is
    safe to run again, and what was done is counted from the records."""

    LEASE: ClassVar[timedelta] = timedelta(minutes=2)

    class Mode(models.TextChoices):
        CHECK = "check", _("Check")
        IMPORT = "import", _("Import")
        UNDO = "undo", _("Undo")

    class State(models.TextChoices):
        NEW = "new", _("Columns must be chosen")
        QUEUED = "queued", _("Waiting to be processed")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Could not be done")
        CANCELLED = "cancelled", _("cancelled")

    class DateOrder(models.TextChoices):
        DAY_FIRST = "dmy", _("day before month")
        MONTH_FIRST = "mdy", _("month before day")

    kind = models.CharField(_("kind"), max_length=30, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="imports",
        verbose_name=_("by"),
    )
    name = models.CharField(_("file"), max_length=200)
    file = models.CharField(_("stored as"), max_length=200, blank=True, editable=False)
    mapping = models.JSONField(_("columns"), default=dict, blank=True)
    heading = models.PositiveSmallIntegerField(
        _("row that names the columns"), default=1
    )
    encoding = models.CharField(_("converted from"), max_length=40, blank=True)
    date_order = models.CharField(
        _("order of day and month"), max_length=3, blank=True, choices=DateOrder.choices
    )
    readings = models.JSONField(_("how the file was read"), default=dict, blank=True)
    decisions = models.JSONField(
        _("what was decided about it"), default=dict, blank=True
    )
    mode = models.CharField(
        _("task"), max_length=10, choices=Mode.choices, default=Mode.CHECK
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.NEW
    )
    created = models.PositiveIntegerField(_("created"), default=0)
    updated = models.PositiveIntegerField(_("updated"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    errors = models.JSONField(_("errors"), default=list, blank=True)
    as_staff = models.BooleanField(
        _("with the powers of staff"),
        default=False,
        editable=False,
        help_text=_("Whether its person had confirmed their second step."),
    )

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["by", "-created_at"], name="import_of_person")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("imports:job", kwargs={"kind": self.kind, "pk": self.pk})

    @property
    def is_checked(self) -> bool:
        return self.mode == self.Mode.CHECK and self.state == self.State.DONE

    @property
    def has_broken_off(self) -> bool:
        """Whether an import ended before its last row; it goes on where it ended."""
        ended = (self.State.FAILED, self.State.CANCELLED)
        return self.mode == self.Mode.IMPORT and self.state in ended

    @property
    def can_be_imported(self) -> bool:
        return self.is_checked or self.has_broken_off

    @property
    def can_be_undone(self) -> bool:
        """What was imported, also when the worker broke off, and is not yet put back."""
        undo_ended = self.mode == self.Mode.UNDO and self.state in (
            self.State.FAILED,
            self.State.CANCELLED,
        )
        imported = self.mode == self.Mode.IMPORT or undo_ended
        return imported and not self.is_live and self.has_standing

    @property
    def has_standing(self) -> bool:
        return self.records.filter(put_back_at=None).exists()

    @property
    def can_be_checked(self) -> bool:
        """Before anything was imported, and again once it was undone."""
        undone = self.mode == self.Mode.UNDO and self.state == self.State.DONE
        return not self.is_live and (self.mode == self.Mode.CHECK or undone)

    def can(self, act: str) -> bool:
        """Check first, import what was checked, undo what was imported."""
        return {
            self.Mode.CHECK.value: self.can_be_checked,
            self.Mode.IMPORT.value: self.can_be_imported,
            self.Mode.UNDO.value: self.can_be_undone,
        }.get(act, False)


def stamp_of(record: models.Model) -> str:
    """One figure for all columns of a record: another figure means that somebody changed it."""
    values = [
        getattr(record, field.attname)
        for field in record._meta.concrete_fields
        if not field.generated
    ]
    return hashlib.sha256(repr(values).encode()).hexdigest()


class ImportedRecordQuerySet(models.QuerySet["ImportedRecord"]):
    def of(self, model: type[models.Model]) -> Self:
        return self.filter(record_kind=model._meta.label_lower)

    def standing(self) -> Self:
        """Those that are not put back."""
        return self.filter(put_back_at=None)


class ImportedRecord(models.Model):
    """A record that an import made or changed, with what it was before."""

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="records")
    record_kind = models.CharField(_("kind of record"), max_length=60)
    record_id = models.BigIntegerField(_("record"))
    is_new = models.BooleanField(_("created"))
    before = models.JSONField(_("before"), default=dict, encoder=DjangoJSONEncoder)
    stamp = models.CharField(_("SHA-256 of the content"), max_length=64)
    put_back_at = models.DateTimeField(_("put back at"), null=True, blank=True)

    objects = ImportedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("imported record")
        verbose_name_plural = _("imported records")
        constraints = [
            models.UniqueConstraint(
                fields=["job", "record_kind", "record_id"], name="imported_once_per_job"
            )
        ]
        indexes = [
            models.Index(fields=["record_kind", "record_id"], name="imported_record")
        ]

    def __str__(self) -> str:
        return f"{self.job}: {self.record_kind} {self.record_id}"
