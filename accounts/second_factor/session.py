"""Second factor of staff: without it a session has none of the staff roles.

`person_of` is the one place that decides, for pages, admin, moves and API alike: `user.roles`,
`user.is_secretariat` and `user.has_perm` all answer for this session.
"""

from enum import StrEnum
from functools import partial
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.user.models import User
from common.moves.actors import AnyUser

METHOD = (
    "mfa"  # allauth's name of a sign-in by authenticator app, passkey or recovery code
)


class SecondFactor(StrEnum):
    """How far the verification of a session has come."""

    NONE = "none"  # the account has no second factor
    ENROLLED = "enrolled"  # it has one, which was not asked for in this session
    CONFIRMED = "confirmed"


def second_factor(request: HttpRequest, user: AnyUser) -> SecondFactor:
    if not is_mfa_enabled(user):
        return SecondFactor.NONE
    records = get_authentication_records(request, user)
    confirmed = any(record.get("method") == METHOD for record in records)
    return SecondFactor.CONFIRMED if confirmed else SecondFactor.ENROLLED


def is_confirmed(request: HttpRequest, user: AnyUser) -> bool:
    if not settings.REQUIRE_STAFF_MFA:
        return True
    return second_factor(request, user) == SecondFactor.CONFIRMED


def person_of(request: HttpRequest) -> Any:
    """The person who is signed in, with the roles that hold in this session."""
    user = get_user(request)
    if user.is_authenticated:
        user.staff_confirmed = partial(is_confirmed, request, user)
    return user


def could_use(user: User, permission: str) -> bool:
    """Whether somebody who is not here has this permission, should they sign in now: the account
    is open, a role allows it, and there is the second factor without which no staff role holds."""
    has_factor = not settings.REQUIRE_STAFF_MFA or is_mfa_enabled(user)
    return has_factor and user.has_perm(permission)


def ask_for_second_factor(request: HttpRequest) -> HttpResponseRedirect:
    """Redirect staff to the page where they set up or confirm the second factor; it leads back."""
    user: Any = request.user
    if second_factor(request, user) == SecondFactor.NONE:
        messages.warning(
            request,
            _(
                "Set up an authenticator app or a passkey first: staff must use two-step "
                "verification."
            ),
        )
        return redirect("mfa_index")
    messages.warning(request, _("Confirm that it is you: this page is for staff."))
    by_code = is_mfa_enabled(user, [Authenticator.Type.TOTP])
    door = "mfa_reauthenticate" if by_code else "mfa_reauthenticate_webauthn"
    back = (
        request.get_full_path()
        if request.method in ("GET", "HEAD")
        else reverse("my-pages")
    )
    return redirect(f"{reverse(door)}?{urlencode({'next': back})}")
