"""Forms of allauth with boxes that take a code from every keyboard (settings.MFA_FORMS)."""

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    ConfirmEmailVerificationCodeForm,
    LoginForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
    SignupForm,
)
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.codes import CodeField
from common.addresses import canonical

APP_OR_RECOVERY = _(
    "The code that your authenticator app shows, or one of your recovery codes: both go in this"
    " box. Digits of every script are accepted."
)


RULES: Any = settings.AUTH_PASSWORD_VALIDATORS
SHORTEST = next(
    rule["OPTIONS"]["min_length"]
    for rule in RULES
    if "min_length" in rule.get("OPTIONS", {})
)
PASSWORD_RULES = format_lazy(
    _(
        "At least {count} characters: four words in a row are easy to remember. Not a password that"
        " many people use, not digits alone, and nothing like your e-mail address."
    ),
    count=SHORTEST,
)


class PlainRules(forms.Form):
    """The rules of a new password in one sentence instead of a list of five."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "password1" in self.fields:  # who signs up with a passkey chooses none
            self.fields["password1"].help_text = PASSWORD_RULES


class SignInForm(LoginForm):
    def clean_login(self) -> str:
        return canonical(super().clean_login())


class SignUpForm(PlainRules, SignupForm):
    pass


class NewPasswordForm(PlainRules, ChangePasswordForm):
    pass


class FirstPasswordForm(PlainRules, SetPasswordForm):
    pass


class ResetPasswordForm(PlainRules, ResetPasswordKeyForm):
    pass


class MailedCodeForm(ConfirmEmailVerificationCodeForm):
    code = CodeField(help_text=_("The digits in the e-mail that we have sent you."))


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
