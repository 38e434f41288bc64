"""Requests of people who are signed in, and pages that only some roles may see."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.roles import Role
from accounts.second_factor import ask_for_second_factor


class SignedInRequest(HttpRequest):
    """A request behind @login_required or @role_required: its user is always a person."""

    user: User


def role_required(
    *roles: Role,
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Open a page to these roles; others are told whom it is for."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @login_required
        @wraps(view)
        def guarded(
            request: SignedInRequest, *args: Any, **kwargs: Any
        ) -> HttpResponse:
            user = request.user
            if not user.roles & set(roles):
                if user.granted_roles & set(roles):
                    return ask_for_second_factor(request)
                names = ", ".join(str(role.label) for role in roles)
                raise PermissionDenied(
                    _("This page is only for: %(roles)s.") % {"roles": names}
                )
            return view(request, *args, **kwargs)

        return guarded

    return decorate


class Switch(NamedTuple):
    """What a signed link in a mail can switch off: the mails about something."""

    about: Any
    off: Callable[[], object]
    again: str  # name of the page on which one switches it on again
    is_off: bool = False


def stops_mails(read: Callable[[str], Switch | None]) -> Callable[..., HttpResponse]:
    """The page of a signed link: asked by GET, for scanners open links, and done by POST.

    `read` says what the token means; None for a forged one is 404. Mail programs send the form
    themselves (RFC 8058), so it has no form token: the signature is the permission.
    """

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(read)
    def page(request: HttpRequest, token: str) -> HttpResponse:
        switch = read(token)
        if switch is None:
            raise Http404
        if request.method == "POST":
            switch.off()
        done = request.method == "POST" or switch.is_off
        context = {"about": switch.about, "again": reverse(switch.again), "done": done}
        return render(request, "account/unsubscribe.html", context)

    return page
