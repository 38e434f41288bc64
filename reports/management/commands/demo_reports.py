"""Builds a report and a state document from the real data, for a demonstration."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.role.roles import Role
from accounts.user.models import User
from reports.build.job import work_through
from reports.publication.models import Publication, today
from reports.publication.workflow import Status

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
    return publications


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
