"""Long lists of the admin: pages and counts stop early."""

from typing import Any

from django.core.paginator import Paginator
from django.db import connection, models
from django.utils.functional import cached_property


class LimitedPaginator(Paginator):
    """Counts no further than `reach`, so that no page has a large offset.

    To find a row beyond it, search or filter; `estimate` says how many rows there are.
    """

    reach = 10_000

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return (
            len(rows)
            if isinstance(rows, list)
            else rows.order_by()[: self.reach].count()
        )


def estimate(model: type[models.Model]) -> int:
    """The number of rows of a table by PostgreSQL's statistics; 0 before the first ANALYZE."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = %s::regclass",
            [model._meta.db_table],
        )
        return int(cursor.fetchone()[0])
