"""Forms of signing up and signing in (settings.ACCOUNT_FORMS)."""

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    ConfirmEmailVerificationCodeForm,
    LoginForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
    SignupForm,
)
from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.second_factor.codes import CodeField
from common.mail.addresses import canonical

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
    """The rules for a new password in one sentence instead of a list of five."""

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
