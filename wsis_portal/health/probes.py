"""Health probes: /healthz (everything) and /readyz (whether this process can serve visitors).

A middleware answers before sessions, languages and the check of the Host header, so that a probe on
the inner network needs no name and gets no cookie. It says "ok" or "down", never why: the reason is
in the log.
"""

import logging
import os
import shutil
from collections.abc import Callable
from contextlib import closing

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from wsis_portal.celery import HEARTBEAT_KEY, QUEUES

SECONDS = 2  # seconds to wait for each store
FREE_BYTES = 200 * 1024**2
log = logging.getLogger(__name__)

Answer = Callable[[HttpRequest], HttpResponse]


def health(get_response: Answer) -> Answer:
    """Middleware: answer the two probes, pass everything else on."""
    probes = {"/healthz": healthz, "/readyz": readyz}

    def answer(request: HttpRequest) -> HttpResponse:
        probe = probes.get(request.path_info)
        return probe(request) if probe else get_response(request)

    return answer


def healthz(request: HttpRequest) -> JsonResponse:
    """200 when database, cache, disk and a worker for each queue are well, else 503."""
    parts = {"database": _database(), "cache": _cache(), "worker": worker_is_well()}
    return _answer(parts | {"disk": _disk()})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when this process can serve pages: the database answers, and its tables match this
    code. The cache is not checked, because reading works without it."""
    return _answer({"database": _database(), "migrations": _migrations()})


def _answer(parts: dict[str, bool]) -> JsonResponse:
    """The id shows the supervisor that its own server answers and not another one on the same
    port."""
    well = all(parts.values())
    body = {"status": "ok" if well else "down"}
    body |= {name: "ok" if state else "down" for name, state in parts.items()}
    if run := os.environ.get("WSIS_RUN_ID"):
        body["run"] = run
    response = JsonResponse(body, status=200 if well else 503)
    response["Cache-Control"] = "no-store"
    return response


def first_line(error: Exception) -> str:
    """Probes come every few seconds: a traceback for each would fill the log."""
    return str(error).partition("\n")[0]


def _database() -> bool:
    """A separate connection, so that a broken one of a request is not mistaken for the server."""
    probe = connection.copy()
    options = {
        "connect_timeout": SECONDS,
        "options": f"-c statement_timeout={SECONDS * 1000}",
    }
    probe.settings_dict["OPTIONS"] = {**probe.settings_dict["OPTIONS"], **options}
    try:
        with closing(probe), probe.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        log.warning("health: database is down: %s", first_line(error))
        return False
    return True


def _migrations() -> bool:
    """Neither behind the code nor ahead of it: a newer release may have changed the tables."""
    try:
        executor = MigrationExecutor(connection)
    except DatabaseError as error:
        log.warning("health: migrations cannot be read: %s", first_line(error))
        return False
    leaves = executor.loader.graph.leaf_nodes()
    newest = dict(leaves)
    ahead = [
        key
        for key in executor.loader.applied_migrations
        if key[1] > newest.get(key[0], "~")
    ]
    return not ahead and not executor.migration_plan(leaves)


def _disk() -> bool:
    """Space for uploads and reports; when it is full, writes are refused with a message."""
    try:
        return shutil.disk_usage(settings.VAR_DIR).free >= FREE_BYTES
    except OSError as error:
        log.warning("health: the disk cannot be read: %s", first_line(error))
        return False


def _cache() -> bool:
    return _ask_cache(lambda client: bool(client.ping()))


def worker_is_well() -> bool:
    """Whether a worker of each queue has reported lately."""
    keys = [HEARTBEAT_KEY.format(queue=queue) for queue in QUEUES]
    return _ask_cache(lambda client: client.exists(*keys) == len(keys))


def _ask_cache(question: Callable[[redis.Redis], bool]) -> bool:
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=SECONDS, socket_connect_timeout=SECONDS
        ) as client:
            return question(client)
    except redis.RedisError as error:
        log.warning("health: cache is down: %s", first_line(error))
        return False
