"""Work over many rows, in which an error in one row does not stop the others."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from celery.exceptions import SoftTimeLimitExceeded

log = logging.getLogger(__name__)
Row = TypeVar("Row")


def one_by_one(rows: Iterable[Row], work: Callable[[Row], object], task: str) -> int:
    """Do the work for each row; returns for how many it did something.

    Errors are logged with the name of the task, and the next row is taken. Only the task's time
    limit ends it early.
    """
    done = 0
    for row in rows:
        try:
            done += bool(work(row))
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            log.exception(
                "%s: %r could not be dealt with", task, getattr(row, "pk", row)
            )
    return done
