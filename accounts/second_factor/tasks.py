"""Background tasks of the second factor; safe to run twice."""

import logging

from celery import shared_task

from accounts.second_factor.models import FactorReset
from accounts.second_factor.workflow import CLOCK
from common.moves.workflow import MoveRefused

log = logging.getLogger(__name__)


@shared_task(name="accounts.finish_factor_resets")
def finish_factor_resets() -> int:
    """Remove the second factors whose waiting period is over; returns the number of accounts."""
    finished = 0
    for reset in FactorReset.objects.due():
        try:
            reset.move("finish", CLOCK)
        except MoveRefused:  # stopped in the same moment
            continue
        except Exception:
            log.exception("factor reset %s could not be finished", reset.pk)
            continue
        finished += 1
    return finished
