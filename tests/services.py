"""The tests' own PostgreSQL and Valkey: not those of `make run`, and nothing is synced to disk."""

import atexit
import os
from contextlib import ExitStack
from pathlib import Path

from wsis_portal.run import embedded

OURS = "WSIS_TEST_STORES"  # set when the addresses in the environment are those that we started


def start():
    """Start them, unless the environment names both stores; stop them when this process ends.

    Has to run before the portal's settings are read. Processes that the tests start find the
    addresses in their environment. Tests that run side by side have stores of their own: readers
    of the change log wait for every transaction of a server.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    side_by_side = worker and os.environ.get(OURS) == "1"
    named = os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")
    if named and not side_by_side:
        return
    var = embedded.var_folder() / "test"
    if side_by_side:
        var = Path(os.environ["VAR_DIR"]) / str(worker)
        del os.environ["DATABASE_URL"], os.environ["REDIS_URL"]
    os.environ |= {"VAR_DIR": str(var), OURS: "0" if side_by_side else "1"}
    running = ExitStack()
    running.enter_context(embedded.stores_for("test", var, durable=False))
    atexit.register(running.close)
    os.environ.setdefault("DATABASE_URL", embedded.database_url(var))
    os.environ.setdefault("REDIS_URL", embedded.redis_url(var))
