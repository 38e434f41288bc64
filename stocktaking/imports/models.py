"""An import in the browser: the file, how its columns are read, how far it is, what it did."""

from typing import Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from stocktaking.base.workflow import Status


class ImportJobQuerySet(models.QuerySet["ImportJob"]):
    def visible_to(self, user: User) -> Self:
        """One's own imports; the secretariat sees all."""
        return self if user.is_secretariat else self.filter(by=user)

    def waiting(self) -> Self:
        live = (ImportJob.State.QUEUED, ImportJob.State.RUNNING)
        return self.filter(state__in=live).order_by("pk")


class ImportJob(models.Model):
    """A file and what is to be done with it. A worker may be killed at any row: the importer is
    safe to run again, and what was done is counted from the records."""

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

    class DateOrder(models.TextChoices):
        DAY_FIRST = "dmy", _("day before month")
        MONTH_FIRST = "mdy", _("month before day")

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
    organizations = models.JSONField(_("organizations made"), default=list, blank=True)
    mode = models.CharField(
        _("task"), max_length=10, choices=Mode.choices, default=Mode.CHECK
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.NEW
    )
    percent = models.PositiveSmallIntegerField(
        _("percent"), default=0, validators=[MaxValueValidator(100)]
    )
    created = models.PositiveIntegerField(_("created"), default=0)
    updated = models.PositiveIntegerField(_("updated"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    errors = models.JSONField(_("errors"), default=list, blank=True)
    message = models.TextField(_("message"), blank=True, max_length=2000)
    as_staff = models.BooleanField(
        _("with the powers of staff"),
        default=False,
        editable=False,
        help_text=_("Whether its person had confirmed their second step."),
    )
    at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["by", "-at"], name="import_of_person")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("stocktaking:import", kwargs={"pk": self.pk})

    @property
    def is_live(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def can_be_undone(self) -> bool:
        """What was imported, also when the worker broke off, and is not yet put back."""
        return self.mode == self.Mode.IMPORT and not self.is_live and self.has_standing

    @property
    def has_standing(self) -> bool:
        return self.records.filter(put_back_at=None).exists()

    @property
    def can_be_checked(self) -> bool:
        """Before anything was imported, and again once it was undone."""
        undone = self.mode == self.Mode.UNDO and self.state == self.State.DONE
        return not self.is_live and (self.mode == self.Mode.CHECK or undone)

    def queue(self, mode: str, as_staff: bool) -> bool:
        """Have it done by a worker, with the powers that its person has now; False when one has
        it already."""
        idle = ImportJob.objects.filter(pk=self.pk).exclude(
            state__in=(self.State.QUEUED, self.State.RUNNING)
        )
        return bool(
            idle.update(
                mode=mode,
                state=self.State.QUEUED,
                percent=0,
                message="",
                as_staff=as_staff,
            )
        )


class ImportedRecordQuerySet(models.QuerySet["ImportedRecord"]):
    def undone(self) -> set[int]:
        """Projects that an import made public and that are archived because it was undone.

        One that somebody published again and archived for a reason of its own is not among them.
        """
        rows = self.filter(
            is_new=True,
            project__status=Status.ARCHIVED,
            project__successor=None,
            put_back_at__gte=models.F("project__archived_at"),
        )
        return set(rows.values_list("project_id", flat=True))


class ImportedRecord(models.Model):
    """An entry that an import made or changed, with what it was before."""

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="records")
    project = models.ForeignKey(
        "stocktaking.Project",
        models.CASCADE,
        related_name="imported",
        verbose_name=_("project"),
    )
    is_new = models.BooleanField(_("created"))
    before = models.JSONField(_("before"), default=dict, encoder=DjangoJSONEncoder)
    touched_at = models.DateTimeField(_("imported at"))
    put_back_at = models.DateTimeField(_("put back at"), null=True, blank=True)

    objects = ImportedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("imported record")
        verbose_name_plural = _("imported records")
        constraints = [
            models.UniqueConstraint(
                fields=["job", "project"], name="imported_once_per_job"
            )
        ]

    def __str__(self) -> str:
        return f"{self.job}: {self.project_id}"
