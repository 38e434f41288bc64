"""The page of a release under way: how far it is, cancel, try again; then the release itself."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.session.requests import secretariat_only
from common.moves.actors import SignedInRequest
from common.text.digits import BIGGEST_ID
from forum.agenda.models import AgendaRelease
from forum.release.models import ReleaseJob
from forum.release.tasks import release_agendas


@secretariat_only
@require_http_methods(["GET", "HEAD", "POST"])
def release_job(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """How far it is; once it is done, the way leads to the page of the release."""
    rows = ReleaseJob.objects.select_related("edition", "by", "agenda__edition")
    rows = rows.defer("agenda__content", "agenda__changes")
    job = get_object_or_404(rows, pk=min(pk, BIGGEST_ID), edition__slug=slug)
    if request.method == "POST":
        return _act(request, job)
    if job.agenda and job.state == job.State.DONE:
        return _to_release(request, job.agenda)
    return render(request, "forum/release/job.html", {"job": job})


def _to_release(request: SignedInRequest, release: AgendaRelease) -> HttpResponse:
    """A redirect that a page follows as a whole, also when a part of it has asked."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": release.get_absolute_url()})
    return redirect(release)


def _act(request: SignedInRequest, job: ReleaseJob) -> HttpResponse:
    act = request.POST.get("act", "")
    if act == "cancel":
        if job.stop(request.user):
            messages.success(request, _("Cancelled. Nothing was released."))
        else:
            messages.error(request, _("It is over already."))
    elif act == "retry":
        _retry(request, job)
    else:
        raise Http404
    return redirect(job)


def _retry(request: SignedInRequest, job: ReleaseJob) -> None:
    try:
        with transaction.atomic():
            done = job.retry(request.user)
    except IntegrityError:  # another one of the edition is at work
        done = False
    if done:
        release_agendas.delay_on_commit()  # type: ignore[attr-defined]  # of PortalTask
    else:
        messages.error(request, _("This is not possible now."))
