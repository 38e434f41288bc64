"""Files that a worker makes for many people at once: the job, and the work around the making."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.jobs.models import Job, LeaseLostError

FOLDER = "printed"
KEPT = timedelta(days=7)
LAST_STEP = 99  # percent; the rest is storing the file


class FileJob(Job):
    """A job whose result is one file, which is kept for `KEPT`.

    `options` are what staff chose, as JSON.
    """

    LEASE: ClassVar[timedelta] = timedelta(minutes=2)

    options = models.JSONField(gettext_lazy("options"), default=dict, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=gettext_lazy("by"),
    )
    printed = models.PositiveIntegerField(gettext_lazy("printed"), default=0)
    file = models.CharField(gettext_lazy("file"), max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def until(self) -> Any:
        return (self.finished_at or self.created_at) + KEPT

    @property
    def can_be_fetched(self) -> bool:
        is_kept = timezone.now() < self.until
        return self.state == self.State.DONE and bool(self.file) and is_kept

    def store(self, content: bytes, suffix: str, printed: int) -> None:
        """Keep the file and end the job. Raises LeaseLostError."""
        name = f"{FOLDER}/{self.pk}-{secrets.token_hex(16)}.{suffix}"
        path = default_storage.save(name, ContentFile(content))
        self.finish(file=path, printed=printed)


def work_at(model: type[FileJob], pk: int, make: Callable[[Any], str]) -> str:
    """Do a waiting job; the word says how it ended. A second call finds nothing to do.

    `make` is called in the language of the person who asked.
    """
    jobs: Any = model._default_manager.all()
    waiting = jobs.waiting().filter(pk=pk).first()
    if waiting is None:
        return "over"
    job = jobs.select_related("by").acquire(pk)
    if job is None:
        waiting.give_up(_("The work broke off several times. Start it again."))
        return "over"
    language = job.by.language if job.by else ""
    try:
        with translation.override(language or settings.LANGUAGE_CODE):
            return make(job)
    except LeaseLostError:
        return "cancelled"
    except Exception:
        with translation.override(language or settings.LANGUAGE_CODE):
            job.fail(_("Something went wrong. Please try again."))
        raise
