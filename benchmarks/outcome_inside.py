"""Measured inside one process: each step of an outcome document with 250 reports.

All rows are made in a transaction that is rolled back; the database stays as it is.
"""

import os
import time

import django

django.setup()

from django.db import transaction
from django.utils import timezone, translation

from benchmarks.forum_inside import programme, words
from benchmarks.preparing import FACTOR
from forum.outcome.calls import ChairSummary
from forum.outcome.models import OutcomeReport
from forum.session.models import Session
from reference.action_line.models import SDG
from reports.build.taking import taken
from reports.builders.checks import require_agreement
from reports.builders.series import builder_of
from reports.charts.drawing import draw_all
from reports.output.writers import WRITERS
from reports.publication.models import Publication

WORDS_OF_PARTS = {"summary": 300, "outcomes": 120, "challenges": 60, "outlook": 60}
FORMATS = ("pdf", "docx", "xlsx", "csv", "json")
factor = float(os.environ[FACTOR])


def say(name: str, seconds: float, more: str = "") -> None:
    print(f"{name:<24}{seconds:>8.1f} s{seconds / factor:>8.1f} ÷  {more}", flush=True)


def publication() -> Publication:
    """The request for the document of an edition in which each session has a report."""
    edition = programme()
    OutcomeReport.objects.bulk_create(
        OutcomeReport(
            session=session,
            handed_in_at=timezone.now(),
            on_site=number,
            remote=number,
            by_machine=number % 10 == 0,
            **{
                name: "\n\n".join(words(number + n, count // 3) for n in range(3))
                for name, count in WORDS_OF_PARTS.items()
            },
        )
        for number, session in enumerate(Session.objects.filter(edition=edition))
    )
    ChairSummary.objects.create(edition=edition, text=words(1, 900))
    return Publication.objects.create(series="forum_outcome", edition=edition)


def measure() -> None:
    wanted = publication()
    began = time.monotonic()
    with translation.override(wanted.language):
        snapshot = taken(wanted, 1, None)
        require_agreement(snapshot.figures, snapshot.entries)
        snapshot.save_with_pages()
        snapshot.copy_records(("reports", 0, entry) for entry in snapshot.entries)
        say("figures and texts", time.monotonic() - began)
        at = time.monotonic()
        colours = dict(SDG.objects.values_list("code", "colour"))
        charts = builder_of(wanted).CHARTS
        snapshot.charts = draw_all(
            snapshot.figures, snapshot.texts, wanted.language, colours, charts
        )
        say("charts", time.monotonic() - at)
        for name in FORMATS:
            at = time.monotonic()
            content = WRITERS[name](snapshot)
            say(name, time.monotonic() - at, f"{len(content) / 1024:.0f} KB")
    say("all", time.monotonic() - began, f"{snapshot.figures['reports']} reports")


if __name__ == "__main__":
    with transaction.atomic():
        measure()
        transaction.set_rollback(True)
