"""The two probes: what they say when all is well, and when a part is down."""

import pytest
import redis
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from wsis_portal.celery import HEARTBEAT_KEY, QUEUES

NOBODY = "redis://127.0.0.1:1/0"
pytestmark = pytest.mark.django_db


@pytest.fixture
def workers(settings):
    """Both queues have a worker that gave a sign of life."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        keys = [HEARTBEAT_KEY.format(queue=queue) for queue in QUEUES]
        for key in keys:
            client.set(key, 1, ex=60)
        yield client
        client.delete(*keys)


def test_healthz_is_ok_when_all_is_well(client, workers):
    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "cache": "ok", "worker": "ok"}


@pytest.mark.parametrize("queue", QUEUES)
def test_healthz_is_down_without_the_worker_of_one_queue(client, workers, queue):
    workers.delete(HEARTBEAT_KEY.format(queue=queue))

    response = client.get("/healthz")

    assert response.status_code == 503
    assert response.json() == {
        "status": "down", "database": "ok", "cache": "ok", "worker": "down",
    }  # fmt: skip


def test_healthz_says_that_the_cache_is_down_and_not_why(client, settings):
    settings.REDIS_URL = NOBODY

    response = client.get("/healthz")

    assert response.status_code == 503
    assert response.json() == {
        "status": "down", "database": "ok", "cache": "down", "worker": "down",
    }  # fmt: skip


def test_healthz_says_that_the_database_is_down(client, workers):
    port, connection.settings_dict["PORT"] = connection.settings_dict["PORT"], 1

    response = client.get("/healthz")

    connection.settings_dict["PORT"] = port
    assert response.status_code == 503
    assert response.json() == {
        "status": "down", "database": "down", "cache": "ok", "worker": "ok",
    }  # fmt: skip


def test_readyz_waits_for_migrations(client):
    before = client.get("/readyz")
    newest = MigrationLoader(connection).graph.leaf_nodes("common")[0]
    MigrationRecorder(connection).record_unapplied(*newest)

    after = client.get("/readyz")

    assert (before.status_code, before.json()["migrations"]) == (200, "ok")
    assert (after.status_code, after.json()["migrations"]) == (503, "down")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_answer_any_host_leave_no_cookie_and_are_not_cached(client, workers, path):
    response = client.get(path, headers={"host": "10.0.0.7"})

    assert response.status_code == 200
    assert response.cookies == {}
    assert response["Cache-Control"] == "no-store"
