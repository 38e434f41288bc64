"""Which store is down, or full, according to an exception."""

import errno

import kombu.exceptions
import psycopg
import redis
from django.db import InterfaceError, OperationalError

DATABASE, SLOW, CACHE, DISK = "database", "slow", "cache", "disk"
FULL = {errno.ENOSPC, errno.EDQUOT}
# A statement that ran, or waited for a lock, longer than this process may (settings.py).
STOPPED = (psycopg.errors.QueryCanceled, psycopg.errors.LockNotAvailable)
FULL_STORE = (psycopg.errors.DiskFull,)


def of(error: BaseException | None) -> str | None:
    """One of the four words; None for a fault of the program or of the request."""
    if isinstance(error, (OperationalError, InterfaceError)):
        return _of_database(error.__cause__)
    if isinstance(error, (redis.RedisError, kombu.exceptions.OperationalError)):
        return CACHE
    if isinstance(error, OSError) and error.errno in FULL:
        return DISK
    return None


def _of_database(cause: BaseException | None) -> str:
    if isinstance(cause, FULL_STORE):
        return DISK
    return SLOW if isinstance(cause, STOPPED) else DATABASE
