"""Fields of the sign-up form besides the address: settings.ACCOUNT_SIGNUP_FORM_CLASS."""

from django import forms
from django.http import HttpRequest

from accounts.user.models import User
from common.dates.zones import is_zone


class SignUpForm(forms.Form):
    """Sign-up asks for nothing but the address; a script adds the time zone."""

    time_zone = forms.CharField(
        required=False, widget=forms.HiddenInput({"data-browser-zone": ""})
    )

    def clean_time_zone(self) -> str:
        """A zone of the IANA database, or none: an unusual browser must not prevent a sign-up."""
        sent = self.cleaned_data["time_zone"]
        return sent if is_zone(sent) else ""

    def signup(self, request: HttpRequest, user: User) -> None:
        user.time_zone = self.cleaned_data["time_zone"]
        user.save(update_fields=["time_zone"])
