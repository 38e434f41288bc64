"""Background work of the register; safe to run twice."""

import contextlib
import datetime
from functools import partial
from time import monotonic

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.fields.json import KT
from django.db.models.functions import Now
from django.utils import timezone, translation

from common import mail
from common.models import Change
from common.rows import one_by_one
from common.workflow import MoveRefused
from stocktaking.checks import screen
from stocktaking.desk_querysets import WAITING
from stocktaking.digests import send_to
from stocktaking.facets import RECORD_KIND
from stocktaking.import_jobs import work_at
from stocktaking.models import (
    Attachment,
    Batch,
    Claim,
    Follow,
    ImportJob,
    Project,
    Reminder,
    Revision,
    Screening,
    Upkeep,
    WebsiteCheck,
    Word,
)
from stocktaking.models.upkeep import PROJECTS_PER_MAIL, link, to_be_asked
from stocktaking.scanning import NoVerdictError
from stocktaking.websites import problem_of
from stocktaking.workflow import BY_DATE, Status

# The beat calls every ten minutes; a little more, so that nothing falls between two calls.
RECENT = datetime.timedelta(minutes=12)
MEMBERS_AT_ONCE = 1000
DIGEST_SECONDS = 200  # of one call; the task may take 300
SCREENED_AT_ONCE = 200
SCANNED_AT_ONCE = 50
VISITED_AT_ONCE = 20
RELEASED_AT_ONCE = 500
VISIT_AGAIN = datetime.timedelta(days=30)
REMINDED_AFTER = {  # days since an entry was returned
    Reminder.Kind.RETURNED_WEEKS: 21,
    Reminder.Kind.RETURNED_WEEK: 7,
}


@shared_task(name="stocktaking.refresh_words")
def refresh_words() -> None:
    """Count the words anew for “did you mean”, when projects have changed since the last call."""
    changed = Change.objects.filter(
        record_kind=RECORD_KIND, at__gte=timezone.now() - RECENT
    )
    if changed.exists() or not Word.objects.exists():
        Word.objects.refresh()


@shared_task(name="stocktaking.send_digests")
def send_digests() -> None:
    """One mail to each member about what is new in all that is due, each in a transaction of its
    own, for some minutes; the next call goes on with the members who are left."""
    until = monotonic() + DIGEST_SECONDS
    due = (
        Follow.objects.due().order_by("user").values_list("user", flat=True).distinct()
    )
    for user in list(due[:MEMBERS_AT_ONCE]):
        if monotonic() > until:
            break
        one_by_one([user], send_to, "stocktaking.send_digests")


@shared_task(name="stocktaking.ask_whether_correct")
def ask_whether_correct() -> None:
    """One mail to each owner of entries past their date, with a link for each; so many owners a
    run (settings.OWNERS_ASKED_AT_ONCE) that twenty years of entries flood no mail server."""
    owners = to_be_asked().order_by("owner").values_list("owner", flat=True).distinct()
    asked = list(owners[: settings.OWNERS_ASKED_AT_ONCE])
    one_by_one(asked, _ask, "stocktaking.ask_whether_correct")


@transaction.atomic
def _ask(owner: int) -> None:
    due = to_be_asked().filter(owner=owner).select_related("owner").order_by("pk")
    projects: list[Project] = list(
        due.select_for_update(of=("self",))[:PROJECTS_PER_MAIL]
    )
    if not projects:
        return
    mail.send(
        "stocktaking/still_correct",
        projects[0].owner,
        lambda: {"rows": [{"project": one, "link": link(one)} for one in projects]},
    )
    for project in projects:
        Upkeep.objects.update_or_create(
            project=project, defaults={"asked_at": timezone.now()}
        )


@shared_task(name="stocktaking.screen_waiting")
def screen_waiting() -> int:
    """Run the automatic checks over what waits and has changed since; returns how many."""
    due = Project.objects.unscreened().select_related("organisation__trust")
    projects = list(due[:SCREENED_AT_ONCE])
    with translation.override("en"):
        return one_by_one(projects, _screen, "stocktaking.screen_waiting")


@transaction.atomic
def _screen(project: Project) -> bool:
    return bool(screen(project))


@shared_task(name="stocktaking.visit_websites")
def visit_websites() -> int:
    """Have the websites of waiting entries visited that were not visited for a month."""
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
    """Ask one website and write down whether it answers; entries that name it are checked anew."""
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


@shared_task(name="stocktaking.work_on_batches")
def work_on_batches() -> int:
    """Go on with batches of the desk that are not finished; two workers share the entries."""
    worked_on = 0

    def work(batch: Batch) -> None:
        nonlocal worked_on
        worked_on += batch.work()

    one_by_one(Batch.objects.unfinished(), work, "stocktaking.work_on_batches")
    return worked_on


@shared_task(name="stocktaking.release_approved")
def release_approved() -> int:
    """Publish what was approved for a date that has come; returns how many."""
    due = Project.objects.to_be_released()[:RELEASED_AT_ONCE]
    return one_by_one(due, _release, "stocktaking.release_approved")


def _release(project: Project) -> bool:
    with contextlib.suppress(MoveRefused):  # another worker, or the owner, was first
        return bool(project.move("release", BY_DATE))
    return False


@shared_task(name="stocktaking.remind_of_returned")
def remind_of_returned() -> int:
    """Write to owners whose returned entry has lain for a week, and once more after three."""
    sent = 0
    later: tuple[Reminder.Kind, ...] = ()
    for (
        kind,
        days,
    ) in REMINDED_AFTER.items():  # the last one first: who missed two gets one
        since = Now() - datetime.timedelta(days=days)
        returned = Project.objects.filter(
            status=Status.RETURNED, returned_at__lte=since
        )
        waiting = Reminder.objects.missing(kind, "returned_at", returned, later)
        sent += one_by_one(
            waiting, partial(_remind, kind), "stocktaking.remind_of_returned"
        )
        later = (*later, kind)
    return sent


def _remind(kind: str, project: Project) -> bool:
    context = {"change": project.history().first()}
    return Reminder.objects.remind(kind, project, "stocktaking/reminder", context)


@shared_task(name="stocktaking.remind_staff")
def remind_staff() -> int:
    """Send the mails of dates that staff have set and that have come; returns how many."""
    Claim.objects.lapse()
    due = Reminder.objects.due().values_list("pk", flat=True)[:MEMBERS_AT_ONCE]
    return one_by_one(list(due), Reminder.objects.fire, "stocktaking.remind_staff")


@shared_task(name="stocktaking.scan_files", soft_time_limit=240, time_limit=270)
def scan_files() -> int:
    """Ask the virus scanner about files it has not judged; returns how many it has now."""
    if not settings.CLAMD_URL:
        return 0
    judged = 0
    for attachment in list(Attachment.objects.due()[:SCANNED_AT_ONCE]):
        try:
            attachment.scan_again()
        except NoVerdictError as error:
            if isinstance(error.__cause__, OSError):
                break  # nobody is there: the next minute asks again
        else:
            judged += 1
    return judged


@shared_task(name="stocktaking.run_import", soft_time_limit=900, time_limit=960)
def run_import(job_id: int) -> str:
    return work_at(job_id)


@shared_task(name="stocktaking.sweep_imports", soft_time_limit=30, time_limit=40)
def sweep_imports() -> int:
    """Ring for imports whose bell or worker was lost; one bell too many is harmless."""
    waiting = list(ImportJob.objects.waiting()[:20])
    for job in waiting:
        run_import.apply_async((job.pk,), expires=25)
    return len(waiting)
