"""Django's PostgreSQL backend without the query that only checks whether the connection is
alive."""

import select
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """With CONN_HEALTH_CHECKS each request begins with `SELECT 1`, a tenth of a vote's time. A
    server that has gone closed the connection, and our socket shows that without a query."""

    connection: Any

    def is_usable(self) -> bool:
        if self.errors_occurred or self.connection is None or self.connection.closed:
            return super().is_usable()
        line = select.poll()
        line.register(self.connection.fileno(), select.POLLIN)
        # No query is running, so readable data means that the server has closed the connection.
        return not line.poll(0)
