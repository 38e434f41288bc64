"""Measured with real workers on a seeded register: whole reports, their steps and their memory."""

import html
import importlib
import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django

django.setup()

from django.contrib.auth.models import Group
from django.db.models import F
from django.utils import translation

from accounts.role.roles import Role
from accounts.user.models import User
from benchmarks.preparing import FACTOR
from reference.country.models import Region
from reports.build.models import Build, Step
from reports.build.tasks import sweep
from reports.builders.scope import INTERNATIONAL
from reports.output.models import Snapshot
from reports.publication.models import Publication
from reports.volume.making import piece

CELERY = (sys.executable, "-m", "celery", "-A", "wsis_portal", "worker")
LOOK = 0.2  # seconds between two looks
SAMPLE = 100  # projects that are printed both ways
MEGABYTE = 1024  # KiB

factor = float(os.environ[FACTOR])


def say(name: str, seconds: float, more: str = "") -> None:
    print(f"{name:<44}{seconds:>8.1f} s{seconds / factor:>8.1f} ÷  {more}", flush=True)


# --- workers ------------------------------------------------------------------------------------
@contextmanager
def workers(queue: str, at_once: int) -> Iterator[subprocess.Popen[bytes]]:
    options = ["-Q", queue, "-n", f"{queue}@bench", "-c", str(at_once)]
    more = ["--max-memory-per-child", "800000", "--loglevel", "error", "--beat"]
    quiet = subprocess.DEVNULL
    command = [*CELERY, *options, *(more if queue == "volumes" else more[:-1])]
    process = subprocess.Popen(
        command, stdout=quiet, stderr=quiet, start_new_session=True
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def peaks(parent: int) -> dict[int, int]:
    """MiB of each process of a worker at its highest."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "status").read_text()
        except OSError:
            continue
        words = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
        if parent in {int(words["Pid"]), int(words["PPid"])} and "VmHWM" in words:
            found[int(words["Pid"])] = int(words["VmHWM"].split()[0]) // MEGABYTE
    return found


# --- reports ------------------------------------------------------------------------------------
def officer() -> User:
    """Somebody of the secretariat."""
    user, _made = User.objects.get_or_create(email="bench@seed.example")
    user.groups.add(Group.objects.get_or_create(name=Role.SECRETARIAT.value)[0])
    return user


def requested(**fields: Any) -> Build:
    publication = Publication.objects.create(requested_by=officer(), **fields)
    build = publication.move("build", officer()).build()
    assert build is not None  # noqa: S101
    sweep()
    return build


def wait(builds: list[Build], look: Callable[[], None] = lambda: None) -> None:
    """Until all of them have ended; a report that failed ends the measurement."""
    rows = Build.objects.filter(pk__in=[build.pk for build in builds])
    while rows.live().exists():
        look()
        time.sleep(LOOK)
    wrong = rows.exclude(state="done").values_list("error", flat=True)
    assert not wrong, list(wrong)  # noqa: S101


def whole_register(at_once: int, with_small_one: bool) -> float:
    """Seconds for the report on all projects, by so many workers for its volumes."""
    highest: dict[int, int] = {}
    with workers("reports", 2) as others, workers("volumes", at_once) as heavy:
        warm()
        began = time.monotonic()
        build = requested()
        small: list[Build] = []

        def look() -> None:
            for parent in (others.pid, heavy.pid):
                highest.update(peaks(parent))
            busy = build.steps.filter(kind="volume", state="running").count() >= at_once
            if with_small_one and busy and not small:
                small.append(requested(from_year=2003, to_year=2003))

        wait([build], look)
        seconds = time.monotonic() - began
        wait(small)
    volumes = build.publication.artefacts.filter(volume__gt=0)
    pages = [file.pages or 0 for file in volumes]
    say(
        f"13,240 projects, {at_once} for the volumes",
        seconds,
        f"{len(pages)} volumes, {sum(pages)} pages, at most {max(pages)}; "
        f"peak {max(highest.values())} MB",
    )
    times = dict.fromkeys(Step.Kind.values, 0.0)
    for step in build.steps.all():
        times[step.kind] += lasted(step)
    print("   steps:", ", ".join(f"{kind} {took:.1f}" for kind, took in times.items()))
    say(
        "  of it the report without the directory",
        times["snapshot"] + times["charts"] + times["pdf"],
    )
    for one in small:
        first = one.steps.get(kind="snapshot")
        assert first.started_at is not None  # noqa: S101
        waited = (first.started_at - first.created_at).total_seconds()
        say("  a small report waits meanwhile", waited)
        one.refresh_from_db()
        assert one.finished_at is not None  # noqa: S101
        say("  and is ready after", (one.finished_at - one.created_at).total_seconds())
    return seconds


def lasted(step: Step) -> float:
    assert step.started_at is not None  # noqa: S101
    assert step.finished_at is not None  # noqa: S101
    return (step.finished_at - step.started_at).total_seconds()


def warm() -> None:
    """The workers have begun: a report about nothing is built."""
    wait([requested(from_year=2003, to_year=2003)])


def six_regions() -> None:
    with workers("reports", 2), workers("volumes", 2):
        warm()
        began = time.monotonic()
        regions = Region.objects.exclude(code=INTERNATIONAL)
        builds = [requested(series="regional", region=region) for region in regions]
        wait(builds)
        say(f"{len(builds)} regional reports", time.monotonic() - began)


# --- the same through WeasyPrint ----------------------------------------------------------------
def beside_weasyprint() -> None:
    snapshot = Snapshot.objects.exclude(volumes=[]).order_by("pk").first()
    assert snapshot is not None  # noqa: S101
    records = snapshot.records.filter(volume=1).order_by(F("position"))[:SAMPLE]
    entries = [record.content for record in records]
    with translation.override("en"):
        piece(snapshot, snapshot.volumes[0], entries[:1])  # fonts are read once
        began = time.monotonic()
        ours = piece(snapshot, snapshot.volumes[0], entries)
        typst = time.monotonic() - began
    say(f"{SAMPLE} projects by Typst", typst, f"{ours.pages} pages")
    if importlib.util.find_spec("weasyprint") is None:
        print("WeasyPrint is not installed: no comparison")
        return
    weasyprint = importlib.import_module("weasyprint")
    began = time.monotonic()
    document = weasyprint.HTML(string=page_of(entries)).render(pdf_variant="pdf/ua-1")
    document.write_pdf(pdf_variant="pdf/ua-1")
    theirs = time.monotonic() - began
    say(f"{SAMPLE} projects by WeasyPrint", theirs, f"{len(document.pages)} pages")
    print(f"   {theirs / typst:.1f} times as long")


def page_of(entries: list[dict[str, Any]]) -> str:
    """The same projects and the same index as a page."""
    escape = html.escape
    projects = "".join(
        f'<h3 lang="{one["language"]}">{escape(one["title"])}</h3>'
        f"<p>{one['number']} · {escape(one['organization'])} · {escape(one['country'])}</p>"
        f'<p lang="{one["language"]}">{escape(one["summary"])}</p>'
        for one in entries
    )
    rows = "".join(
        f"<tr><td>{one['number']}</td><td>{escape(one['title'])}</td>"
        f"<td>{one['main_action_line']}</td><td>{escape(one['country'])}</td></tr>"
        for one in entries
    )
    style = "@page {size: A4} body {font: 9.5pt 'Noto Sans'} table {font-size: 8pt}"
    return (
        f'<html lang="en"><head><title>Volume</title><style>{style}</style></head>'
        f"<body><h1>Volume</h1>{projects}<table>{rows}</table></body></html>"
    )


if __name__ == "__main__":
    print("seconds, and divided by the factor of this machine")
    two = whole_register(2, with_small_one=True)
    one = whole_register(1, with_small_one=False)
    print(f"   two workers are {one / two:.2f} × as quick as one")
    six_regions()
    beside_weasyprint()
