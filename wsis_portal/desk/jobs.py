"""All work in the background on one page: how far it is, what went wrong, stop and try again."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.personal_data.models import DataExport
from accounts.user.models import User
from common.imports.models import ImportJob
from common.jobs.models import Job
from common.moves.workflow import MoveRefused
from common.text.digits import whole_number
from forum.printing.models import PrintJob
from forum.release.models import ReleaseJob
from prizes.result.verification import Verification
from reports.build.models import Build
from stocktaking.batch.models import Batch

SHOWN = 50  # of each kind: what is under way, and what ended last
STOP, RETRY = "cancel", "retry"


class Kind(NamedTuple):
    """Jobs of one table. `page`: whether staff may open the page of such a job."""

    name: str
    title: Any
    rows: models.QuerySet[Any]
    permission: str
    page: bool = True


def kinds() -> list[Kind]:
    return [
        Kind(
            "reports",
            gettext_lazy("Reports"),
            Build.objects.select_related("publication"),
            "reports.view_build",
        ),
        Kind(
            "imports",
            gettext_lazy("Imports"),
            ImportJob.objects.exclude(state=ImportJob.State.NEW),
            "common.view_importjob",
        ),
        Kind(
            "batches",
            gettext_lazy("Batches"),
            Batch.objects.all(),
            "stocktaking.view_batch",
        ),
        Kind(
            "releases",
            gettext_lazy("Releases of the agenda"),
            ReleaseJob.objects.select_related("edition"),
            "forum.view_releasejob",
        ),
        Kind(
            "printing",
            gettext_lazy("Print jobs of the Forum"),
            PrintJob.objects.select_related("edition"),
            "forum.view_printjob",
        ),
        Kind(
            "verifications",
            gettext_lazy("Verifications of votes"),
            Verification.objects.select_related("contest"),
            "prizes.view_verification",
        ),
        Kind(
            "copies",
            gettext_lazy("Copies of personal data"),
            DataExport.objects.select_related("user"),
            "accounts.view_dataexport",
            page=False,
        ),
    ]


class Shown(NamedTuple):
    kind: Kind
    job: Job


def jobs_for(user: User | AnonymousUser, state: str) -> list[Shown]:
    """Jobs in this state ("" for all) of the kinds that the person may see, the last first."""
    jobs = [
        shown
        for kind in kinds()
        if user.has_perm(kind.permission)
        for shown in _jobs_of(kind, state)
    ]
    return sorted(jobs, key=lambda shown: shown.job.created_at, reverse=True)


def _jobs_of(kind: Kind, state: str) -> Iterator[Shown]:
    rows = kind.rows.filter(state=state) if state else kind.rows
    for job in rows.order_by("-created_at", "-pk")[:SHOWN]:
        yield Shown(kind, job)


def act(request: HttpRequest) -> HttpResponse:
    """Stop a job, or have it done again; the sentence says what follows."""
    name = request.POST.get("kind", "")
    kind = next((kind for kind in kinds() if kind.name == name), None)
    number = whole_number(request.POST.get("job", ""))
    if kind is None or number is None:
        raise Http404
    if not request.user.has_perm(kind.permission):
        raise PermissionDenied
    job = get_object_or_404(kind.rows, pk=number)
    wanted = request.POST.get("act")
    done = False
    try:
        with transaction.atomic():
            if wanted == STOP:
                done = job.stop(request.user)
            elif wanted == RETRY and job.can_be_retried:
                done = job.retry(request.user)
    except (MoveRefused, IntegrityError):
        done = False
    if not done:
        messages.error(request, _("This is not possible now."))
    elif wanted == STOP:
        messages.success(request, _("The work was stopped."))
    else:
        messages.success(request, _("The work begins again within a minute."))
    return redirect("admin:jobs")


def states() -> list[tuple[str, Any]]:
    """The states that the page can be narrowed to."""
    return [("", _("All")), *Job.State.choices]
