"""What every public record of the roadmap shares: a source, dates, and permanent versions."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Model
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from common.dates import partial
from common.records.hashing import content_hash
from common.records.models import Change
from roadmap.record import dates

HINT = _("Enter a date as precise as the source: 2025, 2025-07 or 2025-07-11.")


def sort_date(name: str) -> models.GeneratedField:
    """The column by which records with a partial date are sorted (dates.sort_key)."""
    return models.GeneratedField(
        expression=models.Case(
            models.When(**{name: ""}, then=models.Value("")),
            default=Concat(models.F(name), models.Value(dates.AFTER_ALL)),
        ),
        output_field=models.CharField(
            max_length=partial.MAX_LENGTH + 1, db_collation="C"
        ),
        db_persist=True,
    )


class Dated(models.Model):
    """`start` and `end` are the written dates; two date columns follow from them, for queries."""

    start = partial.WrittenDateField(
        _("start"),
        max_length=partial.MAX_LENGTH,
        validators=[dates.validate],
        help_text=HINT,
    )
    end = partial.WrittenDateField(
        _("end"),
        max_length=partial.MAX_LENGTH,
        blank=True,
        validators=[dates.validate],
        help_text=_("Leave empty if it is the same as the start."),
    )
    starts_on = models.DateField(_("first possible day"), editable=False)
    ends_on = models.DateField(_("last possible day"), editable=False)
    sort_date = sort_date("start")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="%(class)s_ends_after_start",
                violation_error_message=_("The end is before the start."),
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_days()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        try:
            self.set_days()
        except ValidationError:  # the field says it
            return
        if self.ends_on < self.starts_on:
            raise ValidationError({"end": _("The end is before the start.")})

    def set_days(self) -> None:
        """Compute the days that the written dates mean. Raises ValidationError for an invalid
        date."""
        self.starts_on = dates.parse(self.start).first
        self.ends_on = dates.parse(self.end or self.start).last

    @property
    def when(self) -> str:
        """The period in words of the page's language."""
        return dates.span(self.start, self.end)

    @property
    def is_exact(self) -> bool:
        return dates.parse(self.start).precision == partial.Precision.DAY


CODE = RegexValidator(
    r"\A[A-Z0-9][A-Z0-9-]*\Z", _("Use capital letters, digits and hyphens.")
)


class RecordVersionQuerySet(models.QuerySet["RecordVersion"]):
    def as_of(self, at: datetime.date) -> Self:
        """The version of each record at the end of that day (UTC), withdrawn ones included."""
        end = datetime.datetime.combine(at, datetime.time.max, datetime.UTC)
        latest = self.filter(at__lte=end).order_by(
            "record_kind", "record_id", "-version"
        )
        return latest.distinct("record_kind", "record_id")

    def last_of(
        self, model: type[Model], keys: Iterable[str]
    ) -> dict[str, "RecordVersion"]:
        """Key → the last version, of those records that have one."""
        rows = self.filter(record_kind=model._meta.model_name, record_id__in=keys)
        latest = rows.order_by("record_id", "-version").distinct("record_id")
        return {row.record_id: row for row in latest.defer("content")}

    def of(self, record: Model) -> Self:
        """The versions of one record, latest first."""
        versions = self.filter(
            record_kind=record._meta.model_name, record_id=str(record.pk)
        )
        return versions.select_related("by").order_by("-version")


class RecordVersion(models.Model):
    """The content of a record from a moment on. Never updated, never deleted."""

    record_kind = models.CharField(_("kind of record"), max_length=40)
    record_id = models.CharField(_("record"), max_length=40)
    version = models.PositiveIntegerField(_("version"))
    kind = models.CharField(_("change"), max_length=10, choices=Change.Kind.choices)
    content = models.JSONField(_("content"))
    content_hash = models.CharField(_("SHA-256 of the content"), max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    objects = RecordVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a roadmap record")
        verbose_name_plural = _("versions of roadmap records")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["record_kind", "record_id", "version"],
                name="roadmap_version_once",
            ),
        ]
        indexes = [models.Index(fields=["-at", "-id"], name="roadmap_version_newest")]

    def __str__(self) -> str:
        return f"{self.record_kind} {self.record_id} v{self.version}"


class PublicRecord(models.Model):
    """A record whose public content is stored version by version, and logged for harvesters."""

    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    source = models.TextField(
        _("source"),
        max_length=2000,
        help_text=_("The source; “unconfirmed” if there is none."),
    )

    class Meta:
        abstract = True

    def public_content(self) -> dict[str, Any]:
        """What the public may read, as plain values."""
        raise NotImplementedError

    def record_change(self, kind: str, by: Any = None) -> RecordVersion | None:
        """Store the next version and its row in the change log; call inside the transaction.

        An update that changes nothing writes nothing.
        """
        versions = self.record_changes([self], kind, by)
        return versions[0] if versions else None

    @classmethod
    def record_changes(
        cls, records: Sequence[Self], kind: str, by: Any = None
    ) -> list[RecordVersion]:
        """The same for many at once; those whose lists are prefetched cost no query each."""
        last = RecordVersion.objects.last_of(cls, [str(one.pk) for one in records])
        versions: list[RecordVersion] = []
        changed: list[Self] = []
        for record in records:
            content = record.public_content()
            digest = content_hash(content)
            before = last.get(str(record.pk))
            if kind == Change.Kind.UPDATE and before and before.content_hash == digest:
                continue
            record.version = (before.version if before else 0) + 1
            changed.append(record)
            versions.append(
                RecordVersion(
                    record_kind=str(cls._meta.model_name),
                    record_id=str(record.pk),
                    version=record.version,
                    kind=kind,
                    content=content,
                    content_hash=digest,
                    by=by if getattr(by, "pk", None) else None,
                )
            )
        cls._default_manager.bulk_update(changed, ["version"])
        Change.objects.bulk_create(
            Change(
                kind=kind,
                record_kind=cls._meta.label_lower,
                record_id=row.record_id,
                version=row.version,
                content_hash=row.content_hash,
            )
            for row in versions
        )
        return RecordVersion.objects.bulk_create(versions)

    def keep(self, by: Any = None) -> RecordVersion | None:
        """Store the next version of a record that is public from its first day."""
        return self.record_change(
            Change.Kind.UPDATE if self.version else Change.Kind.CREATE, by=by
        )

    def versions(self) -> RecordVersionQuerySet:
        return RecordVersion.objects.of(self)
