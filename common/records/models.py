"""The log of public changes, and the last served state of each record."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self, cast

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


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
