"""Forms of the second step; their fields accept codes from every keyboard (settings.MFA_FORMS)."""

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.second_factor.codes import CodeField

APP_OR_RECOVERY = _(
    "The code that your authenticator app shows, or one of your recovery codes: both go in this"
    " box. Digits of every script are accepted."
)


class SecondStepForm(AuthenticateForm):
    code = CodeField(help_text=APP_OR_RECOVERY)


class SecondStepAgainForm(ReauthenticateForm):
    code = CodeField(help_text=APP_OR_RECOVERY)


class AuthenticatorForm(ActivateTOTPForm):
    code = CodeField(
        label=_("Authenticator code"),
        help_text=_(
            "The code that the app shows now. Digits of every script are accepted."
        ),
    )


class LostFactorForm(forms.Form):
    explanation = forms.CharField(
        label=_("What happened, and how the secretariat can reach you"),
        help_text=_(
            "For example: “My phone was stolen”, and a telephone number at your office."
        ),
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
    )
