"""The log of public changes, the last served state of each record, and its versions."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Self, cast

from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common.records.hashing import content_hash


class ClusterOffset(models.Model):
    """What is added to the transaction ids of one cluster of PostgreSQL, so that numbers in the
    change log keep rising when the database is restored into another one. Written by the
    function `change_offset` of the database (change_log.sql) with the first row in a cluster."""

    identity = models.CharField(
        _("cluster, timeline and database"), max_length=60, primary_key=True
    )
    first = models.BigIntegerField(_("numbers begin above"), unique=True)
    since = models.DateTimeField(_("since"), db_default=Now())

    class Meta:
        verbose_name = _("cluster of the change log")
        verbose_name_plural = _("clusters of the change log")

    def __str__(self) -> str:
        return self.identity


class TransactionId(models.Field):
    """PostgreSQL's xid8: the transaction that wrote the row, which never wraps round, with the
    offset of the cluster in which it ran."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "xid8"

    def from_db_value(
        self, value: Any, expression: Any, connection: object
    ) -> int | None:
        return None if value is None else int(value)

    def get_prep_value(self, value: object) -> str | None:
        return None if value is None else str(value)


START = (0, 0)  # the position before the first row of the log


class ChangeQuerySet(models.QuerySet["Change"]):
    def settled(self) -> Self:
        """Rows older than the oldest running transaction: none can appear before them any more."""
        horizon = RawSQL("change_horizon()", ())
        return self.filter(transaction__lt=horizon).order_by("transaction", "pk")

    def after(self, position: tuple[int, int]) -> Self:
        """Settled rows after a reader's last position (transaction, id), in reading order."""
        transaction_id, pk = position
        later = self.settled().extra(  # a row comparison: the index serves it, Q cannot say it
            where=['("transaction", id) > (%s::xid8, %s)'],
            params=[str(transaction_id), pk],
        )
        return cast(Self, later)

    def has(self, position: tuple[int, int]) -> bool:
        """Whether a reader can continue from here: at the start, or after a row that is in the
        log. After a restore a row may be missing; what followed it is then unknown."""
        if position == START:
            return True
        transaction_id, pk = position
        return (
            self.filter(pk=pk).values_list("transaction", flat=True).first()
            == transaction_id
        )


class Change(models.Model):
    """One change of a public record. Readers keep (transaction, id) of the last row they saw.

    Ids are given before a transaction commits, so a smaller id can appear after a larger one. Rows
    are therefore read in order of transaction, and only once no older one is running.
    """

    class Kind(models.TextChoices):
        CREATE = "create", _("created")
        UPDATE = "update", _("updated")
        PUBLISH = "publish", _("published")
        MERGE = "merge", _("merged")
        DELETE = "delete", _("removed")

    kind = models.CharField(_("change"), max_length=10, choices=Kind.choices)
    record_kind = models.CharField(_("kind of record"), max_length=60)
    record_id = models.CharField(_("record"), max_length=40)
    version = models.PositiveIntegerField(_("version"))
    content_hash = models.CharField(_("SHA-256 of the content"), max_length=64)
    into = models.CharField(_("merged into"), max_length=40, blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    transaction = TransactionId(
        db_default=Func(function="change_number"), editable=False
    )

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["transaction", "pk"]
        indexes = [
            models.Index(fields=["transaction", "id"], name="change_reading_order"),
            models.Index(
                fields=["record_kind", "record_id", "version"], name="change_record"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_kind} {self.record_id} v{self.version}: {self.kind}"


class ServedStateQuerySet(models.QuerySet["ServedState"]):
    def times_of_change(self, kind: str, keys: Iterable[Any]) -> dict[str, datetime]:
        """Key → time of the last change of what is served, for records that are public."""
        public = self.filter(record_kind=kind, record_id__in=[str(key) for key in keys])
        return dict(public.exclude(digest="").values_list("record_id", "changed_at"))


class ServedState(models.Model):
    """A digest of what everybody reads of a record now, kept by the database (see feed.py).

    `digest` is empty while the record is not public. `changed_at` is the time of the last change of
    what is served, in the record itself or in what is shown with it.
    """

    record_kind = models.CharField(_("kind of record"), max_length=60)
    record_id = models.CharField(_("record"), max_length=40)
    digest = models.CharField(_("SHA-256 of the content"), max_length=64, blank=True)
    changed_at = models.DateTimeField(_("changed at"), null=True)
    examined_at = models.DateTimeField(_("examined at"))

    objects = ServedStateQuerySet.as_manager()

    class Meta:
        verbose_name = _("state of a public record")
        verbose_name_plural = _("states of public records")
        constraints = [
            models.UniqueConstraint(
                fields=["record_kind", "record_id"], name="served_state_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.record_kind} {self.record_id}"


class RecordVersionQuerySet(models.QuerySet["RecordVersion"]):
    def of_models(self, *kinds: type[models.Model]) -> Self:
        """The versions of all records of these kinds."""
        return self.filter(record_kind__in=[kind._meta.label_lower for kind in kinds])

    def of(self, record: models.Model) -> Self:
        """The versions of one record, latest first."""
        versions = self.of_models(type(record)).filter(record_id=str(record.pk))
        return versions.select_related("by").order_by("-version")

    def latest_of_each(self) -> Self:
        """Of each record the last of these versions."""
        latest = self.order_by("record_kind", "record_id", "-version")
        return latest.distinct("record_kind", "record_id")

    def as_of(self, at: date) -> Self:
        """The version of each record at the end of that day (UTC), withdrawn ones included."""
        end = datetime.combine(at, time.max, UTC)
        return self.filter(at__lte=end).latest_of_each()


class RecordVersion(models.Model):
    """The public content of a record from a moment on. Never updated, never deleted."""

    record_kind = models.CharField(_("kind of record"), max_length=60)
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
        verbose_name = _("version of a public record")
        verbose_name_plural = _("versions of public records")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["record_kind", "record_id", "version"],
                name="record_version_once",
            ),
        ]
        indexes = [models.Index(fields=["-at", "-id"], name="record_version_newest")]

    def __str__(self) -> str:
        return f"{self.record_kind} {self.record_id} v{self.version}"

    @property
    def model_name(self) -> str:
        """The kind of record without its app."""
        return self.record_kind.rpartition(".")[2]


class PublicRecord(models.Model):
    """A record whose public content is stored version by version, and logged for harvesters."""

    version = models.PositiveIntegerField(_("version"), default=0, editable=False)

    class Meta:
        abstract = True

    @property
    def versions(self) -> RecordVersionQuerySet:
        return RecordVersion.objects.of(self)

    def public_content(self) -> dict[str, Any]:
        """What the public may read, as plain values."""
        raise NotImplementedError

    @classmethod
    def contents_of(cls, records: Sequence[Self]) -> list[dict[str, Any]]:
        """The content of a version of each of these records."""
        return [record.public_content() for record in records]

    def keep(self, by: Any = None) -> RecordVersion | None:
        """Store the next version of a record that is public from its first day."""
        return self.record_change(
            Change.Kind.UPDATE if self.version else Change.Kind.CREATE, by=by
        )

    def record_change(
        self, kind: str, by: Any = None, into: str = ""
    ) -> RecordVersion | None:
        """Store the next version and its row in the change log; call inside the transaction.

        An update that changes nothing writes nothing.
        """
        versions = self.record_changes([self], kind, by, into)
        return versions[0] if versions else None

    @classmethod
    def record_changes(
        cls, records: Sequence[Self], kind: str, by: Any = None, into: str = ""
    ) -> list[RecordVersion]:
        """The same for many at once; those whose lists are prefetched cost no query each."""
        last = cls._last_versions(records, kind)
        versions: list[RecordVersion] = []
        changed: list[Self] = []
        for record, content in zip(records, cls.contents_of(records), strict=True):
            before = last.get(str(record.pk))
            digest = content_hash(content)
            if kind == Change.Kind.UPDATE and before and before.content_hash == digest:
                continue
            record.version = (before.version if before else record.version) + 1
            changed.append(record)
            versions.append(
                RecordVersion(
                    record_kind=cls._meta.label_lower,
                    record_id=str(record.pk),
                    version=record.version,
                    kind=kind,
                    content=content,
                    content_hash=digest,
                    by=by if getattr(by, "pk", None) else None,
                )
            )
        cls.save_changed(changed)
        Change.objects.bulk_create(
            Change(
                kind=kind,
                record_kind=version.record_kind,
                record_id=version.record_id,
                version=version.version,
                content_hash=version.content_hash,
                into=into,
            )
            for version in versions
        )
        return RecordVersion.objects.bulk_create(versions)

    @classmethod
    def save_changed(cls, records: Sequence[Self]) -> None:
        """Store the new numbers of records that have another version."""
        cls._default_manager.bulk_update(records, ["version"])

    @classmethod
    def _last_versions(
        cls, records: Sequence[Self], kind: str
    ) -> dict[str, RecordVersion]:
        """Key → the last version, where it is needed: to see whether an update changes anything,
        and because a key that people give can come back after a deletion."""
        if kind != Change.Kind.UPDATE and cls._meta.auto_field:
            return {}
        versions = RecordVersion.objects.of_models(cls).filter(
            record_id__in=[str(record.pk) for record in records]
        )
        latest = versions.latest_of_each().defer("content")
        return {version.record_id: version for version in latest}
