"""Choices of mails in the admin."""

from django.contrib import admin

from accounts.notification.models import MailChoice
from accounts.user.admin import PrivacyAdmin


@admin.register(MailChoice)
class MailChoiceAdmin(PrivacyAdmin):
    """Chosen by people themselves."""
