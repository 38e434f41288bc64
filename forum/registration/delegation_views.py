"""The page of a delegation: its members, and the form for one more."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.limits.throttle import throttled
from common.lists.paging import keyset_page
from common.moves.actors import SignedInRequest
from common.moves.workflow import MoveRefused
from forum.registration.delegation import Delegation
from forum.registration.delegation_forms import MemberForm
from forum.registration.models import Registration
from forum.registration.workflow import LIVE


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("forum-write", *settings.LIMITS["forum-write"], by="user", methods="POST")
def delegation(request: SignedInRequest, pk: int) -> HttpResponse:
    """Everybody who was registered, by whom, and the form for the next member."""
    delegation = get_object_or_404(
        Delegation.objects.visible_to(request.user).select_related("edition"), pk=pk
    )
    form = MemberForm(
        request.POST if request.method == "POST" else None,
        instance=Registration(edition=delegation.edition, delegation=delegation),
        delegation=delegation,
    )
    refusal = "" if delegation.takes_members() else _("Registration is closed.")
    if request.method == "POST" and not refusal and form.is_valid():
        refusal = _entered(request, form)
        if not refusal:
            return redirect(delegation)
    refused = bool(refusal) and request.method == "POST"
    status = 409 if refused else 400 if form.errors else 200
    context = page_of(request, delegation) | {
        "form": form,
        "refusal": refusal if refused else "",
        "is_open": delegation.takes_members() and not delegation.is_full,
    }
    template = "forum/registration/delegation.html"
    return render(request, template, context, status=status)


def _entered(request: SignedInRequest, form: MemberForm) -> str:
    """Register the member; returns why not, "" when it is done."""
    try:
        member = form.instance.enter(request.user)
    except MoveRefused as error:
        return str(error.message)
    except (
        ValidationError,
        IntegrityError,
    ):  # registered at the same moment, or before
        form.add_error("email", _("This person is already registered."))
        return _("This person is already registered.")
    place = member.place_in_waiting_list()
    if place:
        sentence = _("%(name)s waits as number %(place)d of the waiting list.")
        messages.warning(request, sentence % {"name": member.name, "place": place})
    else:
        messages.success(request, _("%(name)s is registered.") % {"name": member.name})
    return ""


def page_of(request: SignedInRequest, delegation: Delegation) -> dict[str, Any]:
    """The members, the latest first, with who registered each."""
    rows = Registration.objects.filter(delegation=delegation).with_registrar()
    focal_points = delegation.focal_points.select_related("user")  # type: ignore[attr-defined]
    return {
        "delegation": delegation,
        "edition": delegation.edition,
        "page": keyset_page(request, rows.order_by("-created_at", "-pk")),
        "live": LIVE,
        "focal_points": [row.user for row in focal_points],
    }
