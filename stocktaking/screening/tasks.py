"""Findings for the reviewers, and visits to the websites of projects; safe to run twice."""

import datetime

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import Q
from django.db.models.fields.json import KT
from django.utils import timezone, translation

from common.jobs.rows import one_by_one
from stocktaking.base.workflow import WAITING
from stocktaking.project.models import Project
from stocktaking.revision.models import Revision
from stocktaking.screening.checks import screen
from stocktaking.screening.models import Screening, WebsiteCheck
from stocktaking.screening.websites import problem_of

SCREENED_AT_ONCE = 200


VISITED_AT_ONCE = 20


VISIT_AGAIN = datetime.timedelta(days=30)


@shared_task(name="stocktaking.screen_waiting")
def screen_waiting() -> int:
    """Run the automatic checks over what waits and has changed; returns how many."""
    due = Project.objects.unscreened().select_related("organization__trust")
    projects = list(due[:SCREENED_AT_ONCE])
    with translation.override("en"):
        return one_by_one(projects, _screen, "stocktaking.screen_waiting")


@transaction.atomic
def _screen(project: Project) -> bool:
    return bool(screen(project))


@shared_task(name="stocktaking.visit_websites")
def visit_websites() -> int:
    """Start visits to websites of waiting projects that were not visited for a month."""
    fresh = WebsiteCheck.objects.filter(at__gte=timezone.now() - VISIT_AGAIN).values(
        "url"
    )
    waiting = Project.objects.filter(status__in=WAITING).exclude(website="")
    urls = (
        waiting.exclude(website__in=fresh).order_by().values_list("website", flat=True)
    )
    new = (
        Revision.objects.at_desk()
        .annotate(website=KT("content__website"))
        .exclude(website="")
    )
    changed = (
        new.exclude(website__in=fresh).order_by().values_list("website", flat=True)
    )
    due = list(
        dict.fromkeys([*urls.distinct()[:VISITED_AT_ONCE], *changed[:VISITED_AT_ONCE]])
    )
    for url in due:
        visit_website.apply_async((url,), expires=50)
    return len(due)


@shared_task(name="stocktaking.visit_website", soft_time_limit=20, time_limit=30)
def visit_website(url: str) -> bool:
    """Visit one website and store whether it answers; projects that name it are checked again."""
    try:
        with translation.override("en"):
            problem = problem_of(url)
    except SoftTimeLimitExceeded:
        problem = "It took too long to answer."
    values = {"alive": not problem, "problem": problem[:200]}
    WebsiteCheck.objects.update_or_create(url=url, defaults=values)
    new = Revision.objects.at_desk().filter(content__website=url).values("project")
    Screening.objects.filter(Q(project__website=url) | Q(project__in=new)).update(
        seen=None
    )
    return not problem
