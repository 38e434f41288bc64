"""Sign-up, with limits that a class or conference behind one address does not reach."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views
from allauth.account.internal.flows.email_verification_by_code import (
    EMAIL_VERIFICATION_CODE_SESSION_KEY,
)
from allauth.account.views import email_verification_sent
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.limits.throttle import allow, client_ip, too_often
from common.mail.addresses import mailbox_of

View = Callable[..., HttpResponseBase]


def limited(form: View) -> View:
    """A sign-up form of allauth. Its own limit is off, because it cannot say how long to wait."""

    @wraps(form)
    def view(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        for scope, key in counted_by(request).items():
            verdict = allow(scope, key, *settings.LIMITS[scope])
            if not verdict.allowed:
                return too_often(request, verdict.retry_after)
        return form(request, **kwargs)

    return view


def counted_by(request: HttpRequest) -> dict[str, str]:
    """Limit → what it counts by: the network, and the mailbox that each sign-up writes to."""
    if request.method != "POST":
        return {}
    address = request.POST.get("email", "")
    mailbox = {"sign-up-mailbox": mailbox_of(address)} if "@" in address else {}
    return {"sign-up": client_ip(request)} | mailbox


sign_up = limited(views.signup)


def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Ends the session, and has the browser forget the pages it kept: on a shared phone nobody
    comes back to them by “Back”."""
    response = views.logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"cache"'
    return response


sign_up_by_passkey = limited(views.signup_by_passkey)


def mailed_code(request: HttpRequest) -> HttpResponse:
    """The page for the code in a mail; it says so when the code has expired."""
    state = request.session.get(EMAIL_VERIFICATION_CODE_SESSION_KEY)
    lasts = settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT
    if state and time.time() - state["at"] > lasts:
        minutes = lasts // 60
        text = ngettext(
            "The code has expired: it was valid for %(count)d minute.",
            "The code has expired: it was valid for %(count)d minutes.",
            minutes,
        ) % {"count": minutes}
        if request.user.is_authenticated:
            advice = _("Enter the new address again to get a new code.")
        else:
            advice = _(
                "Sign in with your e-mail address and password to get a new code."
            )
        messages.error(request, f"{text} {advice}")
    response: HttpResponse = email_verification_sent(request)
    return response
