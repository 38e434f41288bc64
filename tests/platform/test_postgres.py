"""A connection that the server has closed is noticed without asking."""

import time

import pytest
from django.db import connection

UNTIL = 5  # seconds


@pytest.mark.django_db
def test_a_closed_connection_is_noticed_and_made_anew():
    line = connection.copy()
    line.ensure_connection()
    usable = line.is_usable()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(%s)", [line.connection.info.backend_pid]
        )
    until = time.monotonic() + UNTIL
    while line.is_usable() and time.monotonic() < until:
        time.sleep(0.01)

    assert (usable, line.is_usable()) == (True, False)
    line.health_check_enabled, line.health_check_done = True, False
    with line.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
    line.close()
