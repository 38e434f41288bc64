"""What holds for every request of a person who is signed in."""

import time
from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

Handler = Callable[[HttpRequest], HttpResponse]

SEEN_EVERY = 60  # seconds; a session is written at most once in this time


def is_signed_in(request: HttpRequest) -> bool:
    """Whether somebody is signed in, without opening a session for readers who have none."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated


def session_limits(get_response: Handler) -> Handler:
    """End a session that was idle, or has lasted, for too long (settings.SESSION_LIMITS)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if is_signed_in(request) and is_over(request, int(time.time())):
            logout(request)
            messages.info(request, _("You were signed out because the session had ended."))
        return get_response(request)

    return middleware


def is_over(request: HttpRequest, now: int) -> bool:
    """Whether the session is past a limit at `now` (seconds since 1970); else note it was seen."""
    kind = "staff" if request.user.is_staff else "member"  # type: ignore[union-attr]  # signed in
    idle, total = settings.SESSION_LIMITS[kind]
    session = request.session
    if "started_at" not in session:
        session["started_at"] = session["seen_at"] = now
    if now - session["started_at"] > total or now - session["seen_at"] > idle:
        return True
    if now - session["seen_at"] >= SEEN_EVERY:
        session["seen_at"] = now
    return False


def time_zone(get_response: Handler) -> Handler:
    """Show times in the reader's own time zone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not is_signed_in(request):
            return get_response(request)
        with timezone.override(request.user.time_zone):  # type: ignore[union-attr]  # signed in
            return get_response(request)

    return middleware


class StaffDoor:
    """The admin: not there for members, and only with a second factor for staff."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseRedirect | None:
        match = request.resolver_match
        if match is None or "admin" not in match.app_names or not request.user.is_authenticated:
            return None
        if not request.user.is_staff:
            raise Http404
        if settings.REQUIRE_STAFF_MFA and not is_mfa_enabled(request.user):
            messages.warning(
                request,
                _("Set up an authenticator app or a passkey first: staff sign in with two steps."),
            )
            return redirect("mfa_index")
        return None
