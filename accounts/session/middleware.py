"""Middleware for requests of people who are signed in."""

import datetime
import time
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.second_factor.session import ask_for_second_factor, person_of
from common.dates.zones import geneva

Handler = Callable[[HttpRequest], HttpResponse]

PROGRAMS = "/api/"
SEEN_EVERY = 60  # seconds; a session is written at most once in this time


def is_signed_in(request: HttpRequest) -> bool:
    """Whether somebody is signed in; opens no session for readers who have none."""
    return (
        settings.SESSION_COOKIE_NAME in request.COOKIES
        and request.user.is_authenticated
    )


class PeopleMiddleware(AuthenticationMiddleware):
    """`request.user` is the person with the roles that hold in this session."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: person_of(request))  # type: ignore[assignment]


def session_limits(get_response: Handler) -> Handler:
    """End a session that was idle or has lasted too long (settings.SESSION_LIMITS)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if is_signed_in(request) and is_over(request, int(time.time())):
            logout(request)
            messages.info(
                request, _("You were signed out because the session had expired.")
            )
        return get_response(request)

    return middleware


def is_over(request: HttpRequest, now: int) -> bool:
    """Whether the session is past a limit at `now` (seconds since 1970); if not, store that it
    was seen."""
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
    """Show times by Geneva's clock on pages and in UTC to programs, never by a profile, so that
    all people read the same. Records with a time zone of their own set it (common.dates.admin,
    times)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        is_for_programs = request.path_info.startswith(PROGRAMS)
        with timezone.override(datetime.UTC if is_for_programs else geneva()):
            return get_response(request)

    return middleware


SIGN_IN_FIRST = "sign-in"  # in the address of a link in a mail


def sign_in_first(get_response: Handler) -> Handler:
    """Ask visitors to sign in where a page does not open for them.

    The answer is the same whether or not such a page exists.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        closed = response.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
        if closed and SIGN_IN_FIRST in request.GET and request.user.is_anonymous:
            query = request.GET.copy()
            del query[SIGN_IN_FIRST]
            place = f"{request.path}?{query.urlencode()}" if query else request.path
            return redirect_to_login(place)
        return response

    return middleware


class StaffDoor:
    """Close the admin to members, and to staff until their second factor is confirmed."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponseRedirect | None:
        match = request.resolver_match
        if (
            match is None
            or "admin" not in match.app_names
            or not request.user.is_authenticated
        ):
            return None
        if request.user.is_secretariat:
            return None
        if request.user.waits_for_second_factor:
            return ask_for_second_factor(request)
        raise PermissionDenied(_("This area is for the secretariat."))
