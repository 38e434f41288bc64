"""Background work of the register; safe to run twice."""

import datetime

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from common import mail
from common.models import Change
from stocktaking.digests import send_to
from stocktaking.facets import RECORD_KIND
from stocktaking.models import Follow, Project, Upkeep, Word
from stocktaking.models.upkeep import PROJECTS_PER_MAIL, link, to_be_asked

OWNERS_A_DAY = 500  # so that a mail server is not flooded by twenty years of entries at once

# The beat calls every ten minutes; a little more, so that nothing falls between two calls.
RECENT = datetime.timedelta(minutes=12)
MEMBERS_AT_ONCE = 1000


@shared_task(name="stocktaking.refresh_words")
def refresh_words() -> None:
    """Count the words anew for “did you mean”, when projects have changed since the last call."""
    changed = Change.objects.filter(record_kind=RECORD_KIND, at__gte=timezone.now() - RECENT)
    if changed.exists() or not Word.objects.exists():
        Word.objects.refresh()


@shared_task(name="stocktaking.send_digests")
def send_digests() -> None:
    """One mail to each member about what is new in all that is due; later ones in an hour."""
    due = Follow.objects.due().order_by("user").values_list("user", flat=True).distinct()
    for user in list(due[:MEMBERS_AT_ONCE]):
        send_to(user)


@shared_task(name="stocktaking.ask_whether_correct")
def ask_whether_correct() -> None:
    """Once a day: one mail to each owner of entries past their date, with a link for each."""
    owners = to_be_asked().order_by("owner").values_list("owner", flat=True).distinct()
    for owner in list(owners[:OWNERS_A_DAY]):
        _ask(owner)


@transaction.atomic
def _ask(owner: int) -> None:
    due = to_be_asked().filter(owner=owner).select_related("owner").order_by("pk")
    projects: list[Project] = list(due.select_for_update(of=("self",))[:PROJECTS_PER_MAIL])
    if not projects:
        return
    rows = [{"project": project, "link": link(project)} for project in projects]
    mail.send("stocktaking/still_correct", projects[0].owner, {"rows": rows})
    for project in projects:
        Upkeep.objects.update_or_create(project=project, defaults={"asked_at": timezone.now()})
