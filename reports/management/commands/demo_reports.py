"""Builds a report and a state document from the real data, for a demonstration."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.role.roles import Role
from accounts.user.models import User
from reports.asking.models import GRACE, Contribution
from reports.build.job import work_through
from reports.publication.models import Publication, today
from reports.publication.workflow import Status
from reports.report.arranging import add_block
from reports.report.kinds import BlockKind, SectionKind
from reports.report.models import Block, Report
from reports.report.segments import Segment

ASKS, APPROVES = (
    f"{Role.SECRETARIAT}@demo.example",
    f"{Role.ADMINISTRATOR}@demo.example",
)
OWN_STATUSES = frozenset({Status.DRAFT, Status.BUILDING, Status.READY, Status.APPROVED})
SECONDS_BETWEEN_LOOKS = 1


class Command(BaseCommand):
    help = "Builds and publishes a global report and a state of the roadmap (only with DEMO=1)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Reports are only published unasked when DEMO=1 is set.")
        for publication in map(finish, first_publications()):
            self.stdout.write(f"{publication}: {publication.get_status_display()}")


def is_complete() -> bool:
    """Whether nothing is left to build or to publish."""
    series = Publication.objects.filter(language="en", series__in=SCOPES)
    made = series.exclude(status__in=OWN_STATUSES).values("series").distinct()
    return made.count() == len(SCOPES)


SCOPES: dict[str, dict[str, Any]] = {
    Publication.Series.GLOBAL: {},
    Publication.Series.ROADMAP_STATE: {"as_of": today},
}


def first_publications() -> list[Publication]:
    """The first publication of each series: created when missing, found again after a kill."""
    publications = []
    for series, scope in SCOPES.items():
        publication = (
            Publication.objects.filter(series=series, language="en")
            .order_by("pk")
            .first()
        )
        if publication is None:
            values = {name: value() for name, value in scope.items()}
            publication = Publication.objects.create(
                series=series, language="en", **values
            )
        publications.append(publication)
        if publication.report and publication.status == Status.DRAFT:
            write_texts(publication.report)
    return publications


FOREWORD = """\
The Stocktaking database holds **{{total}} projects** of {{organizations}} organizations from
{{countries}} countries. Each of these numbers is counted when the report is built, and leads to
the list behind it.

This foreword is a demonstration: it shows what an editor can write."""
QUOTE = "Whoever looks for an idea finds somebody who has tried it."
CONTRIBUTION = """\
{{count: line=C3}} projects name this action line. What a facilitator reports stands here, in
their own words.

- It was asked for by e-mail and written behind a link, without an account.
- An editor has accepted it."""


@transaction.atomic
def write_texts(report: Report) -> None:
    """An edited foreword, a quotation and the text of a facilitator; nothing is written twice."""
    foreword = report.sections.filter(kind=SectionKind.FOREWORD).first()
    chapter = report.sections.filter(action_line="C3").first()
    written = Segment.objects.filter(block__section__report=report)
    if foreword is None or chapter is None or written.exists():
        return
    editor = User.objects.get(email=ASKS)
    foreword.blocks.get().write("text", "en", FOREWORD, editor)
    quote = add_block(foreword, BlockKind.QUOTE)
    quote.write("text", "en", QUOTE, editor)
    quote.write("attribution", "en", "A reader (demonstration)", editor)
    contribute(add_block(chapter, BlockKind.CONTRIBUTION), editor)


def contribute(block: Block, editor: User) -> None:
    """A text that was asked for, sent and accepted; no mail is written."""
    now = timezone.now()
    asked = Contribution.objects.create(
        block=block,
        name="Demo Facilitator",
        email="facilitator@demo.example",
        agency="UNESCO (demonstration)",
        language="en",
        question="What was reached on this action line?",
        deadline=now.date(),
        ends_on=now.date() + GRACE,
        by=editor,
        text=CONTRIBUTION,
        opened_at=now,
        sent_at=now,
        accepted_at=now,
        accepted_by=editor,
    )
    block.settings = {"author": asked.agency}
    block.save(update_fields=["settings"])
    block.write("text", "en", CONTRIBUTION, None)


def finish(publication: Publication) -> Publication:
    """Continue from its present state; waits for a worker that has the build already."""
    officer = User.objects.get(email=ASKS)
    approver = User.objects.get(email=APPROVES)
    if publication.status == Status.DRAFT:
        publication = publication.move("build", officer)
    while publication.status == Status.BUILDING:
        build = publication.build()
        if build:
            work_through(build.pk)
        publication.refresh_from_db()
        if publication.status == Status.BUILDING:
            time.sleep(SECONDS_BETWEEN_LOOKS)
    if publication.status == Status.READY:
        publication = publication.move("approve", approver)
    if publication.status == Status.APPROVED:
        publication = publication.move("publish", approver)
    return publication
