"""The record of a sign-in: method, device, and how long it lasts."""

import time
from typing import Any

from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
)
from allauth.usersessions.models import UserSession
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.sign_in.models import SignIn
from accounts.user.models import User

CHOSEN_EXPIRY = "_session_expiry"  # Django's own key; the sign-in form sets it
PROVED = ("password", "mfa")


def end_with_the_browser(request: HttpRequest) -> None:
    """Without “Remember me” a session ends with the browser, whatever the method of signing in.

    The password form has a box of its own for it; a passkey has no such form.
    """
    if CHOSEN_EXPIRY not in request.session:
        request.session.set_expiry(0)


def note(request: HttpRequest, user: User, ip: str) -> None:
    """Record the sign-in; somebody who has just proved their identity is not asked again at
    once."""
    method = method_of(request, user)
    SignIn.objects.create(
        user=user,
        ip=ip or None,
        user_agent=request.META.get("HTTP_USER_AGENT", "")[:200],
        method=method,
    )
    UserSession.objects.filter(session_key=request.session.session_key).update(
        data={"method": method}
    )
    records = get_authentication_records(request, user)
    proofs = [record for record in records if record.get("method") in PROVED]
    if proofs:
        proofs[-1] |= {"reauthenticated": True, "at": time.time()}
        request.session[AUTHENTICATION_METHODS_SESSION_KEY] = records


def method_of(request: HttpRequest, user: User) -> str:
    """The strongest method used in this sign-in (SignIn.Method)."""
    records = get_authentication_records(request, user)
    if any(record.get("passwordless") for record in records):
        return SignIn.Method.PASSKEY
    kinds = {record.get("type") for record in records if record["method"] == "mfa"}
    if "recovery_codes" in kinds:
        return SignIn.Method.RECOVERY_CODE
    if "webauthn" in kinds:
        return SignIn.Method.SECURITY_KEY
    if "totp" in kinds:
        return SignIn.Method.APP
    if any(record["method"] == "password" for record in records):
        return SignIn.Method.PASSWORD
    return SignIn.Method.MAILED_CODE


# What browsers and systems call themselves; the first that fits names the device, for Edge also
# says Chrome, Chrome also says Safari, and Android also says Linux.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("YaBrowser", "Yandex"),
    ("UCBrowser", "UC Browser"),
    ("MicroMessenger", "WeChat"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chrome OS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> Any:
    """A name by which the person recognizes the device, such as “Firefox on Windows”."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("unknown device")
