"""The two probes: what they say when all is well, and when a part is down."""

import shutil

import pytest
import redis
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from wsis_portal.celery import HEARTBEAT_KEY, QUEUES

PARTS = ("database", "cache", "worker", "disk")
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


def down(response):
    """The parts that an answer calls down."""
    said = response.json()
    assert said.pop("status") == "down"
    assert set(said) == set(PARTS)
    return {part for part, state in said.items() if state == "down"}


def test_healthz_is_ok_when_all_is_well(client, workers):
    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json() == {"status": "ok"} | dict.fromkeys(PARTS, "ok")


@pytest.mark.parametrize("queue", QUEUES)
def test_healthz_is_down_without_the_worker_of_one_queue(client, workers, queue):
    workers.delete(HEARTBEAT_KEY.format(queue=queue))

    response = client.get("/healthz")

    assert response.status_code == 503
    assert down(response) == {"worker"}


def test_healthz_says_that_the_cache_is_down_and_not_why(client, settings):
    settings.REDIS_URL = NOBODY

    response = client.get("/healthz")

    assert response.status_code == 503
    assert down(response) == {"cache", "worker"}


def test_healthz_says_that_the_database_is_down(client, workers):
    port, connection.settings_dict["PORT"] = connection.settings_dict["PORT"], 1

    response = client.get("/healthz")

    connection.settings_dict["PORT"] = port
    assert response.status_code == 503
    assert down(response) == {"database"}


def test_readyz_waits_for_migrations(client):
    before = client.get("/readyz")
    newest = MigrationLoader(connection).graph.leaf_nodes("common")[0]
    MigrationRecorder(connection).record_unapplied(*newest)

    after = client.get("/readyz")

    assert (before.status_code, before.json()["migrations"]) == (200, "ok")
    assert (after.status_code, after.json()["migrations"]) == (503, "down")


def test_readyz_is_down_when_the_tables_are_those_of_a_later_release(client):
    """As for a process that an upgrade has left behind."""
    MigrationRecorder(connection).record_applied(
        "stocktaking", "9999_of_a_later_release"
    )

    response = client.get("/readyz")

    assert (response.status_code, response.json()["migrations"]) == (503, "down")


def test_readyz_does_not_ask_for_what_reading_does_not_need(client, settings):
    """A load balancer that follows it goes on sending readers while Valkey is away."""
    settings.REDIS_URL = NOBODY

    response = client.get("/readyz")

    assert (response.status_code, set(response.json())) == (
        200,
        {"status", "database", "migrations"},
    )


def test_healthz_tells_of_a_disk_that_runs_full(client, workers, monkeypatch):
    usage = shutil.disk_usage("/")._replace(free=100 * 1024**2)
    monkeypatch.setattr(
        "wsis_portal.health.probes.shutil.disk_usage", lambda path: usage
    )

    response = client.get("/healthz")

    assert response.status_code == 503
    assert down(response) == {"disk"}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_answer_any_host_leave_no_cookie_and_are_not_cached(
    client, workers, path
):
    response = client.get(path, headers={"host": "10.0.0.7"})

    assert response.status_code == 200
    assert response.cookies == {}
    assert response["Cache-Control"] == "no-store"
