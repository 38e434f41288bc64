"""Work in the background as a row: the truth about it, whatever broker and workers believe."""

import uuid
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.moves.actors import Person

LIVE = ("queued", "running")
LINES_KEPT = 50


class LeaseLostError(Exception):
    """The job was cancelled or another worker has it: stop, and write nothing more."""


class JobQuerySet(models.QuerySet[Any]):
    """All times are the database's: the clocks of the workers need not agree."""

    def live(self) -> Self:
        return self.filter(state__in=LIVE)

    def waiting(self) -> Self:
        """Jobs that nobody works at: never begun, or begun by a worker that fell silent."""
        silent = Q(lease_until=None) | Q(lease_until__lt=Now())
        return self.filter(Q(state="queued") | Q(state="running") & silent)

    def worn_out(self) -> Self:
        """Jobs that no worker has lived through: they may be what kills the workers."""
        return self.waiting().filter(attempts__gte=self.model.MAX_ATTEMPTS)

    def acquire(self, pk: int) -> Any:
        """Acquire the lease of a waiting job with a new token; None when another holds it.

        One UPDATE decides, so of two workers one wins.
        """
        acquired = (
            self.waiting()
            .filter(pk=pk, attempts__lt=self.model.MAX_ATTEMPTS)
            .update(
                state="running",
                token=uuid.uuid4(),
                lease_until=Now() + self.model.LEASE,
                attempts=F("attempts") + 1,
                started_at=Coalesce(F("started_at"), Now()),
                error="",
            )
        )
        return self.get(pk=pk) if acquired else None


class Job(models.Model):
    """One piece of work: how far it is, who works at it, what went wrong.

    A worker holds it by token and lease; the lease runs out when the worker falls silent. A model
    may say the states in words of its own, under the same names.
    """

    LEASE: ClassVar[timedelta] = timedelta(minutes=1)
    MAX_ATTEMPTS: ClassVar[int] = 4

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting for a worker")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.QUEUED
    )
    step = models.CharField(_("step"), max_length=20, blank=True)
    percent = models.PositiveSmallIntegerField(
        _("percent"), default=0, validators=[MaxValueValidator(100)]
    )
    error = models.TextField(_("error"), max_length=2000, blank=True)
    log = models.JSONField(_("log"), default=list, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    token = models.UUIDField(
        _("token of the worker"), null=True, blank=True, editable=False
    )
    lease_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def can_be_retried(self) -> bool:
        return self.state == "failed"

    def _rows(self) -> models.QuerySet[Any]:
        return type(self)._default_manager.filter(pk=self.pk)

    def held(self) -> models.QuerySet[Any]:
        """The job while this worker holds it: every write of a worker goes through here."""
        return self._rows().filter(
            token=self.token, token__isnull=False, state="running"
        )

    def enqueue(self, **values: object) -> bool:
        """Have it done by a worker; False when it waits or runs already."""
        idle = self._rows().exclude(state__in=LIVE)
        return bool(
            idle.update(
                state="queued",
                percent=0,
                attempts=0,
                error="",
                started_at=None,
                finished_at=None,
                **values,
            )
        )

    def advance(self, percent: int, step: str = "") -> None:
        """Say how far it is, and renew the lease. Raises LeaseLostError."""
        renewed = self.held().update(
            percent=percent, step=step, lease_until=Now() + self.LEASE
        )
        if not renewed:
            raise LeaseLostError

    def renew(self) -> bool:
        """Lengthen the lease; False when the job was cancelled or another worker has it."""
        return bool(self.held().update(lease_until=Now() + self.LEASE))

    def release(self, said: str = "", ended: str = "interrupted") -> None:
        """Give the lease back: another worker, or a later one, does the work. `ended` is how this
        attempt did, for the log."""
        log = self.lines_with(ended, said) if said else self.log
        self.held().update(state="queued", token=None, lease_until=None, log=log)

    def finish(self, said: str = "", **values: object) -> None:
        """All is done; `said` is for the log. Raises LeaseLostError."""
        self._close(self.held(), "done", said, percent=100, **values)

    def fail(self, sentence: str) -> None:
        """Give up with a sentence for the person who asked. Raises LeaseLostError."""
        self._close(self.held(), "failed", sentence, error=sentence[:2000])

    @transaction.atomic
    def give_up(self, sentence: str) -> bool:
        """The same for a job that no worker has lived through; nothing if one has it again."""
        worn_out = type(self)._default_manager.all().worn_out()  # type: ignore[attr-defined]
        given_up = worn_out.select_for_update().filter(pk=self.pk).exists()
        if given_up:
            self._close(self._rows(), "failed", sentence, error=sentence[:2000])
        return given_up

    def cancel(self) -> bool:
        """End it by somebody's wish; its worker stops at its next step. False when it is over."""
        try:
            self._close(self._rows().filter(state__in=LIVE), "cancelled")
        except LeaseLostError:
            return False
        return True

    def stop(self, user: Person) -> bool:
        """End it by the wish of this member of staff; whether it was under way."""
        return self.cancel()

    def retry(self, user: Person) -> bool:
        """Have it done again by the wish of this member of staff; whether it will be."""
        return self.enqueue()

    def lines_with(self, state: str, said: str) -> list[list[str]]:
        """The log with one more line: when, in which state, what was said of it."""
        line = [timezone.now().isoformat(timespec="seconds"), state, said[:2000]]
        return [*self.log, line][-LINES_KEPT:]

    def _close(
        self, rows: models.QuerySet[Any], state: str, said: str = "", **values: object
    ) -> None:
        log = self.lines_with(state, said)
        closed = rows.update(
            state=state,
            token=None,
            lease_until=None,
            finished_at=timezone.now(),
            log=log,
            **values,
        )
        if not closed:
            raise LeaseLostError
        self.state, self.log = state, log
