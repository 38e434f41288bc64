"""“Still correct”: by the link in a mail, without signing in, or by the owner on the page."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.mail.links import private
from common.moves.actors import SignedInRequest
from stocktaking.project.models import Project
from stocktaking.upkeep.models import Upkeep, is_ours, of_link


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The page of the link: mail scanners open links, so a button confirms."""
    project = of_link(token)
    if project is None:
        status = HTTPStatus.GONE if is_ours(token) else HTTPStatus.NOT_FOUND
        return render(
            request, "stocktaking/upkeep/confirm.html", {"project": None}, status=status
        )
    done = request.method == "POST"
    if done:
        Upkeep.objects.confirm(project, project.owner)
    context = {"project": project, "done": done}
    return private(render(request, "stocktaking/upkeep/confirm.html", context))


@login_required
@require_POST
def confirm_own(request: SignedInRequest, pk: int) -> HttpResponse:
    """The same for the owner who is signed in, who may also change how often they promise to
    check."""
    projects = Project.objects.of_owner(request.user).published()
    project = get_object_or_404(projects, pk=pk)
    upkeep = Upkeep.objects.confirm(project, request.user)
    rhythm = request.POST.get("rhythm", "")
    if rhythm in {str(value) for value in Upkeep.Rhythm.values}:
        upkeep.rhythm = int(rhythm)
        upkeep.save(update_fields=["rhythm"])
    messages.success(
        request, _("Thank you. The project is confirmed as still correct.")
    )
    return redirect(project)
