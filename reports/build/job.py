"""One worker's turn at a build: acquire the lease, do what is not done yet, release it.

A worker may be killed at any line. Every step therefore checks first whether its result exists, and
writes it under its token; another worker then continues from what is written.
"""

import hashlib
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common.jobs.models import LeaseLostError
from common.records.hashing import content_hash
from reference.action_line.models import SDG
from reports.build.models import Build
from reports.builders.checks import FiguresDisagreeError, require_agreement
from reports.builders.projects import BATCH
from reports.builders.series import builder_of
from reports.charts.drawing import draw_all
from reports.living.counting import Counter
from reports.output.models import (
    Artefact,
    Snapshot,
    SnapshotRecord,
    artefact_folder,
    remove_strays,
)
from reports.output.writers import WRITERS
from reports.report.freezing import body_of
from reports.report.models import Report

log = logging.getLogger(__name__)

PERCENT = {
    "snapshot": 5,
    "charts": 25,
    "pdf": 40,
    "docx": 65,
    "xlsx": 80,
    "data": 90,
}


@contextmanager
def heartbeat(build: Build) -> Iterator[None]:
    """Renew the lease from a separate thread, because a step may take longer than the lease."""
    stop = threading.Event()

    def beat() -> None:
        try:
            while not stop.wait(build.LEASE.total_seconds() / 4):
                if not build.renew():
                    return
        finally:
            connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@contextmanager
def frozen_database() -> Iterator[None]:
    """A read-only transaction that sees one moment, however long the counting takes."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def work_at(build_id: int) -> str:
    """Work at one build as far as possible; returns how it ended, for the log.

    An unforeseen error is raised after the lease was released: the sweep tries again.
    """
    build = Build.objects.acquire(build_id)
    if build is None:
        return "held by another worker, or over"
    try:
        with heartbeat(build), translation.override(build.publication.language):
            run_steps(build)
            build.finish()
    except LeaseLostError:
        return "lost the lease"
    except FiguresDisagreeError as error:
        build.fail(str(error))
        return "figures disagree"
    except SoftTimeLimitExceeded:
        build.fail(too_slow(build.publication.language))
        return "took too long"
    except Exception:
        build.release()
        raise
    return "done"


def too_slow(language: str) -> str:
    with translation.override(language):
        return _("The report took longer than allowed. Try a shorter period.")


def run_steps(build: Build) -> None:
    build.advance(PERCENT["snapshot"], Build.Step.SNAPSHOT)
    snapshot = taken_snapshot(build) or take_snapshot(build)
    build.advance(PERCENT["charts"], Build.Step.CHARTS)
    if not snapshot.charts:
        draw_charts(build, snapshot)
    entries = [record.content for record in snapshot.records.all()]
    for step, formats in (
        ("pdf", ["pdf", "brief"]),
        ("docx", ["docx"]),
        ("xlsx", ["xlsx"]),
        ("data", ["csv", "json"]),
    ):
        build.advance(PERCENT[step], step)
        for name in formats:
            write_artefact(build, snapshot, entries, name)
    remove_strays(build.publication_id, build.version)


def taken_snapshot(build: Build) -> Snapshot | None:
    """The snapshot that an earlier worker took for this version."""
    snapshots = Snapshot.objects.filter(
        publication=build.publication_id, version=build.version
    )
    return snapshots.select_related("publication").first()


def take_snapshot(build: Build) -> Snapshot:
    """Count and list in one moment of the database, check, then write under the token."""
    builder = builder_of(build.publication)
    scope = builder.scope_of(build.publication)
    with frozen_database():
        taken_at = timezone.now()
        figures, entries = builder.collect(scope)
        texts = builder.compose(scope, figures) | written_body(build, scope, entries)
    require_agreement(figures, entries)
    snapshot = Snapshot(
        publication=build.publication,
        version=build.version,
        taken_at=taken_at,
        figures=figures,
        texts=texts,
        content_hash=content_hash([figures, entries]),
    )
    with build.fenced():
        snapshot.save()
        SnapshotRecord.objects.bulk_create(
            (
                SnapshotRecord(
                    snapshot=snapshot,
                    position=n,
                    chapter=builder.chapter_of(content),
                    content=content,
                )
                for n, content in enumerate(entries, start=1)
            ),
            batch_size=BATCH,
        )
    return snapshot


def written_body(
    build: Build, scope: Any, entries: list[dict[str, Any]]
) -> dict[str, Any]:
    """The body that editors wrote, with what it counts; nothing for series without a text."""
    report_id = build.publication.report_id
    if report_id is None:
        return {}
    report = Report.objects.with_outline().get(pk=report_id)
    language = build.publication.language
    return {"body": body_of(report, language, Counter(scope), entries)}


def draw_charts(build: Build, snapshot: Snapshot) -> None:
    colours = dict(SDG.objects.values_list("code", "colour"))
    publication = build.publication
    snapshot.charts = draw_all(
        snapshot.figures,
        snapshot.texts,
        publication.language,
        colours,
        builder_of(publication).CHARTS,
    )
    with build.fenced():
        snapshot.save(update_fields=["charts"])


def write_artefact(
    build: Build, snapshot: Snapshot, entries: list[dict[str, Any]], name: str
) -> None:
    """Write one file unless it exists; its row is written under the token, once it is complete.

    The name on disk contains the token: a worker that lost the build cannot touch another's file.
    """
    artefacts = Artefact.objects.filter(
        publication=build.publication_id, version=build.version, format=name
    )
    if artefacts.exists():
        return
    content = WRITERS[name](snapshot, entries)
    folder = artefact_folder(build.publication_id, build.version)
    path = default_storage.save(f"{folder}/{build.token}.{name}", ContentFile(content))
    try:
        with build.fenced():
            Artefact.objects.create(
                publication=build.publication,
                version=build.version,
                format=name,
                file=path,
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
            )
    except LeaseLostError:
        default_storage.delete(path)
        raise
