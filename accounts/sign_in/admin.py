"""Sign-ins in the admin."""

from django.contrib import admin

from accounts.sign_in.models import SignIn
from accounts.user.admin import PrivacyAdmin


@admin.register(SignIn)
class SignInAdmin(PrivacyAdmin):
    """A row is written at each sign-in."""
