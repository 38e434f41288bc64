"""One worker's turn at a step of a build: acquire the lease, do the work, release the lease.

A worker may be killed at any line. Every step therefore checks first whether its result exists, and
writes it under its token; another worker then continues from what is written.
"""

import hashlib
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from common.jobs.models import LeaseLostError
from reference.action_line.models import SDG
from reports.build.models import Build, Step
from reports.build.taking import taken
from reports.builders.checks import FiguresDisagreeError, require_agreement
from reports.builders.series import builder_of
from reports.charts.drawing import draw_all
from reports.output.models import Artefact, Snapshot, artefact_folder
from reports.output.writers import WRITERS
from reports.report.models import Report, Section
from reports.volume.making import Piece, pieces_of
from reports.volume.planning import plan

log = logging.getLogger(__name__)


@contextmanager
def heartbeat(step: Step) -> Iterator[None]:
    """Renew the lease from a separate thread, because a step may take longer than the lease."""
    stop = threading.Event()

    def beat() -> None:
        try:
            while not stop.wait(step.LEASE.total_seconds() / 4):
                if not step.renew():
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


def work_at(step_id: int) -> str:
    """Work at one step; returns how it ended, for the log.

    An unforeseen error is raised after the lease was released: the sweep tries again. When the
    database went away, the step was interrupted; all else is a fault in the program.
    """
    step = Step.objects.acquire(step_id)
    if step is None:
        return "held by another worker, not ready, or over"
    language = step.build.publication.language
    try:
        with heartbeat(step), translation.override(language):
            said = WORK[step.kind](step)
            step.finish(said)
    except LeaseLostError:
        return "lost the lease"
    except FiguresDisagreeError as error:
        step.fail(str(error))
        return "figures disagree"
    except SoftTimeLimitExceeded:
        step.fail(too_slow(language))
        return "took too long"
    except (InterfaceError, OperationalError) as error:
        step.release(repr(error))
        raise
    except Exception as error:
        log.exception("fault %s in %s", step.reference, step)
        step.release_after(error)
        raise
    return "done"


def work_through(build_id: int) -> None:
    """Work at one step after the other, as long as there is one that nobody else works at."""
    able = Step.objects.filter(build=build_id, attempts__lt=Step.MAX_ATTEMPTS)
    while (step := able.ready().first()) is not None:
        work_at(step.pk)


def too_slow(language: str) -> str:
    with translation.override(language):
        return _("The report took longer than allowed. Try a shorter period.")


def collect(step: Step) -> str:
    """The figures and texts, counted and frozen."""
    snapshot = taken_snapshot(step) or take_snapshot(step)
    return snapshot.content_hash


def draw(step: Step) -> str:
    """The charts, kept with the snapshot."""
    snapshot = snapshot_of(step)
    if not snapshot.charts:
        draw_charts(step, snapshot)
    return ""


def write_files(step: Step) -> str:
    """The files of this step, unless they are there."""
    snapshot = snapshot_of(step)
    names = FORMATS[step.kind]
    for number, name in enumerate(names):
        step.advance(100 * number // len(names))
        if not written(step, format=name, volume=0):
            write_artefact(step, snapshot, name)
    return ", ".join(
        file.link_text for file in written(step, format__in=names, volume=0)
    )


def write_volume(step: Step) -> str:
    """A volume of the directory; the log says how many pages and projects it has."""
    files = written(step, volume=step.volume)
    if not files:
        snapshot = snapshot_of(step)
        volume = snapshot.volumes[step.volume - 1]
        records = snapshot.records.filter(volume=step.volume)
        entries = list(records.values_list("content", flat=True))
        pieces = pieces_of(snapshot, volume, entries)
        files = keep(step, list(files_of(step.volume, pieces)))
    return "; ".join(
        f"{file.title}: {file.pages} / {file.projects}, {file.link_text}"
        for file in files
    )


def files_of(volume: int, pieces: list[Piece]) -> Iterator[tuple[Artefact, bytes]]:
    """Parts are numbered only when there are several."""
    for number, piece in enumerate(pieces, start=1):
        file = Artefact(
            format=Artefact.Format.PDF,
            volume=volume,
            part=number if len(pieces) > 1 else 0,
            title=piece.title,
            pages=piece.pages,
            projects=piece.projects,
        )
        yield file, piece.content


def snapshot_of(step: Step) -> Snapshot:
    """The snapshot that an earlier step has taken."""
    return step.build.publication.snapshots.get(version=step.build.version)


def taken_snapshot(step: Step) -> Snapshot | None:
    """The snapshot that an earlier worker took for this version."""
    snapshots = Snapshot.objects.filter(
        publication=step.build.publication_id, version=step.build.version
    )
    return snapshots.select_related("publication").first()


def take_snapshot(step: Step) -> Snapshot:
    """Count and list in one moment of the database, check, then write under the token."""
    publication = step.build.publication
    chapter_of = builder_of(publication).chapter_of
    with frozen_database():
        snapshot = taken(publication, step.build.version, sections_of(step.build))
    figures, entries = snapshot.figures, snapshot.entries
    require_agreement(figures, entries)
    snapshot.volumes, volume_of = plan(publication, figures, entries)
    with step.fenced():
        snapshot.save_with_pages()
        snapshot.copy_records(
            (chapter_of(one), volume_of.get(one.get("pk", 0), 0), one)
            for one in entries
        )
        step.build.open_volumes([volume["number"] for volume in snapshot.volumes])
    return snapshot


def sections_of(build: Build) -> Iterable[Section] | None:
    """What editors wrote, as far as it is printed; None for series without a text."""
    report_id = build.publication.report_id
    if report_id is None:
        return None
    return Report.objects.with_outline().get(pk=report_id).printed_sections()


def draw_charts(step: Step, snapshot: Snapshot) -> None:
    colours = dict(SDG.objects.values_list("code", "colour"))
    publication = step.build.publication
    snapshot.charts = draw_all(
        snapshot.figures,
        snapshot.texts,
        publication.language,
        colours,
        builder_of(publication).CHARTS,
    )
    with step.fenced():
        snapshot.save(update_fields=["charts"])


def written(step: Step, **which: Any) -> list[Artefact]:
    """The files that an earlier worker wrote."""
    files = Artefact.objects.filter(
        publication=step.build.publication_id, version=step.build.version, **which
    )
    return list(files)


def write_artefact(step: Step, snapshot: Snapshot, name: str) -> list[Artefact]:
    content = WRITERS[name](snapshot)
    return keep(step, [(Artefact(format=name), content)])


def keep(step: Step, files: list[tuple[Artefact, bytes]]) -> list[Artefact]:
    """Store files; their rows are written under the token, once all of them are complete.

    The name on disk contains the token: a worker that lost the step cannot touch another's file.
    """
    build = step.build
    folder = artefact_folder(build.publication_id, build.version)
    paths = []
    for number, (file, content) in enumerate(files, start=1):
        name = f"{folder}/{step.token}-{number}.{file.format}"
        path = default_storage.save(name, ContentFile(content))
        paths.append(path)
        file.publication, file.version = build.publication, build.version
        file.file.name, file.size = path, len(content)
        file.sha256 = hashlib.sha256(content).hexdigest()
    try:
        with step.fenced():
            return Artefact.objects.bulk_create(file for file, _content in files)
    except LeaseLostError:
        for path in paths:
            default_storage.delete(path)
        raise


FORMATS: dict[str, tuple[str, ...]] = {
    Step.Kind.PDF: ("pdf", "brief"),
    Step.Kind.DOCX: ("docx", "pptx"),
    Step.Kind.XLSX: ("xlsx",),
    Step.Kind.DATA: ("csv", "json"),
}
WORK: dict[str, Callable[[Step], str]] = {
    Step.Kind.SNAPSHOT: collect,
    Step.Kind.CHARTS: draw,
    Step.Kind.VOLUME: write_volume,
    **dict.fromkeys(FORMATS, write_files),
}
