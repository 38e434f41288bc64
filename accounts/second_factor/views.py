"""The second step of signing in, and recovery for people who have lost it."""

from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.conf import settings
from django.db import IntegrityError, transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.role.roles import Role
from accounts.second_factor.forms import LostFactorForm
from accounts.second_factor.models import FactorReset
from accounts.second_factor.session import METHOD
from accounts.second_factor.workflow import OPEN_RESETS
from accounts.user.models import User
from common.limits.throttle import throttled
from common.mail import outbox
from common.moves.workflow import MoveRefused

second_step = login_stage_required(
    stage=AuthenticateStage.key, redirect_urlname="account_login"
)


class SecondStep(AuthenticateView):
    """Offers what the account has: a field for codes, a button for a key."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        user = self.stage.login.user
        kinds = set(
            Authenticator.objects.filter(user=user).values_list("type", flat=True)
        )
        context["has_key"] = Authenticator.Type.WEBAUTHN in kinds
        context["takes_codes"] = bool(kinds - {Authenticator.Type.WEBAUTHN.value})
        return context


@second_step
@throttled("factor-lost", 10, 24 * 3600, methods="POST")
@require_http_methods(["GET", "HEAD", "POST"])
def lost(request: HttpRequest) -> HttpResponse:
    """Ask for recovery; the person has entered the right password and nothing more."""
    user = request._login_stage.login.user  # type: ignore[attr-defined]  # allauth's decorator
    reset = FactorReset.objects.open().filter(user=user).first()
    form = LostFactorForm(request.POST if request.method == "POST" else None)
    if reset is None and form.is_valid():
        _ask(user, form.cleaned_data["explanation"])
        return redirect("factor-lost")
    context = {"reset": reset, "form": form, "hours": settings.FACTOR_RESET_HOURS}
    status = 400 if reset is None and form.errors else 200
    return render(request, "accounts/second_factor/lost.html", context, status=status)


def _ask(user: User, explanation: str) -> None:
    """Create the request; each person has at most one open, and a second click finds it."""
    try:
        with transaction.atomic():
            reset = FactorReset.objects.create(user=user, explanation=explanation)
            reset.tell()
            officers = User.objects.filter(
                is_active=True, groups__name=Role.SECRETARIAT.value
            )
            for officer in officers.exclude(pk=user.pk).distinct():
                outbox.send("account/factor_reset_desk", officer, {"reset": reset})
    except IntegrityError:
        return


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The link “this was not me”: GET asks, for mail scanners open links, and POST stops the
    request.

    The signature of the link is the permission; it works without signing in.
    """
    reset = FactorReset.objects.with_token(token)
    if reset is None:
        raise Http404
    stopped = False
    if request.method == "POST":
        try:
            reset = reset.move("stop", reset.user)
            stopped = True
        except MoveRefused:
            reset.refresh_from_db()
    context = {
        "reset": reset,
        "stopped": stopped,
        "is_open": reset.status in OPEN_RESETS,
    }
    return render(request, "accounts/second_factor/stop.html", context)


class ConfirmingTOTPView(ActivateTOTPView):
    """Setting up a second factor also verifies the session: the person has just used it, and a
    code cannot be used twice."""

    def form_valid(self, form: Form) -> HttpResponse:
        response = super().form_valid(form)
        record_authentication(
            self.request, self.request.user, METHOD, type=Authenticator.Type.TOTP.value
        )
        return response


class ConfirmingWebAuthnView(AddWebAuthnView):
    """The same for a passkey or a security key."""

    def form_valid(self, form: Form) -> HttpResponse:
        response = super().form_valid(form)
        record_authentication(
            self.request,
            self.request.user,
            METHOD,
            type=Authenticator.Type.WEBAUTHN.value,
        )
        return response
