"""Asks owners once a year whether their projects are still correct; safe to run twice."""

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from common.jobs.rows import one_by_one
from common.mail import outbox
from stocktaking.project.models import Project
from stocktaking.upkeep.models import PROJECTS_PER_MAIL, Upkeep, link, to_be_asked


@shared_task(name="stocktaking.ask_whether_correct")
def ask_whether_correct() -> None:
    """One mail to each owner with due projects, with a link for each; a limited number of owners
    a run (settings.OWNERS_ASKED_AT_ONCE), so that twenty years of projects do not flood the mail
    server."""
    owners = to_be_asked().order_by("owner").values_list("owner", flat=True).distinct()
    due = list(owners[: settings.OWNERS_ASKED_AT_ONCE])
    one_by_one(due, _ask, "stocktaking.ask_whether_correct")


@transaction.atomic
def _ask(owner: int) -> None:
    due = to_be_asked().filter(owner=owner).select_related("owner").order_by("pk")
    projects: list[Project] = list(
        due.select_for_update(of=("self",))[:PROJECTS_PER_MAIL]
    )
    if not projects:
        return
    outbox.send(
        "stocktaking/still_correct",
        projects[0].owner,
        lambda: {"rows": [{"project": one, "link": link(one)} for one in projects]},
    )
    for project in projects:
        Upkeep.objects.update_or_create(
            project=project, defaults={"asked_at": timezone.now()}
        )
