"""A real worker is killed in the middle of a report; another one ends it, once and correctly."""

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from reports.build.models import Build
from reports.volume.making import pieces_of
from stocktaking.project.models import Project
from tests.factories import ProjectFactory
from tests.reports.records import requested

pytestmark = pytest.mark.django_db(transaction=True)

ENTRIES, LARGE = 400, 430
PATIENCE = 300  # seconds for what takes about ten on a machine that is not busy


@contextlib.contextmanager
def worker(var):
    """A Celery worker with its clock on the test's own database; killed whole at the end."""
    # The database of the test, by the address that the settings were given.
    base = os.environ["DATABASE_URL"].rpartition("/")[0]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "wsis_portal.settings",
        "DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}",
        "REDIS_URL": settings.REDIS_URL,
        "VAR_DIR": str(var),
    }
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "wsis_portal",
        "worker",
        "--beat",
        "--concurrency=1",
        "--queues=reports,volumes,default",
        "--loglevel=warning",
        "--hostname=reports@%h",
    ]
    with (var / "worker.log").open("a") as log:
        process = subprocess.Popen(
            command, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield process
        finally:
            kill_whole(process)


def kill_whole(process):
    """kill -9 of the worker and its children, as when a machine loses its power."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_for(condition, var):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    pytest.fail(
        f"waited in vain; the worker said:\n{(var / 'worker.log').read_text()[-3000:]}"
    )


def entries(number, summary):
    """So many projects of one country."""
    pattern = ProjectFactory()
    fields = {
        f.attname: getattr(pattern, f.attname)
        for f in Project._meta.concrete_fields
        if not f.primary_key and not f.generated
    }
    Project.objects.bulk_create(
        Project(**fields | {"title": f"Entry {n}", "summary": summary})
        for n in range(number - 1)
    )


@pytest.fixture
def many_entries():
    """Enough entries for a PDF that takes a moment."""
    entries(ENTRIES, "Broadband for villages. " * 40)


@pytest.fixture
def large_register():
    """A directory of more than 400 pages: two volumes."""
    entries(LARGE, "Broadband for villages. " * 160)


@pytest.mark.usefixtures("many_entries")
def test_a_killed_worker_is_replaced_and_the_report_is_built_once(tmp_path):
    publication = requested()
    build = publication.build()

    with worker(tmp_path) as first:
        wait_for(
            lambda: build.steps.filter(kind="pdf", state="running").exists(), tmp_path
        )
        kill_whole(first)
    assert Build.objects.get(pk=build.pk).state == "running"
    with worker(tmp_path):
        wait_for(lambda: not Build.objects.get(pk=build.pk).is_live, tmp_path)

    build.refresh_from_db()
    publication.refresh_from_db()
    snapshot = publication.snapshots.get()
    artefacts = list(publication.artefacts.all())
    attempts = dict(build.steps.values_list("kind", "attempts"))
    assert (build.state, build.error) == ("done", "")
    assert attempts["pdf"] == 2
    assert attempts["snapshot"] == attempts["charts"] == 1
    assert publication.status == "ready"
    assert (snapshot.figures["total"], snapshot.records.count()) == (ENTRIES, ENTRIES)
    assert [a.format for a in artefacts] == [
        "pdf",
        "brief",
        "docx",
        "pptx",
        "xlsx",
        "csv",
        "json",
    ]
    assert {a.file.name: a.sha256 for a in artefacts} == on_disk(publication, tmp_path)


def on_disk(publication, var):
    """The files of the publication in the worker's folder, with their hashes."""
    media = var / "media"
    return {
        str(path.relative_to(media)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in Path(media / f"reports/{publication.pk}").rglob("*.*")
    }


def is_at_a_volume(build):
    return build.steps.filter(kind="volume", state="running").exists()


@pytest.mark.usefixtures("large_register")
def test_a_worker_killed_in_a_volume_leaves_the_same_bytes(tmp_path):
    publication = requested()
    build = publication.build()

    with worker(tmp_path) as first:
        wait_for(lambda: is_at_a_volume(build), tmp_path)
        kill_whole(first)
    with worker(tmp_path):
        wait_for(lambda: not Build.objects.get(pk=build.pk).is_live, tmp_path)

    publication.refresh_from_db()
    snapshot = publication.snapshots.get()
    files = list(publication.artefacts.all())
    volumes = [file for file in files if file.volume]
    assert (publication.status, Build.objects.get(pk=build.pk).error) == ("ready", "")
    assert sorted(build.steps.values_list("attempts", flat=True)).count(2) == 1
    assert [file.volume for file in volumes] == [1, 2]
    assert sum(file.projects for file in volumes) == LARGE
    assert {file.file.name: file.sha256 for file in files} == on_disk(
        publication, tmp_path
    )
    for file in volumes:
        records = snapshot.records.filter(volume=file.volume)
        volume = snapshot.volumes[file.volume - 1]
        (again,) = pieces_of(snapshot, volume, [one.content for one in records])
        assert hashlib.sha256(again.content).hexdigest() == file.sha256


@pytest.mark.usefixtures("large_register")
def test_a_build_cancelled_in_a_volume_leaves_nothing(tmp_path, settings):
    media = {"location": str(tmp_path / "media")}
    files = {"BACKEND": "common.files.storage.WholeFiles", "OPTIONS": media}
    settings.STORAGES = settings.STORAGES | {"default": files}
    publication = requested()
    build = publication.build()

    with worker(tmp_path):
        wait_for(lambda: is_at_a_volume(build), tmp_path)
        publication.move("cancel", publication.requested_by)
        wait_for(lambda: on_disk(publication, tmp_path) == {}, tmp_path)
        time.sleep(build.steps.model.LEASE.total_seconds())

    assert on_disk(publication, tmp_path) == {}
    assert not publication.artefacts.exists()
    assert not publication.snapshots.exists()
    assert not build.steps.live().exists()
