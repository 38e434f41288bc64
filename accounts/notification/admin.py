"""Mail preferences in the admin."""

from django.contrib import admin

from accounts.notification.models import MailChoice
from accounts.user.admin import PrivacyAdmin


@admin.register(MailChoice)
class MailChoiceAdmin(PrivacyAdmin):
    """People choose for themselves; the admin only shows it."""
