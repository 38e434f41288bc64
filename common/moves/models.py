"""Records with a status that changes by a table of moves, and the log of moves."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.apps import apps as registry
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.moves.actors import AnyUser, SystemActor
from common.moves.workflow import (
    Move,
    MoveRefused,
    NoteMissing,
    NotYourMove,
    Workflow,
    require_length,
    why_not,
)


class StatusChangeQuerySet(models.QuerySet["StatusChange"]):
    def of(self, record: models.Model) -> Self:
        """The log of one record, latest first."""
        return self.filter(record_kind=record._meta.label_lower, record_id=record.pk)


class StatusChange(models.Model):
    """One move: who, when, from, to, why. Never updated, never deleted."""

    record_kind = models.CharField(_("kind of record"), max_length=60)
    record_id = models.BigIntegerField(_("record"))
    move = models.CharField(_("move"), max_length=40)
    source = models.CharField(_("from"), max_length=20)
    target = models.CharField(_("to"), max_length=20)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    note = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    objects = StatusChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(
                fields=["record_kind", "record_id", "-at"], name="status_change_record"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_kind} {self.record_id}: {self.source} → {self.target}"


class Moved(models.Model):
    """A record whose `status` moves by the table in `WORKFLOW`, and by nothing else.

    The rows of the table name methods of the model: `check` refuses a move, `check_all` (a static
    or class method) refuses it for many records at once, `then` does what follows from it. Whether
    they exist is checked when the portal starts.
    """

    WORKFLOW: ClassVar[Workflow]
    status: "models.CharField[Any, str]"

    class Meta:
        abstract = True

    if TYPE_CHECKING:

        def get_status_display(self) -> str: ...

    def roles_of(self, user: AnyUser) -> set[str]:
        """The roles of a user towards this record; models add that of the owner."""
        if user.is_authenticated:
            return set(user.roles)
        return {user.role} if isinstance(user, SystemActor) else set()

    def open_moves(self, user: AnyUser) -> list[Move]:
        """The moves this person may make now, in the table's order: the buttons of the page."""
        roles = self.roles_of(user)
        return [
            move
            for move in self.WORKFLOW
            if move.offered and self.status in move.sources and move.by & roles
        ]

    def history(self) -> models.QuerySet[StatusChange]:
        """The log of this record, latest first, with who made each move."""
        return StatusChange.objects.of(self).select_related("by")

    def move_before(self, change: StatusChange) -> StatusChange:
        """The move that this one undoes: the last before it, which must exist."""
        return self.history().exclude(pk=change.pk)[0]

    @transaction.atomic
    def move(self, name: str, user: AnyUser, note: str = "") -> Self:
        """Make one move: lock, check, save, log, and do what follows; returns the saved record.

        Raises MoveRefused, and what the `check` of the move raises.
        """
        move = self.WORKFLOW[name]
        locked = type(self)._default_manager.select_for_update().get(pk=self.pk)
        locked._check_table(move, user, note)
        locked._call(move.check)
        change, columns = locked._apply(move, user, note)
        locked.save(update_fields=columns)
        change.save()
        locked._call(move.then, change)
        return locked

    @classmethod
    @transaction.atomic
    def move_all(
        cls, records: Sequence[Self], name: str, user: AnyUser, note: str = ""
    ) -> list[Self]:
        """Make one move of many records, all or none; their status is then the new one. Raises
        MoveRefused.

        The number of queries does not grow with the records, unless the move's own `check` or
        `then` asks more.
        """
        move = cls.WORKFLOW[name]
        rows = cls._default_manager.filter(pk__in=[record.pk for record in records])
        locked = list(rows.order_by("pk").select_for_update())
        if not locked:
            return []
        for record in locked:
            record._check_table(move, user, note)
        if move.check_all:
            getattr(cls, move.check_all)(locked)
        else:
            for record in locked:
                record._call(move.check)
        applied = [record._apply(move, user, note) for record in locked]
        cls._default_manager.bulk_update(locked, applied[0][1])
        changes = StatusChange.objects.bulk_create(
            change for change, _columns in applied
        )
        for record, change in zip(locked, changes, strict=True):
            record._call(move.then, change)
        statuses = {record.pk: record.status for record in locked}
        for record in records:
            record.status = statuses.get(record.pk, record.status)
        return locked

    def _call(self, name: str, *arguments: Any) -> None:
        """Call the method of this name; a move may name none."""
        if name:
            getattr(self, name)(*arguments)

    def _check_table(self, move: Move, user: AnyUser, note: str) -> None:
        """Check what the table says itself: role, status, reason."""
        if not move.by & self.roles_of(user):
            raise NotYourMove(why_not(move, user))
        if self.status not in move.sources:
            raise MoveRefused(
                _("This is no longer possible: the status is now “%(status)s”.")
                % {"status": self.get_status_display()}
            )
        if move.needs_note and not note.strip():
            raise NoteMissing(_("Enter a reason: it is sent to the person concerned."))
        require_length(note)

    def _apply(
        self, move: Move, user: AnyUser, note: str
    ) -> tuple[StatusChange, list[str]]:
        """Set the new status in memory; the row of the log and the columns to save."""
        change = StatusChange(
            record_kind=self._meta.label_lower,
            record_id=self.pk,
            move=move.name,
            source=self.status,
            target=move.target,
            by=user if user.is_authenticated else None,
            note=note.strip(),
        )
        self.status = move.target
        stamp = f"{move.target}_at"
        if move.stamps and any(field.name == stamp for field in self._meta.fields):
            setattr(self, stamp, timezone.now())
            return change, ["status", stamp]
        return change, ["status"]


def check_tables() -> None:
    """Check that every table belongs to its model and names methods that the model has.

    Raises ImproperlyConfigured, so that a typing error shows at the start, not at the first move.
    """
    for model in registry.get_models():
        if issubclass(model, Moved):
            check_table(model)


def check_table(model: type[Moved]) -> None:
    """Check the table of one model."""
    label = model._meta.label
    workflow = getattr(model, "WORKFLOW", None)
    if workflow is None:
        raise ImproperlyConfigured(f"{label} has no table of moves: set WORKFLOW.")
    if workflow.model_label != model._meta.label_lower:
        raise ImproperlyConfigured(
            f"{label} has the table of moves of {workflow.model_label}."
        )
    for move in workflow:
        for name in (move.check, move.check_all, move.then):
            if name and not callable(getattr(model, name, None)):
                raise ImproperlyConfigured(
                    f"The move “{move.name}” of {label} names {name}(), which is no method of it."
                )
