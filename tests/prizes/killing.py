"""A worker that is killed (SIGKILL) in the middle of its work: no handler runs, no lease is given
back, no transaction is ended."""

import os
import signal
from datetime import timedelta

from django.db import connections
from django.utils import timezone


def killed(work, cls, method, after=0):
    """Do `work` in a process of its own, which ends as soon as `method` of `cls` was called `after`
    times and is called once more."""
    connections.close_all()  # two processes cannot share a connection
    child = os.fork()
    if not child:
        _die(work, cls, method, after)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status), "it ended by itself"
    assert os.WTERMSIG(status) == signal.SIGKILL


def _die(work, cls, method, after):
    usual, left = getattr(cls, method), [after]

    def dies(*args, **named):
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
        return usual(*args, **named)

    try:
        setattr(cls, method, dies)
        work()
    finally:
        os._exit(1)


def time_passes(job):
    """The lease of a worker that fell silent runs out."""
    rows = type(job).objects.filter(pk=job.pk)
    rows.update(lease_until=timezone.now() - timedelta(seconds=1))
