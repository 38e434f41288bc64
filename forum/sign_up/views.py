"""The buttons by which one signs up for a session, and withdraws."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.limits.throttle import throttled
from common.moves.actors import SignedInRequest
from common.moves.workflow import MoveRefused
from forum.agenda.models import ReleasedSession
from forum.agenda.views import warn_of_clash
from forum.sign_up.models import SignUpList
from forum.sign_up.showing import registration_of


@login_required
@require_POST
@throttled("forum-star", *settings.LIMITS["forum-star"], by="user")
def sign_up(request: SignedInRequest, pk: int) -> HttpResponse:
    """Sign up for a session, or withdraw (`act` is `leave`); then return to the page."""
    rows = SignUpList.objects.select_related("session__released__edition")
    row = get_object_or_404(rows.filter(session__released__isnull=False), session=pk)
    released: ReleasedSession = row.session.released
    registration = registration_of(released, request.user)
    if registration is None:
        messages.error(request, _("Register for the Forum first."))
    elif request.POST.get("act") == "leave":
        if row.leave(registration):
            messages.success(request, _("You have withdrawn from this session."))
    else:
        try:
            own = row.enter(registration, released)
        except MoveRefused as error:
            messages.error(request, str(error.message))
        else:
            place = own.place_in_list()
            if place:
                sentence = _(
                    "All places are taken: you are number %(place)d who waits."
                )
                messages.warning(request, sentence % {"place": place})
            else:
                messages.success(request, _("You have a place in this session."))
            warn_of_clash(request, pk)
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        back, {request.get_host()}, request.is_secure()
    )
    return redirect(back if back and safe else released.get_absolute_url())
