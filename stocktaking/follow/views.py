"""Saved searches and follows: the member's page, and unsubscribing from a mail."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.notification.unsubscribe import Switch, stops_mails
from accounts.user.models import User
from common.moves.actors import SignedInRequest
from common.text.digits import whole_number
from stocktaking.follow.digests import name_of
from stocktaking.follow.models import (
    MAX_FOLLOWS,
    MAX_QUERY,
    Follow,
    Rhythm,
    latest_position,
)
from stocktaking.organization.models import Organization
from stocktaking.project.models import Project
from stocktaking.search.filters import ProjectSearch


@login_required
@require_safe
def follows(request: SignedInRequest) -> HttpResponse:
    """All that this member follows, with a switch and a frequency each."""
    rows = [
        {"follow": row, "name": name_of(row)} for row in Follow.objects.of(request.user)
    ]
    context = {"rows": rows, "rhythms": Rhythm.choices, "limit": MAX_FOLLOWS}
    return render(request, "stocktaking/follow/follows.html", context)


@login_required
@require_POST
def follow_add(request: SignedInRequest) -> HttpResponse:
    """Follow one thing; following it twice changes nothing."""
    thing = _thing(request)
    with transaction.atomic():
        User.objects.select_for_update().get(
            pk=request.user.pk
        )  # the limit holds for two at once
        follows = Follow.objects.filter(user=request.user)
        if not follows.filter(**thing).exists():
            if follows.count() >= MAX_FOLLOWS:
                messages.error(
                    request,
                    _(
                        "You can follow at most %(limit)d things. Stop following one first."
                    )
                    % {"limit": MAX_FOLLOWS},
                )
                return redirect("stocktaking:follows")
            position = dict(
                zip(("transaction", "change_id"), latest_position(), strict=True)
            )
            Follow.objects.create(user=request.user, **thing, **position)
    messages.success(request, _("We will send you an e-mail when there is news."))
    return redirect("stocktaking:follows")


def _thing(request: HttpRequest) -> dict[str, Any]:
    """What the form names: a project, an organization, or a search in its shortest form."""
    project, organization = (
        request.POST.get("project", ""),
        request.POST.get("organization", ""),
    )
    if project or organization:
        pk = whole_number(project or organization)
        if pk is None:
            raise Http404
        if project:
            followed: Any = get_object_or_404(Project.objects.published(), pk=pk)
            return {"query": "", "organization": None, "project": followed}
        followed = get_object_or_404(Organization.objects.filter(successor=None), pk=pk)
        return {"query": "", "organization": followed, "project": None}
    query = ProjectSearch(QueryDict(request.POST.get("query", "")[:MAX_QUERY])).query
    if len(query) > MAX_QUERY:
        raise Http404
    return {"query": query, "organization": None, "project": None}


@login_required
@require_POST
def follow_change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Set the frequency, turn the mails on or off, or stop following."""
    follow = get_object_or_404(Follow.objects.of(request.user), pk=pk)
    if "end" in request.POST:
        follow.delete()
        messages.success(request, _("You no longer follow this."))
        return redirect("stocktaking:follows")
    if request.POST.get("rhythm") in Rhythm.values:
        follow.rhythm = request.POST["rhythm"]
    follow.is_on = "is_on" in request.POST
    follow.save(update_fields=["rhythm", "is_on"])
    messages.success(request, _("Your choice was saved."))
    return redirect("stocktaking:follows")


@stops_mails
def follow_stop(token: str) -> Switch | None:
    """Unsubscribe from one follow by the link in a mail."""
    follow = Follow.objects.signed(token)
    if follow is None:
        return None
    return Switch(name_of(follow), follow.stop, "stocktaking:follows", not follow.is_on)
