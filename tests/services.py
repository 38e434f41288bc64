"""The tests' own PostgreSQL and Valkey: not those of `make run`, and nothing is synced to disk."""

import atexit
import os
from contextlib import ExitStack

from wsis_portal import embedded


def start():
    """Start them, unless the environment names both stores; stop them when this process ends.

    Has to run before the portal's settings are read. Processes that the tests start find the
    addresses in their environment.
    """
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return
    var = embedded.var_folder() / "test"
    os.environ["VAR_DIR"] = str(var)
    running = ExitStack()
    running.enter_context(embedded.stores_for("test", var, durable=False))
    atexit.register(running.close)
    os.environ.setdefault("DATABASE_URL", embedded.database_url(var))
    os.environ.setdefault("REDIS_URL", embedded.redis_url(var))
