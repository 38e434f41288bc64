"""What a row of an import costs: at most 1.5 queries on average, of all kinds, and none written
while a file is only checked.

`IMPORT_ROWS=13240 pytest -s tests/common/imports/test_queries.py` prints the figures of a file as
large as the Stocktaking database.
"""

import os

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.common.imports.sheets import ROWS, as_csv, prepare

pytestmark = pytest.mark.django_db
COUNT = int(os.environ.get("IMPORT_ROWS", "400"))
AT_MOST = 1.5
WRITES = ("INSERT", "UPDATE", "DELETE")


def run(importer, rows, **options):
    """The result and the queries of an import, the counting of savepoints included."""
    with CaptureQueriesContext(connection) as seen:
        result = importer.import_file(as_csv(rows), **options)
    return str(result), [query["sql"] for query in seen.captured_queries]


@pytest.mark.parametrize("kind", ROWS)
def test_a_row_costs_at_most_one_and_a_half_queries(kind):
    importer, rows = ROWS[kind]
    prepare(kind, COUNT)

    tried, of_check = run(importer, rows(COUNT, ""), dry_run=True)
    made, of_import = run(importer, rows(COUNT, ""))
    same, of_repetition = run(importer, rows(COUNT, ""))
    changed, of_update = run(importer, rows(COUNT, "Unconfirmed."))

    assert (tried, made, same, changed) == (
        f"{COUNT} created, 0 updated, 0 unchanged, 0 failed",
        f"{COUNT} created, 0 updated, 0 unchanged, 0 failed",
        f"0 created, 0 updated, {COUNT} unchanged, 0 failed",
        f"0 created, {COUNT} updated, 0 unchanged, 0 failed",
    )
    assert [sql for sql in of_check if sql.startswith(WRITES)] == []
    costs = {
        name: round(len(queries) / COUNT, 3)
        for name, queries in (
            ("check", of_check),
            ("import", of_import),
            ("the same again", of_repetition),
            ("all rows changed", of_update),
        )
    }
    # read with `pytest -s`
    print(f"\n{kind}, queries a row at {COUNT} rows: {costs}")  # noqa: T201
    assert max(costs.values()) <= AT_MOST
