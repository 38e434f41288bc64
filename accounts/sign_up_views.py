"""Signing up, with limits that a class or a conference behind one address does not meet."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from common.addresses import mailbox_of
from common.throttle import allow, client_ip, too_often

View = Callable[..., HttpResponseBase]


def limited(form: View) -> View:
    """A sign-up form of allauth; its own limit is off, for it cannot say how long to wait."""

    @wraps(form)
    def view(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        for scope, key in counted_by(request).items():
            verdict = allow(scope, key, *settings.LIMITS[scope])
            if not verdict.allowed:
                return too_often(request, verdict.retry_after)
        return form(request, **kwargs)

    return view


def counted_by(request: HttpRequest) -> dict[str, str]:
    """Limit → whose it is: the network's, and the mailbox's to which each sign-up sends a mail."""
    if request.method != "POST":
        return {}
    address = request.POST.get("email", "")
    mailbox = {"sign-up-mailbox": mailbox_of(address)} if "@" in address else {}
    return {"sign-up": client_ip(request)} | mailbox


sign_up = limited(views.signup)
sign_up_by_passkey = limited(views.signup_by_passkey)
