"""Setting up a second factor confirms the session in which it was done: the person has just used
it, and a code cannot be used twice."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.http import HttpResponse

from accounts.second_factor import METHOD


class ConfirmingTOTPView(ActivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        record_authentication(
            self.request, self.request.user, METHOD, type=Authenticator.Type.TOTP.value
        )
        return response


class ConfirmingWebAuthnView(AddWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        record_authentication(
            self.request, self.request.user, METHOD, type=Authenticator.Type.WEBAUTHN.value
        )
        return response
